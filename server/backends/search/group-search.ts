import { clausesOf, every, isNothing, type Query, some } from '../../../queries/compile/query.js';
import type { FieldKinds } from '../../../queries/compile/search.js';
import { boundsIn, countedMeasures, countsOf, toPopulations } from '../../../queries/compile/search-counts.js';
import { type Plan, type PlannedMeasure, windowSecondsOf } from '../../../queries/plan.js';
import { processScope, type SubjectGroup } from '../../../queries/records.js';
import { PRIVATE_RANGES } from '../../model/address.js';
import { addTo } from '../../model/group-by.js';
import type { Span, Suspect } from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import { textIn } from './buckets.js';
import { bucketsInTime, timeOfBucket } from './buckets-in-time.js';
import { fewSpans } from './event-time.js';
import { withoutPolling } from './polled-sockets.js';
import { type FiringBucket, type PollingSearch, surelyTold } from './polling-search.js';
import { unpolledSockets } from './recent-rounds.js';
import { subjectOf } from './subject-of-bucket.js';
import { hostQuery, isOneOf, SUBJECT_CLAUSES, subjectQuery } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

/** Combinations of subjects and times in an answer: many where nothing else is counted. */
const PLAIN_PAGE = 10_000;
const COUNTED_PAGE = 5_000;
/** `index.max_terms_count`, unless an index says otherwise, is twice that. */
const MOST_TERMS = 30_000;

/** Where windows may fire. */
export type Region = Suspect['regions'][number];

/** What is asked of the contacts of one kind of subject. */
export interface GroupAsked {
  index: TelemetryIndex;
  plan: Plan;
  group: SubjectGroup;
  /** Absent: all. */
  subjects: readonly string[] | undefined;
  /** Which contacts are of hosts that have enough of them. */
  busy: Query;
  /** How many contacts those are at most. */
  most: number;
  /** Where windows end. */
  span: Span;
  /** What they hold. */
  range: Span;
  /** The same in parts that are looked at one after another. */
  slices: readonly Span[];
  /** From long to short: how long the stretches are in which subjects are counted, at least the longest window. */
  stretchSeconds: readonly number[];
}

/** So few contacts are read and judged at less cost than they are counted in each window. */
const FEW_RECORDS = 1_000;
/** Of so few, one question tells at once who polls. */
const FEW_SOCKETS = 5_000;

/** Subjects still in question: in which buckets of the last look. */
type Left = Map<string, Span[]>;

/**
 * Finds who may fire: first by the number of records in the longest stretches; then of those left, from long stretches to
 * short windows, by upper bounds of what each measure counts; then without sockets that surely poll.
 */
export class GroupSearch {
  private readonly measures: PlannedMeasure[];
  /** As the fields spell the subjects. */
  private readonly spellings = new Map<string, Set<string>>();

  constructor(private readonly asked: GroupAsked) {
    this.measures = countedMeasures(asked.plan.measures, asked.group.kind);
  }

  async run(): Promise<Map<string, Region[]>> {
    const { index, plan, group, span, stretchSeconds } = this.asked;
    const suspects = new Map<string, Region[]>();
    const wanted = await this.wanted();
    if (this.measures.length === 0 || isNothing(wanted)) return suspects;
    const windows = windowSecondsOf(this.measures).reverse();
    const inAny = (subjects: Iterable<string>) =>
      new Map([...subjects].map((subject) => [subject, everywhere(windows, span)]));
    const kinds = await index.kinds();
    const whose = (subjects: Iterable<string>) => this.whose([...subjects], kinds);
    const search = { index, plan, group, wanted, sure: await surelyTold(index, plan), whose, span };
    const few = await this.unpolled(search, windows[0]! * 1_000);
    if (few) return inAny(few);
    const { records, ...byRecords } = await this.byRecords(wanted);
    let { left } = byRecords;
    if (records <= FEW_RECORDS) return inAny(left.keys());
    for (const seconds of new Set([...stretchSeconds, ...windows])) {
      if (left.size === 0) break;
      const firing = new Map<string, FiringBucket[]>();
      left = await this.byBounds(every(wanted, whose(left.keys())), left, seconds, firing);
      const counted = group.kind === 'process' ? await withoutPolling(search, seconds * 1_000, firing) : firing;
      for (const [subject, buckets] of counted)
        for (const { bucket } of buckets)
          for (const region of regionOf(bucket, seconds, span)) addTo(suspects, subject, region);
    }
    return suspects;
  }

