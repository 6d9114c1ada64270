import type { PlannedMeasure } from '../../queries/plan.js';
import { addressOrder } from '../model/address.js';
import { DAY_MS, EPISODE_GAP_MS, type FiredMeasure, type FoundEpisode } from '../model/episode.js';
import type { Firing } from './firing.js';

interface Stretch {
  start: number;
  end: number;
  firing?: Firing;
}

/** Episodes of firing stretches and of launches that alert alone: merged, and cut at the midnights of whole days. */
export function toEpisodes(firings: readonly Firing[], launches: readonly number[]): FoundEpisode[] {
  const stretches: Stretch[] = [
    ...firings.map((firing) => ({ start: firing.start, end: firing.end, firing })),
    ...launches.map((time) => ({ start: time, end: time })),
  ].sort((a, b) => a.start - b.start);
  return merge(stretches).flatMap(cut);
}

function merge(stretches: readonly Stretch[]): Stretch[][] {
  const groups: Stretch[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const stretch of stretches) {
    if (stretch.start > end + EPISODE_GAP_MS) groups.push([]);
    groups.at(-1)!.push(stretch);
    end = Math.max(end, stretch.end);
  }
  return groups;
}

/** One episode, or its parts where it covers whole UTC days: what ends between two cuts is one part. */
function cut(stretches: readonly Stretch[]): FoundEpisode[] {
  const midnights = midnightsOf(startOf(stretches), endOf(stretches));
  const parts = new Map<number, Stretch[]>();
  for (const stretch of stretches) {
    const part = midnights.filter((midnight) => midnight <= stretch.end).length;
    parts.set(part, [...(parts.get(part) ?? []), stretch]);
  }
  return [...parts]
    .sort(([one], [other]) => one - other)
    .map(([part, own], index) => ({
      start: index === 0 ? startOf(own) : Math.max(midnights[part - 1]!, startOf(own)),
      end: endOf(own),
      measures: bestOf(own),
      ...(parts.size > 1 ? { part: { index, of: parts.size } } : {}),
    }));
}

/** Both midnights of every UTC day that [start, end] covers whole. */
function midnightsOf(start: number, end: number): number[] {
  const first = Math.ceil(start / DAY_MS);
  const after = Math.floor((end + 1) / DAY_MS);
  const midnights = [];
  if (after > first) for (let day = first; day <= after; day++) midnights.push(day * DAY_MS);
  return midnights;
}

const startOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((least, { start }) => Math.min(least, start), Infinity);
const endOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((most, { end }) => Math.max(most, end), -Infinity);

/** One entry a measure and window: the most, then the earliest, then the lowest destination. */
function bestOf(stretches: readonly Stretch[]): FiredMeasure[] {
  const best = new Map<PlannedMeasure, Map<number, FiredMeasure>>();
  for (const { firing } of stretches) {
    if (!firing) continue;
    const windows = best.get(firing.measure) ?? best.set(firing.measure, new Map()).get(firing.measure)!;
    const known = windows.get(firing.best.windowSeconds);
    if (!known || isBetter(firing.best, known)) windows.set(firing.best.windowSeconds, firing.best);
  }
  return [...best.values()].flatMap((windows) =>
    [...windows.values()].sort((a, b) => a.windowSeconds - b.windowSeconds),
  );
}

/** With a UserContext two thresholds are in force: what reached the higher one speaks for all contacts. */
function isBetter(one: FiredMeasure, other: FiredMeasure): boolean {
  if (one.threshold !== other.threshold) return one.threshold > other.threshold;
  if (one.distinct !== other.distinct) return one.distinct > other.distinct;
  if (one.end !== other.end) return one.end < other.end;
  return isLower(one.destination, other.destination);
}

const isLower = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && addressOrder(one) < addressOrder(other);
