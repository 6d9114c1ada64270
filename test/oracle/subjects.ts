import fc from 'fast-check';
import type { Plan } from '../../queries/plan.js';
import { EPISODE_GAP_MS } from '../../server/model/episode.js';
import type { Contact } from '../../server/model/observation.js';
import { after, type Pause, rests, steps, turns } from './pauses.js';
import { plans } from './plans.js';
import type { Observations } from './populations.js';

/** A plan, and what one subject did. */
export interface Case {
  plan: Plan;
  kind: 'process' | 'address';
  seen: Observations;
}

/** Ten addresses in a row of each kind: their order as text is another than as numbers. */
const NETWORKS = [
  { scope: 'own', at: (i: number) => `10.0.0.${6 + i}` },
  { scope: 'own', at: (i: number) => `fd00::${(6 + i).toString(16)}` },
  { scope: 'own', at: (i: number) => (i % 2 === 0 ? `192.168.0.${9 + i}` : `fe80::${9 + i}`) },
  { scope: 'foreign', at: (i: number) => `203.0.113.${96 + i}` },
  { scope: 'foreign', at: (i: number) => `2001:db8::${(6 + i).toString(16)}` },
  { scope: 'self', at: (i: number) => `127.0.0.${1 + i}` },
] as const;
const PORTS = [22, 23, 24, 443, 445, 446, 447, 8_080, 9_000, 10_000];
const SERVICES = ['ssh', 'smb', 'ipp', 'http', 'hap', 'raop', 'rfb', 'sftp-ssh'].map((name) => `_${name}._tcp.local`);
const META_QUERIES = ['_services._dns-sd._udp.local', '_services._dns-sd._udp'];
const NO_SERVICES = ['printer.local', '', '_tcp.local'];

/** One thing a subject does: observations `step` apart, the odd one a `rest` after the last, perhaps in several rounds. */
interface Move {
  does: 'sweep' | 'ladder' | 'block' | 'poll' | 'ask' | 'arp' | 'launch';
  times: number;
  step: Pause;
  rest: Pause;
  /** From one round to the next. */
  turns: Pause[];
  /** Counts down instead of up. */
  isDown: boolean;
  /** Which of the ten to begin with. */
  first: number;
  network: number;
  port: number;
  transport: Contact['transport'];
  outcome: Contact['outcome'];
  context: Contact['context'];
  /** The odd one out, by its place: another outcome, a repetition, an answer, the meta query. */
  odd: number;
}

const moves: fc.Arbitrary<Move> = fc.record({
  does: fc.oneof(
    { weight: 3, arbitrary: fc.constant('sweep' as const) },
    { weight: 3, arbitrary: fc.constant('ladder' as const) },
    { weight: 2, arbitrary: fc.constant('block' as const) },
    { weight: 2, arbitrary: fc.constant('poll' as const) },
    { weight: 2, arbitrary: fc.constant('ask' as const) },
    { weight: 2, arbitrary: fc.constant('arp' as const) },
    { weight: 1, arbitrary: fc.constant('launch' as const) },
  ),
  times: fc.integer({ min: 1, max: 9 }),
  step: steps,
  rest: rests,
  turns: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Pause[]>([]) },
    { weight: 1, arbitrary: fc.array(turns, { maxLength: 4 }) },
  ),
  isDown: fc.boolean(),
  first: fc.nat({ max: 9 }),
  network: fc.nat({ max: NETWORKS.length - 1 }),
  port: fc.nat({ max: PORTS.length }),
  transport: fc.constantFrom('tcp', 'tcp', 'udp', null),
  outcome: fc.constantFrom('accepted', 'refused', 'unanswered', 'unknown', 'refused', 'unanswered'),
  context: fc.constantFrom(null, 'interactive', 'daemon', 'interactive', 'daemon'),
  odd: fc.nat({ max: 12 }),
});

