import type { AnalyticId } from '../../queries/analytic.js';
import type { EcsDocument } from '../../queries/document.js';
import type { Alert, AlertState, Severity, Shape } from '../../server/model/alert.js';
import { parseSubjectKey } from '../../server/model/subject.js';
import type { Cast } from './cast.js';
import { fileName } from './telemetry/act.js';

/** Events in, alerts out. */
export interface Scenario {
  name: string;
  /** What agents and sensors write: all of it arrives at once. */
  events: (cast: Cast) => EcsDocument[];
  /** Tunables that differ from their defaults, in every analytic that has them. */
  settings?: Readonly<Record<string, unknown>>;
  /** The final alerts, by start, then by who. Of each only what is named here is compared. */
  found: readonly Expected[];
  /** The allow lists that silenced an episode each, in order of their names. */
  silenced?: readonly string[];
}

/** What is said of one alert. */
export interface Told {
  analytic: AnalyticId;
  /** The program's file name, or the subject's address. */
  who: string;
  /** Its own measures and those joined to it, in order: `name scope outcome distinct in seconds`. */
  measures: readonly string[];
  severity: Severity;
  state: AlertState;
  shape: Shape;
  /** Distinct hosts and sockets of the episode. */
  hosts: number;
  sockets: number;
  /** How many alerts of the same scan were joined to it. */
  joined: number;
  /** The parts of the score that have points. */
  points: Readonly<Record<string, number>>;
  start: number;
  end: number;
  part: string;
}

export type Expected = Pick<Told, 'analytic'> &
  Partial<Omit<Told, 'who'>> & { who?: string | ((cast: Cast) => string) };

/** A burst fires in the windows of one minute and of ten. */
export const quick = (measure: string, distinct: number): string[] => [
  `${measure} ${distinct} in 60`,
  `${measure} ${distinct} in 600`,
];

export function tell({ scanhound, event }: Alert): Told {
  const { analytic, subject, severity, state, shape, targets, joined, part } = scanhound;
  const who = parseSubjectKey(subject.key);
  return {
    analytic,
    who: who.kind === 'process' ? fileName(who.process) : who.address,
    measures: scanhound.measures
      .map((one) => `${one.name} ${one.scope} ${one.outcome} ${one.distinct} in ${one.window_seconds}`)
      .sort(),
    severity,
    state,
    shape,
    hosts: targets.hosts,
    sockets: targets.sockets,
    joined: joined?.length ?? 0,
    points: Object.fromEntries(scanhound.score_parts.map(({ name, points }) => [name, points])),
    start: Date.parse(event.start),
    end: Date.parse(event.end),
    part: part ? `${part.index + 1} of ${part.of}` : '',
  };
}

/** Of what is told only what the expectation names; of points only those (0: no such part). All where it is absent. */
export function pick(told: Told, expected: Expected | undefined): Partial<Told> {
  if (!expected) return told;
  const named = Object.fromEntries(Object.entries(told).filter(([key]) => Object.hasOwn(expected, key)));
  if (!expected.points) return named;
  const names = Object.keys(expected.points);
  return { ...named, points: Object.fromEntries(names.map((name) => [name, told.points[name] ?? 0])) };
}

/** The expectation about this cast, its measures in order. */
export const resolve = (expected: Expected, cast: Cast): Expected => ({
  ...expected,
  ...(typeof expected.who === 'function' ? { who: expected.who(cast) } : {}),
  ...(expected.measures ? { measures: [...expected.measures].sort() } : {}),
});
