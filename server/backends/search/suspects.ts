import { clausesOf, every, isNothing, type Query, some } from '../../../queries/compile/search.js';
import {
  boundsIn,
  countedMeasures,
  countsOf,
  type Population,
  toPopulations,
} from '../../../queries/compile/search-counts.js';
import { longestWindowMs, type Plan, type PlannedMeasure, windowSecondsOf } from '../../../queries/plan.js';
import { contactGroups, containerFlows, processScope, records, type SubjectGroup } from '../../../queries/records.js';
import { PRIVATE_RANGES } from '../../model/address.js';
import type { Span, Suspect } from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import { bucketsOf, byTime, textIn, timeOfBucket } from './buckets.js';
import { fewSpans, within } from './event-time.js';
import { readRecords } from './read-records.js';
import { contactsIn } from './rows-to-records.js';
import { subjectOf } from './subject-of-bucket.js';
import { hostQuery, isOneOf, isTooLong, SUBJECT_CLAUSES, subjectQuery } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';
import { slicesOf } from './time-slices.js';

/** Combinations of subjects and times in an answer: many where nothing else is counted. */
const PLAIN_PAGE = 10_000;
const COUNTED_PAGE = 5_000;
/** `index.max_terms_count`, unless an index says otherwise, is twice that. */
const MOST_TERMS = 30_000;

type Regions = Suspect['regions'];

/** Contacts that are the plan's only where its hosts hold their source address. */
const flows = contactGroups.find(({ kind }) => kind === 'address');

/** Whose flows are the plan's own, of these addresses. */
export type OwnAddresses = (addresses: readonly string[], range: Span) => Promise<ReadonlySet<string>>;

/**
 * Subjects whose contacts may fire, by aggregations alone. First by their number of records in the longest buckets; then
 * of those left, from long windows to short ones, by upper bounds of what each measure counts: a closed window of W
 * meets at most two W-buckets, and what can't fire in two long buckets can't fire within them.
 */
export async function contactSuspects(
  index: TelemetryIndex,
  plan: Plan,
  span: Span,
  subjects: readonly string[] | undefined,
  ownOf: OwnAddresses,
  now: number,
): Promise<Map<string, Regions>> {
  const longest = longestWindowMs(plan);
  const range = { from: Math.floor(span.from / longest - 1) * longest, to: span.to };
  const slices = await slicesOf(index, range, longest);
  const regions = new Map<string, Regions>();
  const add = (subject: string, windowSeconds: number, bucket: number) => {
    const first = bucket * windowSeconds * 1_000;
    const ends = { from: Math.max(first, span.from), to: Math.min(first + windowSeconds * 1_000 - 1, span.to) };
    if (ends.from > ends.to) return;
    const known = regions.get(subject);
    if (known) known.push({ windowSeconds, ends });
    else regions.set(subject, [{ windowSeconds, ends }]);
  };
  for (const subject of await longNamed(index, plan, range, subjects, now))
    regions.set(
      subject,
      windowSecondsOf(plan.measures).map((windowSeconds) => ({ windowSeconds, ends: span })),
    );
  const groups = plan.telemetry.container ? [...contactGroups, containerFlows] : contactGroups;
  if (slices.length > 0)
    await Promise.all(
      groups.map((group) => new GroupSearch(index, plan, group, subjects, ownOf).run(range, slices, add)),
    );
  return regions;
}

/**
 * Subjects with names too long for an index to group by: few have such, so their contacts are read. A path of a thousand
 * characters would hide who scans otherwise.
 */
async function longNamed(
  index: TelemetryIndex,
  plan: Plan,
  range: Span,
  subjects: readonly string[] | undefined,
  now: number,
): Promise<string[]> {
  const least = leastThreshold(countedMeasures(plan.measures, 'process'));
  const counts = new Map<string, number>();
  const query = every(
    isTooLong,
    await index.query(records.processContacts),
    await index.query(processScope(plan.telemetry)),
  );
  for await (const page of readRecords(index, query, [range], now))
    for (const { subject } of page.flatMap(contactsIn)) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  const only = subjects && new Set(subjects);
  return [...counts].flatMap(([subject, count]) => (count >= least && (!only || only.has(subject)) ? [subject] : []));
}