  /** Who has sockets enough that don't surely poll, in all of the span; undefined where those are many, or not told. */
  private async unpolled(search: PollingSearch, windowMs: number): Promise<string[] | undefined> {
    const { group, busy, most, subjects } = this.asked;
    if (group.kind !== 'process' || most > FEW_SOCKETS) return undefined;
    const counts = await unpolledSockets(search, busy, windowMs);
    return counts && reaching(counts, leastThreshold(this.measures), subjects);
  }

  private async wanted(): Promise<Query> {
    const { group, plan, index } = this.asked;
    const scope = group.kind === 'process' ? processScope(plan.telemetry) : undefined;
    return every(
      await index.query(group.records),
      ...(scope ? [await index.query(scope)] : []),
      ...(await this.named()),
    );
  }

  /** Few subjects are named; of many, all are read and the others left. */
  private async named(): Promise<Query[]> {
    const { subjects, group, index } = this.asked;
    if (!subjects) return [];
    const kinds = await index.kinds();
    const own = subjects.filter((subject) => parseSubjectKey(subject).kind === group.kind);
    const query = some(...own.map((subject) => subjectQuery(subject, kinds)).filter((one) => one !== undefined));
    return clausesOf(query) > SUBJECT_CLAUSES ? [] : [query];
  }

  /** By the number of records in two of the longest stretches: no measure counts more than those. */
  private async byRecords(wanted: Query): Promise<{ left: Left; records: number }> {
    const { index, group, subjects, busy, slices, stretchSeconds } = this.asked;
    const stretchMs = stretchSeconds[0]! * 1_000;
    const least = leastThreshold(this.measures);
    const only = subjects && new Set(subjects);
    const tallies = new Map<string, Map<number, number>>();
    const left: Left = new Map();
    let records = 0;
    const settle = (before: number) => {
      for (const [subject, counts] of tallies) {
        for (const [bucket, count] of counts) {
          const pair = Math.max(counts.get(bucket - 1) ?? 0, counts.get(bucket + 1) ?? 0);
          if (count + pair < least) continue;
          addTo(left, subject, spanOf(bucket, stretchMs));
          records += count;
        }
        for (const bucket of counts.keys()) if (bucket < before) counts.delete(bucket);
        if (counts.size === 0) tallies.delete(subject);
      }
      for (const subject of this.spellings.keys())
        if (!left.has(subject) && !tallies.has(subject)) this.spellings.delete(subject);
    };
    const field = group.fields.at(-1)!;
    for (const slice of slices) {
      const asked = {
        query: every(wanted, busy),
        spans: [slice],
        everyMs: stretchMs,
        by: group.fields,
        page: PLAIN_PAGE,
      };
      for await (const page of bucketsInTime(index, asked))
        for (const bucket of page) {
          const subject = subjectOf(group, bucket);
          if (subject === undefined || (only && !only.has(subject))) continue;
          const counts = tallies.get(subject) ?? new Map<number, number>();
          tallies.set(subject, counts);
          const spellings = this.spellings.get(subject) ?? new Set<string>();
          this.spellings.set(subject, spellings.add(textIn(bucket, field)!));
          const place = Math.floor(timeOfBucket(bucket) / stretchMs);
          counts.set(place, (counts.get(place) ?? 0) + bucket.doc_count);
        }
      settle(Math.floor(slice.to / stretchMs));
    }
    return { left, records };
  }