/**
 * Cases at the edges of the rules: few values, so that they come again and together, and pauses that are a window, a
 * polling gap, a lookback or an episode gap long, or a millisecond more or less, over midnights and days. Of each
 * case the order of observations at one time is any.
 */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    plan: plans,
    kind: fc.constantFrom('process' as const, 'address' as const),
    isShared: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    start: fc.constantFrom(-1, 0, 1, -20_000, 43_200_000, -EPISODE_GAP_MS).map((ms) => Date.UTC(2024, 1, 28) + ms),
    moves: fc.array(moves, { minLength: 1, maxLength: 12, size: 'max' }),
    order: fc.nat(),
  })
  .map(({ plan, kind, isShared, start, moves, order }) => {
    const seen = play(plan, start, moves);
    const sorted = { ...seen, isShared: isShared && kind === 'address' };
    sorted.contacts = inTimeOrder(seen.contacts, order);
    sorted.queries = inTimeOrder(seen.queries, order);
    sorted.arps = inTimeOrder(seen.arps, order);
    sorted.launches = inTimeOrder(seen.launches, order);
    return withText({ plan, kind, seen: sorted });
  });

/** Printed without what no case differs in: the names and texts of its plan. */
const withText = (one: Case): Case =>
  Object.assign(one, {
    [fc.toStringMethod]: () => {
      const { analytic, measures, polling, tunables } = one.plan;
      const windows = measures.map(({ name, scope, outcome, windows }) => [
        `${name} ${scope} ${outcome}`,
        windows.map(({ seconds, threshold }) => `${threshold} in ${seconds} s`).join(', '),
      ]);
      const plan = { analytic, polling, UserContext: tunables.UserContext, windows: Object.fromEntries(windows) };
      return fc.stringify({ plan, kind: one.kind, seen: one.seen });
    },
  });

/** By time, ties in an order that `order` chooses. */
function inTimeOrder<T extends { time: number }>(items: T[], order: number): T[] {
  const key = (i: number) => ((i + 1) * (order % 10_007)) % 10_007;
  return items
    .map((item, i) => ({ item, key: key(i) }))
    .sort((a, b) => a.item.time - b.item.time || a.key - b.key)
    .map(({ item }) => item);
}

function play(plan: Plan, start: number, moves: Move[]): Observations {
  const seen: Observations = { contacts: [], queries: [], arps: [], launches: [], isShared: false };
  let now = start;
  for (const move of moves) {
    const begun = now;
    for (let round = 0; round <= move.turns.length; round++) {
      if (round > 0) now = after(plan, move.turns[round - 1]!, now, begun);
      for (let i = 0; i < move.times; i++) {
        if (i > 0) now = after(plan, i === move.odd ? move.rest : move.step, now, begun);
        observe(seen, move, i, now);
      }
    }
    now = after(plan, move.rest, now, begun);
  }
  return seen;
}

function observe(seen: Observations, move: Move, i: number, time: number): void {
  const isOdd = i === move.odd;
  const place = (move.first + (move.isDown ? 10 - i : i) - (isOdd ? 1 : 0) + 10) % 10;
  const evidence = `${move.does} ${time} ${i}`;
  if (move.does === 'launch') seen.launches.push({ time });
  else if (move.does === 'arp') seen.arps.push({ time, evidence, target: NETWORKS[0].at(place), answered: isOdd });
  else if (move.does === 'ask') seen.queries.push({ time, evidence, ...question(move, place, isOdd) });
  else seen.contacts.push({ ...contact(move, place, isOdd), time, evidence });
}

function question(move: Move, place: number, isOdd: boolean): { name: string; hash: string | null } {
  if (move.network === 0) return { name: '', hash: `mask.hash: '${place}'` };
  if (isOdd) return { name: META_QUERIES[move.port % 2]!, hash: null };
  return { name: [...SERVICES, ...NO_SERVICES][place]!, hash: null };
}

function contact(move: Move, place: number, isOdd: boolean): Omit<Contact, 'time' | 'evidence'> {
  const { does, port, first } = move;
  const network = NETWORKS[move.network]!;
  return {
    destination: network.at(does === 'sweep' ? place : does === 'block' ? place % 3 : first % 3),
    port: (does === 'ladder' || does === 'block' ? PORTS[place] : PORTS[port]) ?? null,
    transport: move.transport,
    outcome: isOdd ? 'refused' : move.outcome,
    scope: isOdd && port === 0 ? 'self' : network.scope, // a host's addresses change
    context: isOdd ? null : move.context,
  };
}
