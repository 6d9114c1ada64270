import fc from 'fast-check';
import type { Analytic, TunableValue } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import { type Plan, toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { after, longRests, longSteps, type Pause, turns } from './pauses.js';
import type { Flow, Host, TelemetryRecord } from './records.js';

/** The telemetry of a small site, how it is hunted, and in which pieces it may arrive. */
export interface Site {
  settings: Settings;
  records: TelemetryRecord[];
  /** The same records by their places, in another order. */
  pieces: number[][];
}

/** One threshold for all counts and one for all runs, so that a handful of records fires; what else tunables take. */
interface Settings {
  count: number;
  run: number;
  TimeWindow: number;
  PollingRounds: number;
  PollingGap: number;
  PollingLookback: number;
  SharedAddresses: string[];
}

export interface SiteHunt {
  analytic: Analytic;
  tunables: Record<string, TunableValue>;
  plan: Plan;
}

/** The four hunts by a site's settings. */
export function huntsBy({ count, run, ...others }: Settings): SiteHunt[] {
  return analytics.map((analytic) => {
    const settings: Record<string, unknown> = { ...others };
    for (const { threshold, name } of analytic.measures) settings[threshold] = name.endsWith('_run') ? run : count;
    const tunables = tunablesOf(analytic, settings);
    return { analytic, tunables, plan: toPlan(analytic, tunables) };
  });
}

const HOSTS: readonly Host[] = [
  { id: 'w1', platform: 'windows' },
  { id: 'l1', platform: 'linux' },
  { id: 'm1', platform: 'macos' },
  { id: 'n1', platform: null },
];
/** Hosts take them in turn, so that who holds one is at times unknown or ambiguous. */
const ADDRESSES = ['10.9.0.1', '10.9.0.2', '10.9.0.3', '2001:db8:9::1'];
const CONTAINERS = [null, null, null, 'c1', 'c2'];
/** No flow comes from it: who holds a container's address is another question. */
const CONTAINER_ADDRESS = '10.244.0.5';
const PROGRAMS = ['/usr/bin/a', 'C:\\Tools\\B.exe'];
const TARGETS = [
  (i: number) => `10.0.0.${7 + i}`,
  (i: number) => `fd00::${(7 + i).toString(16)}`,
  (i: number) => `203.0.113.${97 + i}`,
  (i: number) => `2001:db8:9::${(7 + i).toString(16)}`, // own where the source is in its /64
  () => '127.0.0.1',
];
const PORTS = [22, 23, 80, 443, 445, 3_389, 5_985, 8_080];
const OUTCOMES = ['accepted', 'refused', 'unanswered', 'refused', 'unanswered'] as const;
const QUESTIONS = [
  ...['_services._dns-sd._udp.local', '_ssh._tcp.local', '_SMB._tcp.local', '_ipp._tcp.local', '_http._tcp.local.'],
  ...['_hap._tcp.local', '_raop._tcp.local', 'printer.local'],
];

interface Move {
  does: 'connection' | 'flow' | 'question' | 'arp' | 'sighting';
  over: 'hosts' | 'ports' | 'both';
  times: number;
  step: Pause;
  rest: Pause;
  turns: Pause[];
  host: number;
  address: number;
  container: string | null;
  program: string;
  target: number;
  first: number;
  port: number;
  outcome: Flow['outcome'];
  odd: number;
}

const moves: fc.Arbitrary<Move> = fc.record({
  does: fc.constantFrom('connection', 'connection', 'flow', 'flow', 'flow', 'question', 'arp', 'sighting', 'sighting'),
  over: fc.constantFrom('hosts', 'ports', 'both'),
  times: fc.integer({ min: 1, max: 8 }),
  step: longSteps,
  rest: longRests,
  turns: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Pause[]>([]) },
    { weight: 1, arbitrary: fc.array(turns, { maxLength: 4 }) },
  ),
  host: fc.nat({ max: HOSTS.length - 1 }),
  address: fc.oneof(
    { weight: 1, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat({ max: ADDRESSES.length - 1 }) },
  ),
  container: fc.constantFrom(...CONTAINERS),
  program: fc.constantFrom(...PROGRAMS),
  target: fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.nat({ max: TARGETS.length - 1 }) },
  ),
  first: fc.nat({ max: 7 }),
  port: fc.nat({ max: PORTS.length }),
  outcome: fc.constantFrom(...OUTCOMES),
  odd: fc.nat({ max: 10 }),
});