  /**
   * By what measures count at most in two buckets of one length; gives who may fire in shorter windows, and where.
   *
   * @param firing gets the windows of this length that may fire
   */
  private async byBounds(
    query: Query,
    left: Left,
    seconds: number,
    firing: Map<string, FiringBucket[]>,
  ): Promise<Left> {
    const windowMs = seconds * 1_000;
    const bounds = await this.boundsOf(query, left, windowMs);
    const own = this.measures.map(
      ({ windows }) => windows.find((window) => window.seconds === seconds)?.threshold ?? Number.POSITIVE_INFINITY,
    );
    const shorter = this.measures.map(({ windows }) =>
      Math.min(...windows.filter((window) => window.seconds < seconds).map(({ threshold }) => threshold)),
    );
    const next: Left = new Map();
    for (const [subject, buckets] of bounds)
      for (const place of new Set([...buckets.keys()].flatMap((bucket) => [bucket, bucket + 1]))) {
        const pair = this.measures.map(
          (_, measure) => (buckets.get(place - 1)?.[measure] ?? 0) + (buckets.get(place)?.[measure] ?? 0),
        );
        const inReach = own.filter((threshold, measure) => pair[measure]! >= threshold);
        const isSought = regionOf(place, seconds, this.asked.span).length > 0;
        if (inReach.length > 0 && isSought) addTo(firing, subject, { bucket: place, least: Math.min(...inReach) });
        if (pair.some((bound, measure) => bound >= shorter[measure]!)) {
          addTo(next, subject, spanOf(place - 1, windowMs));
          addTo(next, subject, spanOf(place, windowMs));
        }
      }
    return next;
  }

  private async boundsOf(query: Query, left: Left, windowMs: number): Promise<Map<string, Map<number, number[]>>> {
    const { index, plan, group, range } = this.asked;
    const ranges = [...PRIVATE_RANGES, ...(plan.tunables.OwnNetworks as readonly string[])];
    const populations = toPopulations(this.measures, ranges, await index.kinds());
    const highest = Math.max(...this.measures.flatMap(({ windows }) => windows.map(({ threshold }) => threshold)));
    const spans = [...left.values()]
      .flat()
      .map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }));
    const counts = countsOf(populations, highest);
    const pages = bucketsInTime(index, {
      query,
      spans: fewSpans(spans),
      everyMs: windowMs,
      by: group.fields,
      aggs: () => counts,
      page: COUNTED_PAGE,
    });
    const bounds = new Map<string, Map<number, number[]>>();
    for await (const page of pages)
      for (const bucket of page) {
        const subject = subjectOf(group, bucket);
        if (subject === undefined || !left.has(subject)) continue;
        const own = bounds.get(subject) ?? new Map<number, number[]>();
        bounds.set(subject, own);
        const place = Math.floor(timeOfBucket(bucket) / windowMs);
        const more = boundsIn(bucket, populations, this.measures);
        const known = own.get(place);
        own.set(place, known ? known.map((bound, measure) => bound + more[measure]!) : more);
      }
    return bounds;
  }

  /** Contacts that may be of these subjects: all where they are too many to be named. */
  private whose(subjects: readonly string[], kinds: FieldKinds): Query {
    const spellings = [...new Set(subjects.flatMap((subject) => [...(this.spellings.get(subject) ?? [])]))];
    if (spellings.length > MOST_TERMS) return { match_all: {} };
    const spelt = isOneOf(kinds, this.asked.group.fields.slice(-1), spellings);
    const hosts = new Set<string>();
    for (const key of subjects) {
      const subject = parseSubjectKey(key);
      if (subject.kind === 'process') hosts.add(subject.host);
    }
    return hosts.size === 0 || hosts.size > MOST_TERMS ? spelt : every(spelt, hostQuery([...hosts], kinds));
  }
}

/** Where windows of so many seconds end in a bucket of that length and in the span: nowhere, or there. */
function regionOf(bucket: number, windowSeconds: number, span: Span): Region[] {
  const { from, to } = spanOf(bucket, windowSeconds * 1_000);
  const ends = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
  return ends.from <= ends.to ? [{ windowSeconds, ends }] : [];
}

/** In windows of any of these lengths. */
export const everywhere = (windows: readonly number[], span: Span): Region[] =>
  windows.map((windowSeconds) => ({ windowSeconds, ends: span }));

const spanOf = (bucket: number, lengthMs: number): Span => ({
  from: bucket * lengthMs,
  to: (bucket + 1) * lengthMs - 1,
});

/** The least that any window asks for. */
export const leastThreshold = (measures: readonly PlannedMeasure[]): number =>
  Math.min(...measures.flatMap(({ windows }) => windows.map(({ threshold }) => threshold)));

/** Who has so many at least, of these subjects; where they are absent, of all. */
export function reaching(
  counts: ReadonlyMap<string, number>,
  least: number,
  subjects: readonly string[] | undefined,
): string[] {
  const only = subjects && new Set(subjects);
  return [...counts].flatMap(([subject, count]) => (count >= least && (!only || only.has(subject)) ? [subject] : []));
}
