import fc from 'fast-check';
import type { Plan } from '../../queries/plan.js';
import { DAY_MS } from '../../server/model/episode.js';
import { after, longRests, longSteps, type Pause, turns } from './pauses.js';
import type { Arp, Connection, Flow, Host, TelemetryRecord } from './records.js';

/** Some hosts with some addresses, and what they do. Crews have nothing in common but whom they reach. */
export interface Crew {
  moves: Move[];
  start: number;
}

const PLATFORMS = ['windows', 'linux', 'macos', null] as const;
const CONTAINERS = [null, null, null, 'c1', 'c2'];
const PROGRAMS = ['/usr/bin/a', 'C:\\Tools\\B.exe', '/usr/bin/nmap', 'C:\\Tools\\NMAP.exe'];

const hostOf = (crew: number, at: number): Host => ({ id: `host-${crew}-${at}`, platform: PLATFORMS[at]! });

/** Hosts take them in turn, so that who holds one is at times unknown or ambiguous. */
const addressOf = (crew: number, at: number): string =>
  at < 3 ? `10.9.${crew}.${1 + at}` : `2001:db8:9:${1 + crew}::1`;
const ADDRESSES = 4;

/** No flow comes from it: who holds a container's address is another question. */
const containerAddressOf = (crew: number): string => `10.244.${crew}.5`;

/** One address of each crew. */
export const SHARED_ADDRESSES = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((crew) => addressOf(crew, 2));

const TARGETS = [
  (i: number) => `10.0.0.${7 + i}`,
  (i: number) => `fd00::${(7 + i).toString(16)}`,
  (i: number) => `203.0.113.${97 + i}`,
  (i: number, crew: number) => `2001:db8:9:${1 + crew}::${(7 + i).toString(16)}`, // own where the source is in its /64
  () => '127.0.0.1',
];
const PORTS = [22, 23, 80, 443, 445, 3_389, 5_985, 8_080];
const OUTCOMES = ['accepted', 'refused', 'unanswered', 'refused', 'unanswered'] as const;
const QUESTIONS = [
  ...['_services._dns-sd._udp.local', '_ssh._tcp.local', '_SMB._tcp.local', '_ipp._tcp.local', '_http._tcp.local.'],
  ...['_hap._tcp.local', '_raop._tcp.local', 'printer.local'],
];

interface Move {
  does: 'connection' | 'flow' | 'question' | 'arp' | 'launch' | 'sighting';
  over: 'hosts' | 'ports' | 'both';
  times: number;
  step: Pause;
  rest: Pause;
  turns: Pause[];
  /** The first round is too slow to fire: yet it makes polling of the next. */
  isSlowFirst: boolean;
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
  does: fc.constantFrom(
    ...(['connection', 'connection', 'connection', 'flow', 'flow', 'flow', 'flow'] as const),
    ...(['question', 'arp', 'launch', 'sighting', 'sighting', 'sighting'] as const),
  ),
  over: fc.constantFrom('hosts', 'ports', 'both'),
  times: fc.integer({ min: 1, max: 8 }),
  step: longSteps,
  rest: longRests,
  turns: fc.oneof(
    { weight: 2, arbitrary: fc.constant<Pause[]>([]) },
    { weight: 1, arbitrary: fc.array(turns, { maxLength: 4 }) },
  ),
  isSlowFirst: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  host: fc.nat({ max: PLATFORMS.length - 1 }),
  address: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: ADDRESSES - 1 }) }),
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

/** When all begin, more or less. */
const BEGIN = Date.UTC(2025, 1, 27);

export const crews: fc.Arbitrary<Crew> = fc
  .record({
    moves: fc.array(moves, { minLength: 1, maxLength: 12, size: 'max' }),
    start: fc.oneof(fc.constantFrom(-1, 0), fc.nat({ max: DAY_MS })).map((ms) => BEGIN + ms),
    /** All that is done is done by the same. */
    isOneActor: fc.boolean(),
  })
  .map(({ moves, start, isOneActor }) => ({
    moves: isOneActor ? moves.map((move) => ({ ...move, ...actorOf(moves[0]!) })) : moves,
    start,
  }));

const actorOf = ({ host, address, container, program }: Move) => ({ host, address, container, program });

/** What a crew's agents and its sensor write. `number` tells it from other crews. */
export function play(plan: Plan, { moves, start }: Crew, number: number): TelemetryRecord[] {
  const records: TelemetryRecord[] = [];
  let now = start;
  for (const move of moves) {
    const begun = now;
    for (let round = 0; round <= move.turns.length; round++) {
      if (round > 0) now = after(plan, move.turns[round - 1]!, now, begun);
      for (let i = 0; i < move.times; i++) {
        const isSlow = i === move.odd || (round === 0 && move.isSlowFirst);
        if (i > 0) now = after(plan, isSlow ? move.rest : move.step, now, begun);
        records.push(...recordsOf(move, i, now, number));
      }
    }
    now = after(plan, move.rest, now, begun);
  }
  return records;
}

function recordsOf(move: Move, i: number, time: number, crew: number): TelemetryRecord[] {
  const place = (move.first + i) % 8;
  const source = addressOf(crew, move.address);
  const host = hostOf(crew, move.host);
  switch (move.does) {
    case 'connection':
      return [connection(move, place, time, crew)];
    case 'flow':
      return [flow(move, place, time, crew)];
    case 'question':
      return [{ kind: 'question', time, source, name: QUESTIONS[place]! }];
    case 'arp':
      return arps(move, i, time, crew);
    case 'launch':
      return i > 1 ? [] : [{ kind: 'launch', time, host, container: move.container, program: move.program }];
    case 'sighting': {
      const addresses = [source, addressOf(crew, (move.address + 1) % ADDRESSES)];
      return i > 1 ? [] : [{ kind: 'sighting', time, host, addresses }];
    }
  }
}

/** A request, the odd one with its answer after a second, or a millisecond less or more. */
function arps(move: Move, i: number, time: number, crew: number): Arp[] {
  const source = addressOf(crew, move.address % 3);
  const target = TARGETS[0]!((move.first + i) % 8, crew);
  const request: Arp = { kind: 'arp', time, source, target, isReply: false };
  if (i !== move.odd) return [request];
  return [request, { kind: 'arp', time: time + 999 + (move.port % 3), source: target, target: source, isReply: true }];
}

function flow(move: Move, place: number, time: number, crew: number): Flow {
  const target = targetOf(move, place, crew);
  const outcome = target.port === null && move.outcome === 'refused' ? 'unanswered' : move.outcome; // nobody refuses an echo
  return { kind: 'flow', time, source: addressOf(crew, move.address), ...target, outcome };
}

function connection(move: Move, place: number, time: number, crew: number): Connection {
  const { destination, port } = targetOf(move, place, crew);
  return {
    kind: 'connection',
    time,
    host: hostOf(crew, move.host),
    source: move.container === null ? addressOf(crew, move.address) : containerAddressOf(crew),
    container: move.container,
    program: move.program,
    destination,
    port: port ?? 7,
    transport: place % 4 === 3 && move.over === 'both' ? 'udp' : 'tcp',
    outcome: move.outcome === 'refused' ? 'refused' : 'unknown',
  };
}

function targetOf({ over, target, first, port }: Move, place: number, crew: number) {
  return {
    destination: TARGETS[target]!(over === 'ports' ? first % 3 : place, crew),
    port: (over === 'hosts' ? PORTS[port] : PORTS[place]) ?? null,
  };
}
