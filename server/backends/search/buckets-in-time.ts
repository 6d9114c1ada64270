import { every, isNothing, type Query } from '../../../queries/compile/query.js';
import type { Span } from '../../model/ports.js';
import { type AfterKey, type Bucket, pageOf, valueIn } from './buckets.js';
import { type Stamp, timeRange, withinBy } from './event-time.js';
import type { TelemetryIndex } from './telemetry-index.js';

export interface TimeGrouping {
  query: Query;
  spans: readonly Span[];
  /** Times are rounded down to so many ms. */
  everyMs: number;
  /** Fields. */
  by: readonly string[];
  /** What is counted of records whose time this field tells. */
  aggs?: (stamp: Stamp) => Record<string, unknown>;
  /** Buckets of one answer at most. */
  page: number;
}

/** A stretch of time whose buckets nearly fill a page: one that overflows costs another request. */
const FILL = 0.9;
/** A stretch grows from one request to the next so many times at most: what comes may be denser. */
const MOST_GROWTH = 4;

/**
 * Every combination of time and values in what matches, the times that one field tells after those of another; of each
 * field in order. An engine reads all that matches for each page, so pages after the first ask for a stretch of time
 * alone, as long as one page may hold: what is read grows with the records, not with their square.
 */
export async function* bucketsInTime(index: TelemetryIndex, grouping: TimeGrouping): AsyncIterable<Bucket[]> {
  for (const stamp of await index.stamps()) yield* bucketsBy(index, stamp, grouping);
}

async function* bucketsBy(
  index: TelemetryIndex,
  stamp: Stamp,
  { query, spans, everyMs, by, aggs, page }: TimeGrouping,
): AsyncIterable<Bucket[]> {
  const wanted = every(query, withinBy(stamp, spans));
  if (isNothing(wanted)) return;
  const grouping = { by: [{ stamp, everyMs }, ...by], ...(aggs && { aggs: aggs(stamp) }) };
  const last = Math.max(...spans.map(({ to }) => to));
  let size = page;
  let after: AfterKey | undefined;
  let part: Span | undefined; // the first request asks for all
  for (;;) {
    const asked = every(wanted, ...(part ? [timeRange(stamp, part)] : []));
    const { buckets, next, ...answer } = await pageOf(index, { ...grouping, query: asked, page: size }, after);
    if (buckets.length > 0) yield buckets;
    size = answer.size;
    after = next;
    const first = part?.from ?? timeAt(buckets[0], stamp);
    const reached = next ? timeAt(buckets.at(-1), stamp) : (part?.to ?? last) + 1;
    if (reached > last) return;
    const growth = Math.min(MOST_GROWTH, (FILL * size) / Math.max(buckets.length, 1));
    const length = Math.max(everyMs, Math.floor(((reached - first) * growth) / everyMs) * everyMs);
    part = { from: reached, to: Math.min(Math.floor(reached / everyMs) * everyMs + length - 1, last) };
  }
}

const timeAt = (bucket: Bucket | undefined, stamp: Stamp): number => Number(bucket && valueIn(bucket, stamp));

/** The time that a bucket begins with, by the field that tells its records' time. */
export const timeOfBucket = (bucket: Bucket): number =>
  Number(valueIn(bucket, 'event.start') ?? valueIn(bucket, '@timestamp'));

/** The first and the last time in a bucket. */
export const timesOf = (stamp: Stamp): Record<string, unknown> => ({
  first: { min: { field: stamp } },
  last: { max: { field: stamp } },
});

/** Those times, of a bucket in which they were asked for. */
export function timesIn(bucket: Bucket): Span {
  const at = (name: 'first' | 'last') =>
    Math.floor((bucket[name] as { value: number | null }).value ?? timeOfBucket(bucket));
  return { from: at('first'), to: at('last') };
}