/** Subjects still in question: as their fields spell them, and in which buckets of the last look. */
type Left = Map<string, { spellings: Set<string>; buckets: Span[] }>;

class GroupSearch {
  private readonly measures: PlannedMeasure[];

  constructor(
    private readonly index: TelemetryIndex,
    private readonly plan: Plan,
    private readonly group: SubjectGroup,
    private readonly subjects: readonly string[] | undefined,
    private readonly ownOf: OwnAddresses,
  ) {
    this.measures = countedMeasures(plan.measures, group.kind);
  }

  async run(
    range: Span,
    slices: readonly Span[],
    add: (subject: string, windowSeconds: number, bucket: number) => void,
  ): Promise<void> {
    const wanted = await this.wanted();
    if (this.measures.length === 0 || isNothing(wanted)) return;
    const firing = new Map<string, { seconds: number; bucket: number }[]>();
    let left = await this.byRecords(wanted, slices);
    for (const seconds of windowSecondsOf(this.measures).reverse()) {
      if (left.size === 0) break;
      left = await this.byBounds(wanted, left, seconds, range, (subject, bucket) => {
        const known = firing.get(subject);
        if (known) known.push({ seconds, bucket });
        else firing.set(subject, [{ seconds, bucket }]);
      });
    }
    const isOwn = await this.owners([...firing.keys()], range);
    for (const [subject, windows] of firing)
      if (isOwn(subject)) for (const { seconds, bucket } of windows) add(subject, seconds, bucket);
  }

  private async wanted(): Promise<Query> {
    const { group, plan, index } = this;
    const scope = group.kind === 'process' ? processScope(plan.telemetry) : undefined;
    return every(
      await index.query(group.records),
      ...(scope ? [await index.query(scope)] : []),
      ...(await this.named()),
    );
  }

  /** Few subjects are named; of many, all are read and the others left. */
  private async named(): Promise<Query[]> {
    if (!this.subjects) return [];
    const kinds = await this.index.kinds();
    const own = this.subjects.filter((subject) => parseSubjectKey(subject).kind === this.group.kind);
    const query = some(...own.map((subject) => subjectQuery(subject, kinds)).filter((one) => one !== undefined));
    return clausesOf(query) > SUBJECT_CLAUSES ? [] : [query];
  }

  /** By the number of records in two longest buckets: no measure counts more than those. */
  private async byRecords(wanted: Query, slices: readonly Span[]): Promise<Left> {
    const longest = longestWindowMs(this.plan);
    const least = leastThreshold(this.measures);
    const only = this.subjects && new Set(this.subjects);
    const tallies = new Map<string, { spellings: Set<string>; counts: Map<number, number> }>();
    const left: Left = new Map();
    const settle = (before: number) => {
      for (const [subject, { spellings, counts }] of tallies) {
        for (const [bucket, count] of counts) {
          const pair = Math.max(counts.get(bucket - 1) ?? 0, counts.get(bucket + 1) ?? 0);
          if (count + pair >= least) keep(left, subject, spellings, spanOf(bucket, longest));
        }
        for (const bucket of counts.keys()) if (bucket < before) counts.delete(bucket);
        if (counts.size === 0) tallies.delete(subject);
      }
    };
    const field = this.group.fields.at(-1)!;
    const stamps = await this.index.stamps();
    for (const slice of slices) {
      const pages = bucketsOf(this.index, {
        query: every(wanted, within(stamps, [slice])),
        by: [...byTime(stamps, longest), ...this.group.fields],
        page: PLAIN_PAGE,
      });
      for await (const page of pages)
        for (const bucket of page) {
          const subject = subjectOf(this.group, bucket);
          if (subject === undefined || (only && !only.has(subject))) continue;
          const tally = tallies.get(subject) ?? { spellings: new Set<string>(), counts: new Map<number, number>() };
          tallies.set(subject, tally);
          tally.spellings.add(textIn(bucket, field)!);
          const place = Math.floor(timeOfBucket(bucket) / longest);
          tally.counts.set(place, (tally.counts.get(place) ?? 0) + bucket.doc_count);
        }
      settle(Math.floor(slice.to / longest));
    }
    return left;
  }

