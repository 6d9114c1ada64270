import { every } from '../../../queries/compile/query.js';
import { records } from '../../../queries/records.js';
import { DAY_MS } from '../../model/episode.js';
import type { Span } from '../../model/ports.js';
import { stampedBy, within } from './event-time.js';
import type { TelemetryIndex } from './telemetry-index.js';

/** So many records are grouped by one request at most, unless one bucket holds more. */
const MOST_RECORDS = 2_000_000;
const LEAST_BUCKET_MS = DAY_MS;
/** What a shorter range holds needs no slices. */
const LEAST_RANGE_MS = 7 * DAY_MS;

/** The parts of a range that hold records, in order, each of whole buckets and few enough for one aggregation. */
export async function slicesOf(index: TelemetryIndex, range: Span, bucketMs: number): Promise<Span[]> {
  const everyMs = bucketMs * Math.ceil(LEAST_BUCKET_MS / bucketMs);
  const stamps = await index.stamps();
  if (stamps.length === 0) return [];
  if (range.to - range.from < LEAST_RANGE_MS) return [range];
  const { aggregations = {} } = await index.search<never, Record<string, { times: { buckets: TimeBucket[] } }>>({
    query: every(await index.query(records.known), within(stamps, [range])),
    size: 0,
    aggs: Object.fromEntries(
      stamps.map((stamp) => [
        stamp,
        {
          filter: stampedBy(stamp),
          aggs: { times: { date_histogram: { field: stamp, fixed_interval: `${everyMs}ms`, min_doc_count: 1 } } },
        },
      ]),
    ),
  } as Parameters<typeof index.search>[0]);
  const counts = new Map<number, number>();
  for (const { times } of Object.values(aggregations))
    for (const { key, doc_count } of times.buckets) counts.set(key, (counts.get(key) ?? 0) + doc_count);
  const slices: (Span & { records: number })[] = [];
  for (const [from, count] of [...counts].sort(([one], [other]) => one - other)) {
    const last = slices.at(-1);
    if (last && last.records + count <= MOST_RECORDS) {
      last.to = from + everyMs - 1;
      last.records += count;
    } else slices.push({ from, to: from + everyMs - 1, records: count });
  }
  return slices.map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }));
}

interface TimeBucket {
  key: number;
  doc_count: number;
}
