import type { Connection, OfficeEvent } from './events.js';
import type { Machine } from './machines.js';
import type { Office } from './office.js';
import type { Pace } from './pace.js';
import type { Process, Processes } from './processes.js';
import type { Random } from './random.js';

/** What an activity needs to know: where, when, and its own numbers. Times are epoch milliseconds. */
export interface Scene {
  office: Office;
  processes: Processes;
  random: Random;
  pace: Pace;
  from: number;
  until: number;
}

type ConnectionDetails = Partial<Pick<Connection, 'transport' | 'question' | 'waitsMs'>>;

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
  { transport = 'tcp', question, waitsMs }: ConnectionDetails,
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
    ...(waitsMs === undefined ? {} : { waitsMs }),
  };
}

/** Events of one burst in the order of time; those of one instant stay as they are. */
export const inOrder = (events: readonly OfficeEvent[]): OfficeEvent[] => [...events].sort((a, b) => a.at - b.at);

/** Instants of something that happens again and again, `everyMs` apart at the plain rate, give or take half of it. */
export function* again({ random, pace, from, until }: Scene, everyMs: number): Generator<number> {
  const half = Math.max(1, Math.round(everyMs / pace.rate / 2));
  for (let at = from + random.integer(0, 2 * half); at < until; at += random.integer(half, 3 * half)) yield at;
}

/** The same, as long as people are there to do it. */
export function* againByPeople(scene: Scene, everyMs: number): Generator<number> {
  for (const at of again(scene, everyMs)) {
    const presence = scene.pace.presence(at);
    if (presence >= 1 || scene.random.chance(presence)) yield at;
  }
}

/** Rounds of something that runs by the clock: no rate and no working day changes them. */
export function* byTheClock({ random, from, until }: Scene, everyMs: number): Generator<number> {
  for (let round = from + random.integer(0, everyMs); round < until; round += everyMs) yield round;
}

const DAY_MS = 86_400_000;

/** Every day at some minutes after midnight, UTC. */
export function* daily({ from, until }: Scene, minutes: number): Generator<number> {
  const first = Math.floor(from / DAY_MS) * DAY_MS + minutes * 60_000;
  for (let at = first < from ? first + DAY_MS : first; at < until; at += DAY_MS) yield at;
}
