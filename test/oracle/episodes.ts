import type { MeasureName } from '../../queries/analytic.js';
import type { Plan, PlannedMeasure, Polling } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS, type FiredMeasure, type FoundEpisode } from '../../server/model/episode.js';
import type { Contact } from '../../server/model/observation.js';
import { addressNumber } from './address.js';
import { type Member, type Observations, type Population, populationsOf } from './populations.js';

/**
 * The episodes of one plan and subject, by brute force: every window that ends at an observation is counted afresh.
 * Written apart from the window pass, to be compared with it: slow (cubic), and as plain as the rules allow.
 */
export function oracleEpisodes(plan: Plan, kind: 'process' | 'address', seen: Observations): FoundEpisode[] {
  return merged(oracleIntervals(plan, kind, seen)).flatMap(parts);
}

/** A window that fired, or a launch that alerts alone. */
export interface Interval {
  start: number;
  end: number;
  fired?: Fired;
}

interface Fired {
  measure: PlannedMeasure;
  windowSeconds: number;
  threshold: number;
  contexts: Population['contexts'];
  destination?: string;
  distinct: number;
}

/** Every window that fires, in no order. */
export function oracleIntervals(plan: Plan, kind: 'process' | 'address', seen: Observations): Interval[] {
  const launches: Interval[] = seen.launches.map(({ time }) => ({ start: time, end: time }));
  const applicable = plan.measures.filter(
    ({ subjects, outcome }) =>
      (subjects === 'both' || subjects === kind) && !(kind === 'address' && seen.isShared && outcome !== 'failed'),
  );
  return launches.concat(applicable.flatMap((measure) => firingWindows(plan, measure, seen)));
}

function firingWindows(plan: Plan, measure: PlannedMeasure, seen: Observations): Interval[] {
  const intervals: Interval[] = [];
  for (const window of measure.windows) {
    const windowMs = window.seconds * 1_000;
    const counted = seen.contacts.filter((contact) => !isPolling(plan.polling, windowMs, contact, seen.contacts));
    for (const { contexts, thresholds, destination, members } of populationsOf(plan, measure, counted, seen)) {
      const threshold = window.threshold * thresholds;
      for (const end of new Set(members.map(({ time }) => time))) {
        const inside = members.filter(({ time }) => time >= end - windowMs && time <= end);
        const distinct = distinctOf(measure.name, inside);
        if (distinct < threshold) continue;
        const fired: Fired = { measure, windowSeconds: window.seconds, threshold, contexts, distinct };
        if (destination !== undefined) fired.destination = destination;
        intervals.push({ start: Math.min(...inside.map(({ time }) => time)), end, fired });
      }
    }
  }
  return intervals;
}

/** Whether rounds − 1 earlier contacts of its socket, each a gap or more from the next, lead up to a contact. */
export function isPolling(polling: Polling, windowMs: number, contact: Contact, contacts: Contact[]): boolean {
  if (polling.rounds < 2) return false;
  const oldest = contact.time - Math.max(polling.lookbackMs, windowMs);
  const times = contacts.filter((other) => isSameSocket(contact, other)).map(({ time }) => time);
  const leadsUpTo = (time: number, rounds: number): boolean =>
    rounds === 0 || times.some((t) => t >= oldest && t < time && time - t >= polling.gapMs && leadsUpTo(t, rounds - 1));
  return leadsUpTo(contact.time, polling.rounds - 1);
}

const isSameSocket = (a: Contact, b: Contact): boolean =>
  a.destination === b.destination && a.port === b.port && a.transport === b.transport;

function distinctOf(name: MeasureName, members: Member[]): number {
  if (name === 'port_run' || name === 'address_run') return longestRun(members);
  if (name === 'services' && !members.some(({ value }) => value === null)) return 0;
  return new Set(members.map(({ value }) => value).filter((value) => value !== null)).size;
}

