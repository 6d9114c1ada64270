import { every, type Query } from '../../../queries/compile/search.js';
import { addTo } from '../../model/group-by.js';
import type { Span } from '../../model/ports.js';
import { pageOf } from './buckets.js';
import { within } from './event-time.js';
import { type Firing, type FiringBucket, type PollingSearch, recordsIn, SOCKET } from './polling-search.js';
import { subjectOf } from './subject-of-bucket.js';

const PAGE = 10_000;
/** So many gaps long is the time in which a round is sought. */
const ROUND_GAPS = 10;

/**
 * The windows, where all end in a short span, in which so many sockets don't surely poll, by one question: sockets with a
 * contact in each of some stretches before the windows, a gap apart, poll. That is all that a hunt of the last minute needs
 * to know of most who poll.
 */
export async function withoutRecentRounds(
  { index, plan, group, wanted, whose, span }: PollingSearch,
  sure: Query,
  windowMs: number,
  firing: Firing,
): Promise<Firing> {
  const { gapMs, rounds, lookbackMs } = plan.polling;
  const windows = { from: span.from - windowMs, to: span.to };
  const before = roundsBefore(windows.from, gapMs, rounds - 1);
  const range = { from: before.at(-1)!.from, to: span.to };
  if (gapMs === 0 || range.to - range.from > Math.max(lookbackMs, windowMs)) return firing;
  const stamps = await index.stamps();
  const { buckets, next, records } = await pageOf(
    index,
    {
      query: every(wanted, whose([...firing.keys()]), within(stamps, [range])),
      by: [...group.fields, ...SOCKET],
      aggs: Object.fromEntries([
        ['now', { filter: within(stamps, [windows]) }],
        ...before.map((round, place) => [`before${place}`, { filter: every(within(stamps, [round]), sure) }]),
      ]),
      page: PAGE,
    },
    undefined,
  );
  if (next !== undefined || records !== buckets.reduce((sum, { doc_count }) => sum + doc_count, 0)) return firing;
  const counts = new Map<string, number>();
  for (const bucket of buckets) {
    const subject = subjectOf(group, bucket);
    const isPolled = before.every((_, place) => recordsIn(bucket, `before${place}`) > 0);
    if (subject === undefined || isPolled || recordsIn(bucket, 'now') === 0) continue;
    counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }
  const left = new Map<string, FiringBucket[]>();
  for (const [subject, own] of firing)
    for (const one of own) if ((counts.get(subject) ?? 0) >= one.least) addTo(left, subject, one);
  return left;
}

/** Stretches before a time, from the last to the first: a contact in each is a round, whatever else comes between. */
function roundsBefore(time: number, gapMs: number, count: number): Span[] {
  const found: Span[] = [];
  for (let to = time - gapMs; found.length < count; to = found.at(-1)!.from - gapMs)
    found.push({ from: to - ROUND_GAPS * gapMs, to });
  return found;
}
