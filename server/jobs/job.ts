import type { Analytic } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import { toPlan, windowSecondsOf } from '../../queries/plan.js';
import { type Cadence, type CadenceSettings, cadencesOf } from './cadences.js';
import { applySettings, type Settings } from './settings.js';

/** Everything that one analytic hunts. */
export interface Job {
  analytic: Analytic;
  /** From short to long. */
  windows: readonly JobWindow[];
}

/** Windows of one length. */
export interface JobWindow extends Cadence {
  seconds: number;
  /** Absent: not since this process began; then there is always news. */
  hunted?: Hunted;
}

/** Up to where windows were hunted, when that position was first hunted, and when the last time; epoch ms. */
interface Hunted {
  position: number;
  since: number;
  at: number;
}

/** A job an analytic. Throws TUNABLE_INVALID, and CONFIG_INVALID for a cadence that is none or of no window. */
export function jobsOf(settings: Settings, cadences: CadenceSettings): Job[] {
  const tunables = applySettings(settings);
  return analytics.map((analytic) => {
    const lengths = windowSecondsOf(toPlan(analytic, tunables.get(analytic.id)!).measures);
    const windows = [...cadencesOf(analytic.id, lengths, cadences)];
    return { analytic, windows: windows.map(([seconds, cadence]) => ({ seconds, ...cadence })) };
  });
}