/** The most values in a row, all up or all down, by the time each first came. Values that came together break a row. */
function longestRun(members: Member[]): number {
  const firsts = members.filter(
    ({ time, value }) => !members.some((earlier) => earlier.value === value && earlier.time < time),
  );
  const instants = [...new Set(firsts.map(({ time }) => time))].sort((a, b) => a - b);
  const row = instants.map((instant) => {
    const orders = new Set(firsts.filter(({ time }) => time === instant).map(({ order }) => order));
    return orders.size === 1 ? [...orders][0]! : undefined;
  });
  const lengths = row.flatMap((_, from) => [
    lengthWhile(row.slice(from), (a, b) => a < b),
    lengthWhile(row.slice(from), (a, b) => a > b),
  ]);
  return Math.max(0, ...lengths);
}

/** How many values from the first on follow one another. */
function lengthWhile(row: (bigint | undefined)[], isNext: (a: bigint, b: bigint) => boolean): number {
  const broken = row.findIndex((value, i) => value === undefined || (i > 0 && !isNext(row[i - 1]!, value)));
  return broken < 0 ? row.length : broken;
}

/** The intervals of each episode. */
function merged(intervals: Interval[]): Interval[][] {
  const episodes: Interval[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const interval of intervals.toSorted((a, b) => a.start - b.start)) {
    if (interval.start - end > EPISODE_GAP_MS) episodes.push([]);
    episodes.at(-1)!.push(interval);
    end = Math.max(end, interval.end);
  }
  return episodes;
}

/** An episode, or its parts where it covers whole UTC days. */
function parts(intervals: Interval[]): FoundEpisode[] {
  const start = Math.min(...intervals.map((interval) => interval.start));
  const end = Math.max(...intervals.map((interval) => interval.end));
  const cuts = new Set<number>();
  for (let day = Math.floor(start / DAY_MS) * DAY_MS; day <= end; day += DAY_MS)
    if (start <= day && end >= day + DAY_MS - 1) cuts.add(day).add(day + DAY_MS);
  const borders = [Number.NEGATIVE_INFINITY, ...cuts, Number.POSITIVE_INFINITY];
  const dealt = borders
    .slice(1)
    .map((to, i) => ({ from: borders[i]!, intervals: intervals.filter((it) => it.end >= borders[i]! && it.end < to) }))
    .filter((part) => part.intervals.length > 0);
  return dealt.map((part, index) => {
    const first = Math.min(...part.intervals.map((interval) => interval.start));
    return {
      start: index === 0 ? first : Math.max(part.from, first),
      end: Math.max(...part.intervals.map((interval) => interval.end)),
      measures: entries(part.intervals),
      ...(dealt.length > 1 ? { part: { index, of: dealt.length } } : {}),
    };
  });
}

/** One entry per measure and window that fired. */
function entries(intervals: Interval[]): FiredMeasure[] {
  const fired = intervals.filter((interval): interval is Required<Interval> => interval.fired !== undefined);
  const nameOf = ({ fired: { measure, windowSeconds } }: Required<Interval>) => `${identity(measure)} ${windowSeconds}`;
  return [...new Set(fired.map(nameOf))].map((entryName) => {
    const windows = fired.filter((window) => nameOf(window) === entryName);
    const overAll = windows.filter((window) => window.fired.contexts === 'all');
    const [most] = (overAll.length > 0 ? overAll : windows).toSorted(
      (a, b) =>
        b.fired.distinct - a.fired.distinct ||
        a.end - b.end ||
        compareAddresses(a.fired.destination, b.fired.destination),
    );
    const {
      start,
      end,
      fired: { measure, windowSeconds, threshold, destination, distinct },
    } = most!;
    const entry: FiredMeasure = {
      name: measure.name,
      scope: measure.scope,
      outcome: measure.outcome,
      distinct,
      threshold,
      windowSeconds,
      start,
      end,
    };
    if (destination !== undefined) entry.destination = destination;
    return entry;
  });
}

const identity = ({ name, scope, outcome, ports }: PlannedMeasure): string =>
  [name, scope, outcome, ports === undefined ? 'any port' : 'listed ports'].join(' ');

const compareAddresses = (a: string | undefined, b: string | undefined): number =>
  a === undefined || b === undefined ? 0 : Number(addressNumber(a) - addressNumber(b));
