import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import { every, none, type Query } from '../../../queries/compile/query.js';
import { records } from '../../../queries/records.js';
import { HOUR_MS } from '../../model/episode.js';
import type { Arrivals, HourCount } from '../../model/ports.js';
import { endOfSlice } from './arrivals.js';
import { bucketsOf, valueIn } from './buckets.js';
import { timeRange } from './event-time.js';
import type { TelemetryIndex } from './telemetry-index.js';

const PAGE = 5_000;
const IS_TOLD = { exists: { field: ARRIVAL } };

/**
 * Records that hunts know, by index and hour of arrival; who does not tell when is taken to be in time. They are counted
 * a week at a time: an hour at the end of one comes in two parts.
 */
export async function arrivalCounts(index: TelemetryIndex, { after, until }: Arrivals): Promise<HourCount[]> {
  const isMapped = (await index.kinds())(ARRIVAL).size > 0;
  const counts: HourCount[] = [];
  for (let start = after; start < until; ) {
    const slice = { after: start, until: await endOfSlice(index, { after: start, until }) };
    const [told, untold] = await Promise.all([
      isMapped ? countsBy(index, ARRIVAL, IS_TOLD, slice) : [],
      countsBy(index, '@timestamp', none(IS_TOLD), slice),
    ]);
    counts.push(...told, ...untold);
    start = slice.until;
  }
  return counts;
}

async function countsBy(
  index: TelemetryIndex,
  clock: string,
  told: Query,
  { after, until }: Arrivals,
): Promise<HourCount[]> {
  const query = every(await index.query(records.known), told, timeRange(clock, { from: after + 1, to: until }));
  const by = ['_index', { stamp: clock, everyMs: HOUR_MS }];
  const counts: HourCount[] = [];
  for await (const page of bucketsOf(index, { query, by, page: PAGE }))
    for (const bucket of page)
      counts.push({
        index: String(valueIn(bucket, '_index')),
        hour: Number(valueIn(bucket, clock)),
        records: bucket.doc_count,
      });
  return counts;
}
