import type { PlannedMeasure, PlannedWindow } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS, type FiredMeasure } from '../model/episode.js';
import type { Fire } from './sliding.js';

/** Windows of one measure and length that fired close together and ended on one UTC day, with their maximum. */
export interface Firing {
  measure: PlannedMeasure;
  start: number;
  end: number;
  best: FiredMeasure;
}

interface Source {
  measure: PlannedMeasure;
  window: PlannedWindow;
  threshold: number;
  destination?: string;
}

/**
 * Gathers the windows that `slide` fires, in the order of their ends, into few stretches. They are kept apart by UTC
 * day, so that an episode can be cut at midnights without judging its windows again.
 */
export function collectFiring(source: Source, slide: (fire: Fire) => void): Firing[] {
  const { measure, window, threshold, destination } = source;
  const firings: Firing[] = [];
  let open: Firing | undefined;
  slide((start, end, distinct) => {
    if (open && start <= open.end + EPISODE_GAP_MS && dayOf(end) === dayOf(open.end)) {
      open.end = end;
      if (distinct > open.best.distinct) Object.assign(open.best, { distinct, start, end });
      return;
    }
    const { name, scope, outcome } = measure;
    const best: FiredMeasure = { name, scope, outcome, distinct, threshold, windowSeconds: window.seconds, start, end };
    if (destination !== undefined) best.destination = destination;
    open = { measure, start, end, best };
    firings.push(open);
  });
  return firings;
}

const dayOf = (time: number): number => Math.floor(time / DAY_MS);
