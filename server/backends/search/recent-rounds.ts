import { clausesOf, every, type Query, some } from '../../../queries/compile/query.js';
import { simplify } from '../../../queries/compile/simplify.js';
import { addTo } from '../../model/group-by.js';
import type { Span } from '../../model/ports.js';
import { pageOf, valueIn } from './buckets.js';
import { timeOfBucket } from './buckets-in-time.js';
import { withinBy } from './event-time.js';
import { type Firing, type FiringBucket, type PollingSearch, SOCKET } from './polling-search.js';
import { subjectOf } from './subject-of-bucket.js';

const PAGE = 10_000;
/** Engines take 1,024, and OpenSearch 2 counts most of them twice; whose contacts are asked for takes some more. */
const MOST_CLAUSES = 400;
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

/** Who has a socket, and in which stretches it has contacts: 0 for all of the windows, -1 for the round before, and so on. */
interface Socket {
  subject: string | undefined;
  stretches: Set<number>;
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
  const by = [...group.fields, ...SOCKET];
  const everyMs = (ROUND_GAPS + 1) * gapMs; // a round, and the gap after it
  const sockets = new Map<string, Socket>();
  const pages = await Promise.all(
    (await index.stamps()).flatMap((stamp) => {
      const times = inOne(every(wanted, withinBy(stamp, [windows])), every(sure, withinBy(stamp, before)));
      const grouping = { by: [{ stamp, everyMs, from: windows.from }, ...by], page: PAGE };
      return times.map((query) => pageOf(index, { ...grouping, query: every(who, query) }, undefined));
    }),
  );
  for (const { buckets, next, records } of pages) {
    const isWhole = next === undefined && records === buckets.reduce((sum, { doc_count }) => sum + doc_count, 0);
    if (!isWhole) return undefined;
    for (const bucket of buckets) {
      const name = JSON.stringify(by.map((field) => valueIn(bucket, field)));
      const socket = sockets.get(name) ?? { subject: subjectOf(group, bucket), stretches: new Set() };
      sockets.set(name, socket);
      socket.stretches.add(Math.min(Math.floor((timeOfBucket(bucket) - windows.from) / everyMs), 0));
    }
  }
  const counts = new Map<string, number>();
  for (const { subject, stretches } of sockets.values())
    if (subject !== undefined && stretches.has(0) && stretches.size < rounds)
      counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return counts;
}

/**
 * Queries in one, as what an engine prepares for each of its segments costs more than what it finds in a minute; or as they
 * are, where they would be more clauses than it takes.
 */
function inOne(...queries: readonly Query[]): readonly Query[] {
  const one = simplify(some(...queries));
  return clausesOf(one) <= MOST_CLAUSES ? [one] : queries;
}

/** Stretches before a time, from the last to the first: a contact in each is a round, whatever else comes between. */
function roundsBefore(time: number, gapMs: number, count: number): Span[] {
  const found: Span[] = [];
  for (let to = time - gapMs; found.length < count; to = found.at(-1)!.from - gapMs)
    found.push({ from: to - ROUND_GAPS * gapMs, to });
  return found;
}
