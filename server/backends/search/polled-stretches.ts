import type { Polling } from '../../../queries/plan.js';
import { lastBefore } from '../../model/last-before.js';

/** A look at what sockets did before windows, in stretches of time. */
export interface Look {
  stretchMs: number;
  pastMs: number;
}

/**
 * Most polling shows in the last few gaps; what does not is sought in all of the look-back, in longer stretches.
 * Two contacts in stretches of PollingGap or more, with one between, are that gap apart.
 */
export function looksAt(polling: Polling, windowMs: number): Look[] {
  const lookbackMs = lookbackOf(polling.lookbackMs, windowMs);
  const short = Math.max(2 * polling.gapMs, Math.floor(windowMs / 20), 1);
  const long = Math.max(polling.gapMs, Math.floor(lookbackMs / 10), 1);
  return [
    { stretchMs: short, pastMs: Math.min((2 * polling.rounds - 1) * short, lookbackMs) },
    { stretchMs: long, pastMs: lookbackMs },
  ];
}

const lookbackOf = (lookbackMs: number, windowMs: number): number => Math.max(lookbackMs, windowMs);

/** The stretches in which a socket was seen, in order, and in which of them surely. */
export interface Socket {
  stretches: number[];
  sure: number[];
}

/** How many sockets count at most in windows that end in a bucket. */
export function countedIn(
  sockets: readonly Socket[],
  polling: Polling,
  windowMs: number,
  { stretchMs }: Look,
): (bucket: number) => number {
  const counts = new Map<number, number>();
  for (const socket of sockets) {
    const buckets = new Set<number>();
    for (const stretch of countedStretches(socket, polling, windowMs, stretchMs)) {
      const first = Math.floor((stretch * stretchMs) / windowMs);
      const last = Math.floor(((stretch + 1) * stretchMs - 1) / windowMs);
      for (let bucket = first; bucket <= last + 1; bucket++) buckets.add(bucket);
    }
    for (const bucket of buckets) counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return (bucket) => counts.get(bucket) ?? 0;
}

/** Stretches in which some contact of the socket may count: no sure rounds before it reach far enough apart. */
export function countedStretches(
  { stretches, sure }: Socket,
  polling: Polling,
  windowMs: number,
  stretchMs: number,
): number[] {
  const { rounds, gapMs, lookbackMs } = polling;
  const apart = Math.ceil(gapMs / stretchMs) + 1;
  const furthest = Math.floor(lookbackOf(lookbackMs, windowMs) / stretchMs) - 1;
  return stretches.filter((stretch) => {
    let round: number | undefined = stretch;
    for (let step = 1; step < rounds && round !== undefined; step++)
      round = lastBefore(sure, round - apart, (one) => one);
    return round === undefined || stretch - round > furthest;
  });
}
