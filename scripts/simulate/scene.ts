import type { Connection, OfficeEvent } from './events.js';
import type { Machine, Office } from './office.js';
import type { Process, Processes } from './processes.js';
import type { Random } from './random.js';

/** What an activity needs to know: where, when, and its own numbers. Times are epoch milliseconds. */
export interface Scene {
  office: Office;
  processes: Processes;
  random: Random;
  from: number;
  until: number;
}

type ConnectionDetails = Partial<Pick<Connection, 'transport' | 'question'>>;

/** An attempt by a process; how it ends follows from the office. */
export const connect = (
  scene: Scene,
  process: Process,
  at: number,
  destination: string,
  port: number,
  details: ConnectionDetails = {},
): Connection => connectFrom(scene, process.machine, process, at, destination, port, details);

/** An attempt by a machine without an agent. */
export const connectUnseen = (
  scene: Scene,
  machine: Machine,
  at: number,
  destination: string,
  port: number,
  details: ConnectionDetails = {},
): Connection => connectFrom(scene, machine, null, at, destination, port, details);

function connectFrom(
  { office, random }: Scene,
  source: Machine,
  process: Process | null,
  at: number,
  destination: string,
  port: number,
  { transport = 'tcp', question }: ConnectionDetails,
): Connection {
  const outcome = office.reach(source, destination, port, transport);
  const isAnswered = outcome === 'answered';
  return {
    kind: 'connection',
    at,
    source,
    sourceAddress: destination.includes(':') ? (source.address6 ?? source.address) : source.address,
    sourcePort: random.integer(49_152, 65_535),
    process,
    destination,
    port,
    transport,
    outcome,
    durationMs: isAnswered ? random.integer(2, question ? 30 : 4_000) : random.integer(0, 3),
    bytesOut: isAnswered ? random.integer(40, question ? 60 : 4_000) : 0,
    bytesIn: isAnswered ? random.integer(80, question ? 300 : 60_000) : 0,
    ...(question ? { question } : {}),
  };
}

/** Events of one burst in the order of time; those of one instant stay as they are. */
export const inOrder = (events: readonly OfficeEvent[]): OfficeEvent[] => [...events].sort((a, b) => a.at - b.at);

/** Instants of something that happens again and again, `everyMs` apart, give or take half of it. */
export function* again({ random, from, until }: Scene, everyMs: number): Generator<number> {
  for (let at = from + random.integer(0, everyMs); at < until; at += random.integer(everyMs / 2, everyMs * 1.5))
    yield at;
}

/** Takes the events of several activities of one person or machine as one, in the order of time. */
export function* mergeByTime(activities: readonly Iterable<OfficeEvent>[]): Generator<OfficeEvent> {
  const heads: { next: OfficeEvent; rest: Iterator<OfficeEvent> }[] = [];
  for (const activity of activities) {
    const rest = activity[Symbol.iterator]();
    const first = rest.next();
    if (!first.done) heads.push({ next: first.value, rest });
  }
  while (heads.length > 0) {
    let earliest = 0;
    for (let other = 1; other < heads.length; other++)
      if (heads[other]!.next.at < heads[earliest]!.next.at) earliest = other;
    const head = heads[earliest]!;
    yield head.next;
    const following = head.rest.next();
    if (following.done) heads.splice(earliest, 1);
    else if (following.value.at < head.next.at)
      throw new RangeError(`An activity goes back in time: ${following.value.kind}`);
    else head.next = following.value;
  }
}
