import type { Platform } from './integration.js';

/**
 * A detection as plain data: what it hunts, on which telemetry, with which tunables. `plan.ts` puts the values in
 * place, `compile/` says the plan in an engine's words, `server/hunt` judges the windows.
 */
export interface Analytic {
  readonly id: AnalyticId;
  readonly name: string;
  readonly description: string;
  /** Raised whenever the same telemetry could give other alerts. */
  readonly version: number;
  readonly technique: 'T1046';
  readonly strategy: 'DET0376';
  readonly telemetry: TelemetryScope;
  readonly measures: readonly Measure[];
  readonly tunables: Readonly<Record<string, Tunable>>;
}

export type AnalyticId = 'AN1057' | 'AN1058' | 'AN1059' | 'AN1060';

/** Which records an analytic looks at. Flows are shared out by the host that holds the source address. */
export interface TelemetryScope {
  /** The hosts' operating system; absent: any. */
  readonly platform?: Platform;
  /** Records that name a container, or none of those. */
  readonly container: boolean;
  /** Also takes process records that name no operating system, and flows of addresses that no known host holds. */
  readonly unattributed: boolean;
  /** Also takes every service query, whatever the host. */
  readonly serviceQueries: boolean;
}

export type MeasureName =
  | 'hosts'
  | 'ports'
  | 'sockets'
  | 'port_run'
  | 'address_run'
  | 'services'
  | 'service_hashes'
  | 'arp';
export type Scope = 'own' | 'foreign' | 'any' | 'link';
export type OutcomeScope = 'any' | 'failed';

/** What is counted over every closed window, and which tunable says how much is a scan. */
export interface Measure {
  readonly name: MeasureName;
  readonly scope: Scope;
  readonly outcome: OutcomeScope;
  /** The tunable with the threshold of the shortest window. */
  readonly threshold: string;
  /** The tunable that lists the only destination ports counted; absent: all. */
  readonly ports?: string;
  /** Which kind of subject it holds for. */
  readonly subjects: 'process' | 'address' | 'both';
}

export type TunableValue = number | string | readonly string[] | readonly number[];

export interface Tunable {
  readonly default: TunableValue;
  readonly unit: string;
  readonly says: string;
  /** Where the number comes from. */
  readonly source: string;
  /** ATT&CK's mutable element of this analytic, or our own. */
  readonly origin: 'ATT&CK' | 'Scanhound';
  /** Inclusive bounds of a number. */
  readonly range?: readonly [number, number];
  /** The only values of a text. */
  readonly choices?: readonly string[];
  /** What the members of a list are: checked when set. */
  readonly items?: 'text' | 'glob' | 'pattern' | 'address' | 'port';
}

export const defineAnalytic = <const T extends Analytic>(analytic: T): T => analytic;
