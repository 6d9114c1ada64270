import { every, type Query } from '../../../queries/compile/search.js';
import type { SubjectGroup } from '../../../queries/records.js';
import { addTo } from '../../model/group-by.js';
import type { Span } from '../../model/ports.js';
import { pageOf } from './buckets.js';
import { within } from './event-time.js';
import { type Firing, type FiringBucket, type PollingSearch, SOCKET } from './polling-search.js';
import { subjectOf } from './subject-of-bucket.js';
import type { TelemetryIndex } from './telemetry-index.js';

const PAGE = 10_000;
/** So many gaps long is the time in which a round is sought. */
const ROUND_GAPS = 5;

/**
 * The windows, where all end in a short span, in which so many sockets don't surely poll. That is all that a hunt of the
 * last minute needs to know of most who poll.
 */
export async function withoutRecentRounds(search: PollingSearch, windowMs: number, firing: Firing): Promise<Firing> {
  const counts = await unpolledSockets(search, search.whose([...firing.keys()]), windowMs);
  if (!counts) return firing;
  const left = new Map<string, FiringBucket[]>();
  for (const [subject, own] of firing)
    for (const one of own) if ((counts.get(subject) ?? 0) >= one.least) addTo(left, subject, one);
  return left;
}

/**
 * How many sockets each subject has met in windows that end in the span, but for those that surely poll: with a contact in
 * each of some stretches before the windows, a gap apart. Undefined where they are too many to be told.
 *
 * @param who contacts that may be of the subjects in question
 */
export async function unpolledSockets(
  { index, plan, group, wanted, sure, span }: PollingSearch,
  who: Query,
  windowMs: number,
): Promise<Map<string, number> | undefined> {
  const { gapMs, rounds, lookbackMs } = plan.polling;
  if (!sure || rounds < 2 || gapMs === 0) return undefined;
  const windows = { from: span.from - windowMs, to: span.to };
  const before = roundsBefore(windows.from, gapMs, rounds - 1);
  if (span.to - before.at(-1)!.from > Math.max(lookbackMs, windowMs)) return undefined;
  const stamps = await index.stamps();
  // Asked apart, in the time that the longest takes: what is counted in each bucket costs more than the bucket. What is
  // sure is wanted too, and both together would be more clauses than OpenSearch 2 takes.
  const [now, ...earlier] = await Promise.all([
    socketsIn(index, group, every(wanted, who, within(stamps, [windows]))),
    ...before.map((round) => socketsIn(index, group, every(sure, who, within(stamps, [round])))),
  ]);
  const counts = new Map<string, number>();
  for (const [socket, subject] of now ?? []) {
    if (subject === undefined || earlier.every((sockets) => sockets?.has(socket))) continue;
    counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }
  return now && counts;
}

/** Whose sockets have records that match; undefined where they are too many, or records count more than once. */
async function socketsIn(
  index: TelemetryIndex,
  group: SubjectGroup,
  query: Query,
): Promise<Map<string, string | undefined> | undefined> {
  const { buckets, next, records } = await pageOf(
    index,
    { query, by: [...group.fields, ...SOCKET], page: PAGE },
    undefined,
  );
  if (next !== undefined || records !== buckets.reduce((sum, { doc_count }) => sum + doc_count, 0)) return undefined;
  return new Map(buckets.map((bucket) => [JSON.stringify(bucket.key), subjectOf(group, bucket)]));
}

/** Stretches before a time, from the last to the first: a contact in each is a round, whatever else comes between. */
function roundsBefore(time: number, gapMs: number, count: number): Span[] {
  const found: Span[] = [];
  for (let to = time - gapMs; found.length < count; to = found.at(-1)!.from - gapMs)
    found.push({ from: to - ROUND_GAPS * gapMs, to });
  return found;
}