const settings: fc.Arbitrary<Settings> = fc.record({
  count: fc.integer({ min: 2, max: 4 }),
  run: fc.integer({ min: 3, max: 4 }),
  TimeWindow: fc.constantFrom(1, 10, 60, 3_600),
  PollingRounds: fc.constantFrom(0, 2, 3),
  PollingGap: fc.constantFrom(1, 20),
  PollingLookback: fc.constantFrom(5, 60, 3_600),
  SharedAddresses: fc.constantFrom([], [], [], [ADDRESSES[2]!]),
});

/** Sites whose hosts change their addresses, seen by agents and a sensor, over some days. */
export const sites: fc.Arbitrary<Site> = fc
  .record({
    settings,
    moves: fc.array(moves, { minLength: 1, maxLength: 12, size: 'max' }),
    start: fc.constantFrom(-1, 0, 43_200_000).map((ms) => Date.UTC(2025, 1, 27) + ms),
    order: fc.nat(),
    pieces: fc.integer({ min: 2, max: 4 }),
  })
  .map(({ settings, moves, start, order, pieces }) => {
    const records = play(huntsBy(settings)[0]!.plan, start, moves);
    return { settings, records, pieces: inPieces(records.length, order, pieces) };
  });

/** Places from 0, each in a piece, and each piece in an order, that `order` chooses. */
function inPieces(count: number, order: number, pieces: number): number[][] {
  const shuffled = Array.from({ length: count }, (_, place) => ({
    place,
    key: ((place + 1) * (order % 10_007)) % 10_007,
  }))
    .sort((a, b) => a.key - b.key)
    .map(({ place }) => place);
  const length = Math.ceil(count / pieces);
  return Array.from({ length: pieces }, (_, i) => shuffled.slice(i * length, (i + 1) * length));
}

function play(plan: Plan, start: number, moves: Move[]): TelemetryRecord[] {
  const records: TelemetryRecord[] = [];
  let now = start;
  for (const move of moves) {
    const begun = now;
    for (let round = 0; round <= move.turns.length; round++) {
      if (round > 0) now = after(plan, move.turns[round - 1]!, now, begun);
      for (let i = 0; i < move.times; i++) {
        if (i > 0) now = after(plan, i === move.odd ? move.rest : move.step, now, begun);
        records.push(...recordsOf(move, i, now));
      }
    }
    now = after(plan, move.rest, now, begun);
  }
  return records;
}

function recordsOf(move: Move, i: number, time: number): TelemetryRecord[] {
  const place = (move.first + i) % 8;
  const host = HOSTS[move.host]!;
  const source = ADDRESSES[move.address]!;
  switch (move.does) {
    case 'connection':
      return [connection(move, place, time)];
    case 'flow':
      return [flow(move, place, time)];
    case 'question':
      return [{ kind: 'question', time, source, name: QUESTIONS[place]! }];
    case 'arp': {
      const target = TARGETS[0]!(place);
      const asked: TelemetryRecord = {
        kind: 'arp',
        time,
        source: ADDRESSES[move.address % 3]!,
        target,
        isReply: false,
      };
      const delay = 1_000 + (move.port % 3) - 1; // a second, or a millisecond less or more
      const reply: TelemetryRecord = {
        ...asked,
        time: time + delay,
        source: target,
        target: asked.source,
        isReply: true,
      };
      return i === move.odd ? [asked, reply] : [asked];
    }
    case 'sighting':
      return i > 1
        ? []
        : [{ kind: 'sighting', time, host, addresses: ADDRESSES.slice(move.address, move.address + 2) }];
  }
}

function flow(move: Move, place: number, time: number): TelemetryRecord {
  const target = targetOf(move, place);
  const outcome = target.port === null && move.outcome === 'refused' ? 'unanswered' : move.outcome; // nobody refuses an echo
  return { kind: 'flow', time, source: ADDRESSES[move.address]!, ...target, outcome };
}

function targetOf({ over, target, first, port }: Move, place: number): { destination: string; port: number | null } {
  return {
    destination: TARGETS[target]!(over === 'ports' ? first % 3 : place),
    port: (over === 'hosts' ? PORTS[port] : PORTS[place]) ?? null,
  };
}

function connection(move: Move, place: number, time: number): TelemetryRecord {
  const { destination, port } = targetOf(move, place);
  return {
    kind: 'connection',
    time,
    host: HOSTS[move.host]!,
    source: move.container === null ? ADDRESSES[move.address]! : CONTAINER_ADDRESS,
    container: move.container,
    program: move.program,
    destination,
    port: port ?? 7,
    transport: place % 4 === 3 && move.over === 'both' ? 'udp' : 'tcp',
    outcome: move.outcome === 'refused' ? 'refused' : 'unknown',
  };
}
