import fc from 'fast-check';
import { an1057 } from '../../queries/analytics/an1057.js';
import { an1059 } from '../../queries/analytics/an1059.js';
import { type Plan, type PlannedMeasure, toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';

/** From a minute to a day: with low thresholds, a few contacts make an episode of whole days. */
const LONG_WINDOWS_SECONDS = [60, 900, 6 * 3_600, 86_400];

/** Ports the generated contacts use. */
const REMOTE_ACCESS_PORTS = [22, 23, 24, 445];

/** Long lists that windows never read, and that would hide the rest of a counterexample. */
const UNREAD = { ScanToolList: [], ToolPatternRegex: [], KnownScannerExeList: [] };

/** Plans with thresholds so low and windows so short that a handful of contacts fires. AN1059 has every measure. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    analytic: fc.constantFrom(an1057, an1059, an1059),
    thresholds: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 11, maxLength: 11 }),
    isLong: fc.boolean(),
    tunables: fc.record({
      TimeWindow: fc.constantFrom(1, 2, 3, 10),
      PollingRounds: fc.constantFrom(0, 2, 3, 4),
      PollingGap: fc.constantFrom(1, 2, 7, 20),
      PollingLookback: fc.constantFrom(5, 60, 3_600),
      UserContext: fc.constantFrom('any', 'any', 'interactive', 'daemon'),
    }),
  })
  .map(({ analytic, thresholds, isLong, tunables }) => {
    const plan = toPlan(
      analytic,
      tunablesOf(analytic, { ...UNREAD, ...tunables, RemoteAccessPorts: REMOTE_ACCESS_PORTS }),
    );
    const measures = plan.measures.map((measure, i) => ({
      ...measure,
      windows: isLong ? longWindows(thresholds[i]!) : withThreshold(measure, thresholds[i]!),
    }));
    return { ...plan, measures };
  });

const longWindows = (threshold: number) => LONG_WINDOWS_SECONDS.map((seconds) => ({ seconds, threshold }));

/** The plan's own windows; a threshold below what the tunable allows, as many times as the plan asks for. */
const withThreshold = ({ windows }: PlannedMeasure, threshold: number) =>
  windows.map((window) => ({ ...window, threshold: (threshold * window.threshold) / windows[0]!.threshold }));
