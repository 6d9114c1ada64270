import type { MeasureName, OutcomeScope, Scope } from '../../queries/analytic.js';

/** The exact maximum of one measure and window within an episode. */
export interface FiredMeasure {
  name: MeasureName;
  scope: Scope;
  outcome: OutcomeScope;
  /** The exact maximum over the closed windows that end in the episode. */
  distinct: number;
  threshold: number;
  windowSeconds: number;
  /** Epoch ms: the oldest counted observation in that window. */
  start: number;
  /** Epoch ms: the earliest time whose window holds the maximum. */
  end: number;
  /** Of the measures that count within one host: the host with most, then earliest, then lowest address. */
  destination?: string;
}

/** Firing intervals of one analytic and subject, merged when at most 15 minutes apart. */
export interface FoundEpisode {
  /** Epoch ms of the first and last counted observation. */
  start: number;
  end: number;
  measures: FiredMeasure[];
  /** A part of a longer episode that was cut at UTC midnights: which part, from 0, of how many. */
  part?: { index: number; of: number };
}

/** Firing intervals so far apart, or nearer, are one episode. */
export const EPISODE_GAP_MS = 15 * 60_000;
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
