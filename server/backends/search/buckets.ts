import type { Query } from '../../../queries/compile/search.js';
import type { Stamp } from './event-time.js';
import type { TelemetryIndex } from './telemetry-index.js';

type Value = string | number | boolean | null;

/** One combination of the values that records are grouped by, with what is counted in it. */
export interface Bucket {
  key: Readonly<Record<string, Value>>;
  doc_count: number;
  /** Of each aggregation, under its name. */
  [aggregation: string]: unknown;
}

export interface Grouping {
  query: Query;
  /** A field, or times rounded down to so many ms. */
  by: readonly (string | TimeGroup)[];
  aggs?: Record<string, unknown>;
  /** Buckets of one answer at most. */
  page: number;
}

interface TimeGroup {
  /** A field of times. */
  stamp: string;
  everyMs: number;
}

/** Every combination of values in what matches, absent ones too: pages of one aggregation until it has no more. */
export async function* bucketsOf(index: TelemetryIndex, { query, by, aggs, page }: Grouping): AsyncIterable<Bucket[]> {
  const sources = by.map(toSource);
  let size = page;
  for (let after: unknown; ; ) {
    const asked = await index.inPages(size, (most) =>
      index.search<never, { groups: { after_key?: unknown; buckets: Bucket[] } }>({
        query,
        size: 0,
        aggs: {
          groups: { composite: { sources, size: most, ...(after !== undefined && { after }) }, ...(aggs && { aggs }) },
        },
      } as Parameters<typeof index.search>[0]),
    );
    size = asked.size;
    const { buckets = [], after_key } = asked.answer.aggregations?.groups ?? {};
    if (buckets.length > 0) yield buckets;
    // every shard gave as many as this, or all it has; only an aggregation that drops buckets could make it otherwise
    if (buckets.length < asked.size || after_key === undefined) return;
    after = after_key;
  }
}

function toSource(by: string | TimeGroup) {
  if (typeof by === 'string') return { [by]: { terms: { field: by, missing_bucket: true } } };
  const { stamp, everyMs } = by;
  return { [stamp]: { date_histogram: { field: stamp, fixed_interval: `${everyMs}ms`, missing_bucket: true } } };
}

/** Times of events are grouped by all the fields that tell them. */
export const byTime = (stamps: readonly Stamp[], everyMs: number): TimeGroup[] =>
  stamps.map((stamp) => ({ stamp, everyMs }));

/** The time that a bucket begins with, by the field that tells its events' time. */
export const timeOfBucket = ({ key }: Bucket): number => Number(key['event.start'] ?? key['@timestamp']);

/** A bucket's value of a field, as text; an empty one counts as absent, as in documents. */
export function textIn({ key }: Bucket, field: string): string | undefined {
  const value = key[field];
  return value === null || value === undefined || value === '' ? undefined : String(value);
}
