import type { Plan, PlannedMeasure, PlannedWindow } from '../../queries/plan.js';
import type { FoundEpisode } from '../model/episode.js';
import { groupBy } from '../model/group-by.js';
import type { Subject } from '../model/subject.js';
import { collectFiring, type Firing } from './firing.js';
import { toEpisodes } from './merge-firing.js';
import { roundStarts } from './polling.js';
import { isPerDestination, META, type Member, membersOf, type Observations, toPopulation } from './populations.js';
import { slideRuns } from './run-length.js';
import { slideServices } from './services.js';
import { type Fire, slideDistinct } from './sliding.js';

export type { Observations } from './populations.js';

/** Whether the window of so many seconds that ends at `time` is to be judged. */
export type Judged = (windowSeconds: number, time: number) => boolean;

/**
 * The episodes of one analytic and subject: exact maxima over all closed windows of all measures, merged and cut.
 * Pure, and the same for every engine. Observations must be in time order; ties in any order.
 *
 * @param judged leaves out windows that the observations given can't decide (those near the edge of what was read)
 */
export function findEpisodes(
  plan: Plan,
  kind: Subject['kind'],
  observations: Observations,
  judged: Judged = () => true,
): FoundEpisode[] {
  const rounds = roundStarts(observations.contacts, plan.polling);
  const firings: Firing[] = [];
  for (const measure of plan.measures) {
    if (measure.subjects !== 'both' && measure.subjects !== kind) continue;
    if (observations.isShared && measure.outcome !== 'failed') continue;
    const members = membersOf(plan, measure, observations);
    for (const lane of lanesOf(plan, members, observations))
      for (const window of measure.windows)
        firings.push(...fireWindow(plan, measure, window, lane, { rounds, judged }));
  }
  const launches = observations.launches.filter(({ time }) => judged(0, time)).map(({ time }) => time);
  return toEpisodes(firings, launches);
}

/** A population with the share of the threshold it must reach. */
interface Lane {
  members: readonly Member[];
  times: 1 | 2;
}

/** With a UserContext set, contacts of that context reach the threshold, or all contacts twice as much. */
function lanesOf(plan: Plan, members: readonly Member[], { contacts }: Observations): Lane[] {
  const wanted = plan.tunables.UserContext;
  if (wanted === undefined || wanted === 'any' || members.every(({ contact }) => contact === undefined))
    return [{ members, times: 1 }];
  const isListed = ({ contact }: Member) => {
    const context = contact === undefined ? null : contacts[contact]!.context;
    return context === null || context === wanted;
  };
  return [
    { members, times: 2 },
    { members: members.filter(isListed), times: 1 },
  ];
}

interface Judging {
  rounds: Float64Array;
  judged: Judged;
}

function fireWindow(
  plan: Plan,
  measure: PlannedMeasure,
  window: PlannedWindow,
  lane: Lane,
  { rounds, judged }: Judging,
): Firing[] {
  const threshold = window.threshold * lane.times;
  if (lane.members.length < threshold) return [];
  const windowMs = window.seconds * 1_000;
  const lookbackMs = Math.max(plan.polling.lookbackMs, windowMs);
  const counted = lane.members.filter(
    ({ contact, time }) => contact === undefined || rounds[contact]! < time - lookbackMs,
  );
  return populationsOf(measure, counted, threshold).flatMap(({ destination, members }) =>
    collectFiring({ measure, window, threshold, ...(destination === undefined ? {} : { destination }) }, (fire) =>
      slide(measure, members, windowMs, threshold, (start, end, distinct) => {
        if (judged(window.seconds, end)) fire(start, end, distinct);
      }),
    ),
  );
}

/** The one population of a measure, or one for each destination that has enough members to fire. */
function populationsOf(
  measure: PlannedMeasure,
  members: readonly Member[],
  threshold: number,
): { destination?: string; members: readonly Member[] }[] {
  if (!isPerDestination(measure)) return [{ members }];
  const byDestination = groupBy(members, ({ destination }) => destination!);
  return [...byDestination]
    .filter(([, same]) => same.length >= threshold)
    .map(([destination, same]) => ({ destination, members: same }));
}

function slide(
  measure: PlannedMeasure,
  members: readonly Member[],
  windowMs: number,
  threshold: number,
  fire: Fire,
): void {
  if (measure.name === 'services') {
    const types = new Map<string | number, number>([[META, -1]]);
    const numbers = members.map(({ value }) => types.get(value) ?? types.set(value, types.size).get(value)!);
    slideServices(
      members.map(({ time }) => time),
      numbers,
      windowMs,
      threshold,
      fire,
    );
    return;
  }
  const population = toPopulation(measure, members);
  if (measure.name === 'port_run' || measure.name === 'address_run') slideRuns(population, windowMs, threshold, fire);
  else slideDistinct(population, windowMs, threshold, fire);
}
