import type {
  Analytic,
  AnalyticId,
  MeasureName,
  OutcomeScope,
  Scope,
  TelemetryScope,
  TunableValue,
} from './analytic.js';

/** An analytic with its tunables in place: what every compiler and the window pass read. */
export interface Plan {
  readonly analytic: AnalyticId;
  readonly name: string;
  readonly version: number;
  readonly telemetry: TelemetryScope;
  readonly measures: readonly PlannedMeasure[];
  readonly polling: Polling;
  /** The tunables in force, by name. */
  readonly tunables: Readonly<Record<string, TunableValue>>;
}

export interface PlannedMeasure {
  readonly name: MeasureName;
  readonly scope: Scope;
  readonly outcome: OutcomeScope;
  readonly subjects: 'process' | 'address' | 'both';
  /** The only destination ports counted; absent: all. */
  readonly ports?: readonly number[];
  /** From short to long. */
  readonly windows: readonly PlannedWindow[];
}

export interface PlannedWindow {
  readonly seconds: number;
  /** A window with so many distinct values fires. */
  readonly threshold: number;
}

export interface Polling {
  /** 0: off. */
  readonly rounds: number;
  readonly gapMs: number;
  readonly lookbackMs: number;
}

/** Window lengths as multiples of TimeWindow, and what each asks for as a multiple of the threshold. */
const WINDOWS = [
  { times: 1, thresholds: 1 },
  { times: 10, thresholds: 1 },
  { times: 60, thresholds: 2 },
  { times: 1_440, thresholds: 4 },
] as const;

/** Tunables in place. `values` were checked by `tunablesOf`. */
export function toPlan(analytic: Analytic, values: Readonly<Record<string, TunableValue>>): Plan {
  const number = (name: string) => values[name] as number;
  return {
    analytic: analytic.id,
    name: analytic.name,
    version: analytic.version,
    telemetry: analytic.telemetry,
    measures: analytic.measures.map((measure) => ({
      name: measure.name,
      scope: measure.scope,
      outcome: measure.outcome,
      subjects: measure.subjects,
      ...(measure.ports === undefined ? {} : { ports: values[measure.ports] as readonly number[] }),
      windows: WINDOWS.map(({ times, thresholds }) => ({
        seconds: number('TimeWindow') * times,
        threshold: number(measure.threshold) * thresholds,
      })),
    })),
    polling: {
      rounds: number('PollingRounds'),
      gapMs: number('PollingGap') * 1_000,
      lookbackMs: number('PollingLookback') * 1_000,
    },
    tunables: values,
  };
}

/** The window lengths of some measures, in seconds, each once, from short to long. */
export const windowSecondsOf = (measures: readonly PlannedMeasure[]): number[] =>
  [...new Set(measures.flatMap(({ windows }) => windows.map(({ seconds }) => seconds)))].sort((a, b) => a - b);

export const longestWindowMs = ({ measures }: Plan): number => (windowSecondsOf(measures).at(-1) ?? 0) * 1_000;

/** The plan with windows of these lengths alone, in seconds: what is sought when only they are due. */
export const withWindows = (plan: Plan, seconds: readonly number[]): Plan => ({
  ...plan,
  measures: plan.measures.map((measure) => ({
    ...measure,
    windows: measure.windows.filter((window) => seconds.includes(window.seconds)),
  })),
});
