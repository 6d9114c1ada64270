import { every, type Query } from '../../../queries/compile/query.js';
import { countedMeasures } from '../../../queries/compile/search-counts.js';
import { longestWindowMs, type Plan, windowSecondsOf } from '../../../queries/plan.js';
import { contactGroups, containerFlows, processScope, records, type SubjectGroup } from '../../../queries/records.js';
import { DAY_MS } from '../../model/episode.js';
import { addTo } from '../../model/group-by.js';
import type { Span } from '../../model/ports.js';
import { ANYWHERE, glanceAt } from './glance.js';
import { everywhere, GroupSearch, leastThreshold, type Region, reaching } from './group-search.js';
import { readRecords } from './read-records.js';
import { contactsIn } from './rows-to-records.js';
import { addressOf, isTooLong } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';
import { slicesOf } from './time-slices.js';

/** Contacts that are the plan's only where its hosts hold their source address. */
const flows = contactGroups.find(({ kind }) => kind === 'address');

/** Whose flows are the plan's own, of these addresses. */
export type OwnAddresses = (addresses: readonly string[], range: Span) => Promise<ReadonlySet<string>>;

/**
 * Subjects whose contacts may fire, by aggregations alone: by upper bounds of what each measure counts. A closed window
 * of W meets at most two W-buckets, and what can't fire in two long buckets can't fire within them.
 */
export async function contactSuspects(
  index: TelemetryIndex,
  plan: Plan,
  span: Span,
  subjects: readonly string[] | undefined,
  ownOf: OwnAddresses,
  now: number,
): Promise<Map<string, Region[]>> {
  const range = { from: span.from - longestWindowMs(plan), to: span.to };
  const stretchSeconds = stretchesOf(plan, range);
  const ofPrograms = every(await index.query(records.processContacts), await index.query(processScope(plan.telemetry)));
  const least = leastThreshold(countedMeasures(plan.measures, 'process'));
  const groups = plan.telemetry.container ? [...contactGroups, containerFlows] : contactGroups;
  const [slices, glance] = await Promise.all([
    slicesOf(index, range, stretchSeconds[0]! * 1_000),
    glanceAt(index, ofPrograms, groups, range, least),
  ]);
  const tooLong = every(isTooLong, ofPrograms);
  const [long, ...found] = await Promise.all([
    glance.hasLongNames ? longNamed(index, tooLong, range, subjects, least, now) : [],
    ...glance.groups.map(async (group) => {
      const { busy, records: most } = group.kind === 'process' ? glance : ANYWHERE; // an address is on no host
      const search = new GroupSearch({ index, plan, group, subjects, busy, most, span, range, slices, stretchSeconds });
      return ownedBy(group, plan, await search.run(), range, ownOf);
    }),
  ]);
  const windows = windowSecondsOf(plan.measures);
  const regions = new Map(long.map((subject) => [subject, everywhere(windows, span)]));
  for (const suspects of found)
    for (const [subject, own] of suspects) for (const region of own) addTo(regions, subject, region);
  return regions;
}

/** A stretch so many times as long as the window below holds few more subjects that could fire. */
const STRETCH_TIMES = 16;

/**
 * How long the stretches are in which subjects are counted before their windows are, in seconds, from long to short: all
 * of the range, but at most a day, and one between. Few have in hours what others have in a minute, and short windows
 * make many buckets.
 */
function stretchesOf(plan: Plan, { from, to }: Span): number[] {
  const longest = longestWindowMs(plan);
  const times = Math.floor(Math.min(to - from, DAY_MS) / longest);
  const between = Math.floor(Math.sqrt(times));
  return (times < STRETCH_TIMES ? [1] : [times, between, 1]).map((count) => (count * longest) / 1_000);
}

/** Who holds an address is asked of those that are found only. */
async function ownedBy(
  group: SubjectGroup,
  plan: Plan,
  suspects: Map<string, Region[]>,
  range: Span,
  ownOf: OwnAddresses,
): Promise<Map<string, Region[]>> {
  if (group !== flows || plan.telemetry.unattributed || suspects.size === 0) return suspects;
  const own = await ownOf([...suspects.keys()].map(addressOf), range);
  return new Map([...suspects].filter(([subject]) => own.has(addressOf(subject))));
}

/**
 * Subjects with names too long for an index to group by: few have such, so their contacts are read. A path of a thousand
 * characters would hide who scans otherwise.
 */
async function longNamed(
  index: TelemetryIndex,
  query: Query,
  range: Span,
  subjects: readonly string[] | undefined,
  least: number,
  now: number,
): Promise<string[]> {
  const counts = new Map<string, number>();
  for await (const page of readRecords(index, query, [range], now))
    for (const { subject } of page.flatMap(contactsIn)) counts.set(subject, (counts.get(subject) ?? 0) + 1);
  return reaching(counts, least, subjects);
}
