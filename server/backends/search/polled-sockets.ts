import { every, type Query } from '../../../queries/compile/query.js';
import { addTo } from '../../model/group-by.js';
import { type Bucket, textIn, totalOf } from './buckets.js';
import { bucketsInTime, timeOfBucket } from './buckets-in-time.js';
import { fewSpans, within } from './event-time.js';
import { countedIn, type Look, looksAt, type Socket } from './polled-stretches.js';
import { type Firing, type FiringBucket, type PollingSearch, recordsIn, SOCKET } from './polling-search.js';
import { withoutRecentRounds } from './recent-rounds.js';
import { subjectOf } from './subject-of-bucket.js';

const PAGE = 10_000;
/** Subjects, and stretches of sockets, that are held at once. */
const MOST_SUBJECTS = 256;
const MOST_STRETCHES = 400_000;
/** So many times what is looked back is looked through at once. */
const LOOKS_AT_ONCE = 8;

/**
 * The windows in which so many sockets don't surely poll: no measure counts more than those. A superset of what fires:
 * what polls is told by contacts of which all is sure, and only what is far enough apart for sure.
 */
export async function withoutPolling(search: PollingSearch, windowMs: number, firing: Firing): Promise<Firing> {
  const { plan, sure } = search;
  if (plan.polling.rounds < 2 || firing.size === 0 || !sure) return firing;
  let left = await withoutRecentRounds(search, windowMs, firing);
  for (const look of looksAt(plan.polling, windowMs)) {
    const next = new Map<string, FiringBucket[]>();
    for (const part of partsOf(left, windowMs, look.pastMs * LOOKS_AT_ONCE)) {
      const sockets = await readSockets(search, sure, windowMs, look, part);
      for (const [subject, buckets] of part) {
        const counted = countedIn(sockets?.get(subject) ?? [], plan.polling, windowMs, look);
        for (const one of buckets) if (!sockets || counted(one.bucket) >= one.least) addTo(next, subject, one);
      }
    }
    left = next;
  }
  return left;
}

/** Windows of some subjects and some stretch of time: what is held of them at once is bounded. */
function* partsOf(firing: Firing, windowMs: number, lengthMs: number): Iterable<Firing> {
  const buckets = Math.max(1, Math.floor(lengthMs / windowMs));
  const parts = new Map<number, Map<string, FiringBucket[]>[]>();
  for (const [subject, own] of firing)
    for (const one of own) {
      const stretch = Math.floor(one.bucket / buckets);
      const some = parts.get(stretch) ?? [new Map<string, FiringBucket[]>()];
      parts.set(stretch, some);
      if (some.at(-1)!.size === MOST_SUBJECTS && !some.at(-1)!.has(subject)) some.push(new Map());
      addTo(some.at(-1)!, subject, one);
    }
  for (const [, some] of [...parts].sort(([one], [other]) => one - other)) yield* some;
}

/** Of each subject its sockets; undefined where the answer is too large, or documents count more than once. */
async function readSockets(
  { index, group, wanted, whose, span }: PollingSearch,
  sure: Query,
  windowMs: number,
  { stretchMs, pastMs }: Look,
  part: Firing,
): Promise<Map<string, Socket[]> | undefined> {
  const ends = [...part.values()].flatMap((buckets) =>
    buckets.map(({ bucket }) => ({
      from: Math.max(bucket * windowMs, span.from) - windowMs,
      to: Math.min((bucket + 1) * windowMs - 1, span.to),
    })),
  );
  const spans = fewSpans(ends.map(({ from, to }) => ({ from: from - pastMs, to })));
  const query = every(wanted, whose([...part.keys()]));
  const pages = bucketsInTime(index, {
    query,
    spans,
    everyMs: stretchMs,
    by: [...group.fields, ...SOCKET],
    aggs: () => ({ sure: { filter: sure } }),
    page: PAGE,
  });
  const inSpans = every(query, within(await index.stamps(), spans));
  const [told, all] = await Promise.all([
    tellSockets(pages, (bucket) => subjectOf(group, bucket), part, stretchMs),
    index.search({ query: inSpans, size: 0, track_total_hits: true }),
  ]);
  if (told?.records !== totalOf(all.hits)) return undefined;
  return new Map([...told.sockets].map(([subject, sockets]) => [subject, [...sockets.values()].map(inOrder)]));
}

/** By subject and name, and in how many records; undefined where they are too many. */
async function tellSockets(
  pages: AsyncIterable<Bucket[]>,
  subjectIn: (bucket: Bucket) => string | undefined,
  part: Firing,
  stretchMs: number,
): Promise<{ sockets: Map<string, Map<string, Socket>>; records: number } | undefined> {
  const sockets = new Map<string, Map<string, Socket>>();
  let records = 0;
  let stretches = 0;
  for await (const page of pages) {
    stretches += page.length;
    if (stretches > MOST_STRETCHES) return undefined;
    for (const bucket of page) {
      records += bucket.doc_count;
      const subject = subjectIn(bucket);
      if (subject === undefined || !part.has(subject)) continue;
      const own = sockets.get(subject) ?? new Map<string, Socket>();
      sockets.set(subject, own);
      const name = SOCKET.map((field) => textIn(bucket, field) ?? '').join(' ');
      const socket = own.get(name) ?? { stretches: [], sure: [] };
      own.set(name, socket);
      const stretch = Math.floor(timeOfBucket(bucket) / stretchMs);
      socket.stretches.push(stretch);
      if (recordsIn(bucket, 'sure') > 0) socket.sure.push(stretch);
    }
  }
  return { sockets, records };
}

/** Programs that are spelt in several ways, and times told by several fields, come after each other. */
const inOrder = ({ stretches, sure }: Socket): Socket => ({
  stretches: stretches.sort((one, other) => one - other),
  sure: sure.sort((one, other) => one - other),
});
