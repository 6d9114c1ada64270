import { DAY_MS, HOUR_MS } from '../model/episode.js';
import type { Arrivals, Documents, HourCount, Span } from '../model/ports.js';
import { joinSpans } from '../model/spans.js';
import type { Stretch } from './run-account.js';

/** What the last comparison of what is there with what hunts read came to. */
export interface ArrivalReport {
  /** When it was made; ISO 8601, in UTC. */
  checked: string;
  /** Records that were not there when hunts read the arrivals of their hour. They were hunted. */
  late: number;
  /** Records that are there no longer: their indices were removed, or closed. Their alerts stand. */
  lost: number;
  /** The hours in which the late ones say they arrived, the earliest first, 100 at most. */
  hours: Stretch[];
}

const LONGEST_MS = 7 * DAY_MS;

/** How many records more, or fewer, are there now than are kept; the rest is alike. */
export function compareArrivals(kept: readonly HourCount[], now: readonly HourCount[]): HourCount[] {
  const differences = new Map<string, HourCount>();
  const add = ({ index, hour, records }: HourCount, sign: 1 | -1) => {
    const key = `${hour} ${index}`;
    const known = differences.get(key) ?? { index, hour, records: 0 };
    differences.set(key, { ...known, records: known.records + sign * records });
  };
  for (const count of now) add(count, 1);
  for (const count of kept) add(count, -1);
  return [...differences.values()].filter(({ records }) => records !== 0);
}

/** The arrivals of these hours, in order: hours that follow each other as one, a week at most. */
export function arrivalsIn(hours: readonly HourCount[]): Arrivals[] {
  const spans = joinSpans(
    hours.map(({ hour }) => ({ from: hour, to: hour + HOUR_MS - 1 })),
    1,
  );
  return cutSpans(spans).map(({ from, to }) => ({ after: from - 1, until: to }));
}

/** Spans to hunt one by one: those within a day of each other as one, a week long at most. */
export const toHunt = (touched: readonly Span[]): Span[] => cutSpans(joinSpans(touched, DAY_MS));

const cutSpans = (spans: readonly Span[]): Span[] =>
  spans.flatMap(({ from, to }) =>
    Array.from({ length: Math.ceil((to - from + 1) / LONGEST_MS) }, (_, part) => ({
      from: from + part * LONGEST_MS,
      to: Math.min(to, from + (part + 1) * LONGEST_MS - 1),
    })),
  );

const KEPT = 'arrivals';

/** As it is kept: also while the first comparison is at work. */
export interface KeptComparison {
  /** When the last one was begun; ISO 8601, in UTC. */
  begun: string;
  report?: ArrivalReport;
}

export const readComparison = (documents: Documents) => documents.get<KeptComparison>('health', KEPT);

/** False when somebody wrote since it was read as `version`; absent: as none. */
export const keepComparison = (documents: Documents, comparison: KeptComparison, version?: number): Promise<boolean> =>
  version === undefined
    ? documents.create('health', KEPT, comparison)
    : documents.update('health', KEPT, comparison, version);
