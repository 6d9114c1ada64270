import { rowFields } from '../../../mappings/rows.js';
import { isNothing, type Query } from '../../../queries/compile/query.js';
import type { TelemetryIndex } from './telemetry-index.js';

type Value = string | number | boolean | null;

/** One combination of the values that records are grouped by, with what is counted in it. */
export interface Bucket {
  /** By short names, as thousands of buckets name each field again: read by `valueIn` and `textIn`. */
  key: Readonly<Record<string, Value>>;
  doc_count: number;
  /** Of each aggregation, under its name. */
  [aggregation: string]: unknown;
}

export interface Grouping {
  query: Query;
  /** A field, or times rounded down to so many ms: all that matches has one. */
  by: readonly (string | TimeGroup)[];
  aggs?: Record<string, unknown>;
  /** Buckets of one answer at most. */
  page: number;
}

interface TimeGroup {
  /** A field of times. */
  stamp: string;
  everyMs: number;
  /** A time that a stretch begins with, ms; absent: 1970. */
  from?: number;
}

/** The last combination of a page: those of the next page come after it. */
export type AfterKey = Readonly<Record<string, Value>>;

export interface BucketPage {
  buckets: Bucket[];
  /** How many an answer could hold. */
  size: number;
  /** Where the next page begins; undefined where there is none. */
  next: AfterKey | undefined;
  /** What matches, whatever page it is on: less than all buckets together where records are in several. */
  records: number;
}

/** Every combination of values in what matches, absent ones too: pages of one aggregation until it has no more. */
export async function* bucketsOf(index: TelemetryIndex, grouping: Grouping): AsyncIterable<Bucket[]> {
  for (let size = grouping.page, after: AfterKey | undefined; ; ) {
    const page = await pageOf(index, { ...grouping, page: size }, after);
    if (page.buckets.length > 0) yield page.buckets;
    if (page.next === undefined) return;
    ({ size, next: after } = page);
  }
}

/** One page: fewer combinations than asked for where those were too many for the engine. */
export async function pageOf(
  index: TelemetryIndex,
  { query, by, aggs, page }: Grouping,
  after: AfterKey | undefined,
): Promise<BucketPage> {
  if (isNothing(query)) return { buckets: [], size: page, next: undefined, records: 0 };
  const sources = (await mapped(index, by)).map(toSource);
  const { answer, size } = await index.inPages(page, (most) =>
    index.search<never, { groups: { after_key?: AfterKey; buckets: Bucket[] } }>({
      query,
      size: 0,
      track_total_hits: true, // all that matches is read anyway
      aggs: {
        groups: { composite: { sources, size: most, ...(after !== undefined && { after }) }, ...(aggs && { aggs }) },
      },
    } as Parameters<typeof index.search>[0]),
  );
  const { buckets = [], after_key } = answer.aggregations?.groups ?? {};
  // every shard gave as many as this, or all it has; only an aggregation that drops buckets could make it otherwise
  const next = buckets.length < size ? undefined : after_key;
  return { buckets, size, next, records: totalOf(answer.hits) };
}

/** What no index knows is absent everywhere, and makes no combinations. */
async function mapped(index: TelemetryIndex, by: Grouping['by']): Promise<Grouping['by']> {
  const kinds = await index.kinds();
  const known = by.filter((one) => typeof one !== 'string' || !CODES.has(one) || kinds(one).size > 0);
  return known.length > 0 ? known : by;
}

function toSource(by: string | TimeGroup) {
  if (typeof by === 'string') return { [codeOf(by)]: { terms: { field: by, missing_bucket: true } } };
  const { stamp, everyMs, from = 0 } = by;
  const offset = `${from % everyMs}ms`;
  return { [codeOf(stamp)]: { date_histogram: { field: stamp, fixed_interval: `${everyMs}ms`, offset } } };
}

const CODES: ReadonlyMap<string, string> = new Map(rowFields.map((field, place) => [field, place.toString(36)]));

const codeOf = (field: string): string => CODES.get(field) ?? field;

/** A bucket's value of a field that it is grouped by. */
export const valueIn = ({ key }: Bucket, field: string): Value | undefined => key[codeOf(field)];

/** The same as text; an empty one counts as absent, as in documents. */
export function textIn(bucket: Bucket, field: string): string | undefined {
  const value = valueIn(bucket, field);
  return value === null || value === undefined || value === '' ? undefined : String(value);
}

/** How many match, of an answer that was asked to count them all. */
export const totalOf = ({ total }: { total?: number | { value: number } }): number =>
  typeof total === 'number' ? total : (total?.value ?? 0);