  /** Who holds an address is asked of those that are left only. */
  private async owners(subjects: readonly string[], range: Span): Promise<(subject: string) => boolean> {
    if (this.group !== flows || this.plan.telemetry.unattributed || subjects.length === 0) return () => true;
    const addressOf = (key: string): string => {
      const subject = parseSubjectKey(key);
      return subject.kind === 'address' ? subject.address : '';
    };
    const own = await this.ownOf(subjects.map(addressOf), range);
    return (subject) => own.has(addressOf(subject));
  }

  /** By what measures count at most in two buckets of one length; gives who may fire in shorter windows, and where. */
  private async byBounds(
    wanted: Query,
    left: Left,
    seconds: number,
    range: Span,
    fires: (subject: string, bucket: number) => void,
  ): Promise<Left> {
    const windowMs = seconds * 1_000;
    const bounds = await this.boundsOf(wanted, left, windowMs, range);
    const own = this.measures.map(({ windows }) => windows.find((window) => window.seconds === seconds)?.threshold);
    const shorter = this.measures.map(({ windows }) =>
      Math.min(...windows.filter((window) => window.seconds < seconds).map(({ threshold }) => threshold)),
    );
    const next: Left = new Map();
    for (const [subject, buckets] of bounds)
      for (const place of new Set([...buckets.keys()].flatMap((bucket) => [bucket, bucket + 1]))) {
        const pair = this.measures.map(
          (_, measure) => (buckets.get(place - 1)?.[measure] ?? 0) + (buckets.get(place)?.[measure] ?? 0),
        );
        const { spellings } = left.get(subject)!;
        if (pair.some((bound, measure) => bound >= (own[measure] ?? Number.POSITIVE_INFINITY))) fires(subject, place);
        if (pair.some((bound, measure) => bound >= shorter[measure]!)) {
          keep(next, subject, spellings, spanOf(place - 1, windowMs));
          keep(next, subject, spellings, spanOf(place, windowMs));
        }
      }
    return next;
  }

  private async boundsOf(
    wanted: Query,
    left: Left,
    windowMs: number,
    range: Span,
  ): Promise<Map<string, Map<number, number[]>>> {
    const kinds = await this.index.kinds();
    const stamps = await this.index.stamps();
    const ranges = [...PRIVATE_RANGES, ...(this.plan.tunables.OwnNetworks as readonly string[])];
    const populations: Population[] = toPopulations(this.measures, ranges, kinds);
    const highest = Math.max(...this.measures.flatMap(({ windows }) => windows.map(({ threshold }) => threshold)));
    const spans = [...left.values()]
      .flatMap(({ buckets }) => buckets)
      .map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }));
    const pages = bucketsOf(this.index, {
      query: every(wanted, await this.whose(left), within(stamps, fewSpans(spans))),
      by: [...byTime(stamps, windowMs), ...this.group.fields],
      aggs: countsOf(populations, highest),
      page: COUNTED_PAGE,
    });
    const bounds = new Map<string, Map<number, number[]>>();
    for await (const page of pages)
      for (const bucket of page) {
        const subject = subjectOf(this.group, bucket);
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

  private async whose(left: Left): Promise<Query> {
    const kinds = await this.index.kinds();
    const spellings = [...new Set([...left.values()].flatMap((one) => [...one.spellings]))];
    if (spellings.length > MOST_TERMS) return { match_all: {} };
    const spelt = isOneOf(kinds, this.group.fields.slice(-1), spellings);
    const hosts = new Set<string>();
    for (const key of left.keys()) {
      const subject = parseSubjectKey(key);
      if (subject.kind === 'process') hosts.add(subject.host);
    }
    return hosts.size === 0 || hosts.size > MOST_TERMS ? spelt : every(spelt, hostQuery([...hosts], kinds));
  }
}

function keep(left: Left, subject: string, spellings: Set<string>, bucket: Span): void {
  const known = left.get(subject);
  if (known) known.buckets.push(bucket);
  else left.set(subject, { spellings, buckets: [bucket] });
}

const spanOf = (bucket: number, lengthMs: number): Span => ({
  from: bucket * lengthMs,
  to: (bucket + 1) * lengthMs - 1,
});

const leastThreshold = (measures: readonly PlannedMeasure[]): number =>
  Math.min(...measures.flatMap(({ windows }) => windows.map(({ threshold }) => threshold)));
