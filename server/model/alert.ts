import type { AnalyticId, OutcomeScope, Scope, TunableValue } from '../../queries/analytic.js';
import type { Outcome } from './observation.js';
import type { Subject } from './subject.js';

export type AlertState = 'active' | 'recurring' | 'joined' | 'merged' | 'withdrawn';
export type Shape = 'vertical' | 'horizontal' | 'block' | 'service enumeration' | 'link' | 'launch';
export type Severity = 'low' | 'medium' | 'high';

/** `event.severity`: the middle of the bands that Kibana shows as low, medium and high. */
export const SEVERITY: Readonly<Record<Severity, number>> = { low: 21, medium: 47, high: 73 };

/** One alert as it is written: ECS 9, and what is ours under `scanhound`. Times are ISO 8601 in UTC. */
export interface Alert {
  '@timestamp': string;
  ecs: { version: string };
  event: {
    kind: 'alert';
    category: string[];
    type: string[];
    start: string;
    end: string;
    risk_score: number;
    severity: number;
    reason: string;
    module: 'scanhound';
    dataset: 'scanhound.alert';
  };
  rule: { id: string; name: string; version: string; category: string; reference: string };
  threat: {
    framework: string;
    tactic: { id: string; name: string; reference: string };
    technique: { id: string; name: string; reference: string };
  };
  host?: { id?: string; name?: string; ip?: string[]; os?: { type: string } };
  process?: AlertProcess;
  user?: { name: string };
  source?: { ip: string };
  container?: { id: string };
  orchestrator?: { namespace: string };
  related: { ip: string[]; hosts: string[]; user: string[] };
  scanhound: ScanhoundFields;
}

interface AlertProcess {
  executable?: string;
  name?: string;
  command_line?: string;
  entity_id?: string;
  pid?: number;
  parent?: { executable?: string; command_line?: string; entity_id?: string; pid?: number };
}

export interface ScanhoundFields {
  analytic: AnalyticId;
  tunables: Readonly<Record<string, TunableValue>>;
  subject: { kind: Subject['kind']; key: string };
  state: AlertState;
  severity: Severity;
  shape: Shape;
  measures: AlertMeasure[];
  /** Over the whole episode, polling left out. */
  targets: {
    hosts: number;
    ports: number;
    sockets: number;
    /** The destinations with most ports, 10 at most. */
    top: { address: string; ports: number; sockets: number; failed: number }[];
  };
  outcomes: Record<Outcome, number>;
  runs: { ports: number; addresses: number; unit_steps: number; density: number };
  /** Of the contacts between start and end, how many are polling; `recurring` when every socket goes on as polling. */
  polling: { share: number; recurring: boolean };
  service_types: string[];
  evidence: Evidence[];
  launches: AlertLaunch[];
  score_parts: { name: string; points: number; says: string }[];
  /** The process ids and parents seen in the episode: they join a launch to what it started. Bounded. */
  processes: { ids: string[]; parents: string[] };
  part?: { index: number; of: number; previous?: string; next?: string };
  /** Alerts of the same scan that were joined to this one: what the network saw of it, or what started it. */
  joined?: JoinedAlert[];
  /** The alert that tells of the same scan. */
  joined_to?: string;
  /** The severity, and the reason, without what was joined. */
  own_severity?: Severity;
  own_reason?: string;
  merged_into?: string;
  revision: number;
}

interface JoinedAlert {
  id: string;
  subject: { kind: Subject['kind']; key: string };
  shape: Shape;
  targets: { hosts: number; ports: number; sockets: number };
}

export interface AlertMeasure {
  name: string;
  scope: Scope;
  outcome: OutcomeScope;
  distinct: number;
  threshold: number;
  window_seconds: number;
  start: string;
  end: string;
  destination?: string;
  /** Whose measure: the alert's own subject, or the address that was joined to it. */
  subject: Subject['kind'];
}

/** One original document, chosen by time, address and port so that every run chooses alike. */
export interface Evidence {
  /** The document's name in the store that it was read from. */
  ref: string;
  kind: 'contact' | 'launch' | 'raw_socket' | 'service_query' | 'arp';
  time: string;
  /** Index and id of the document, or file and line. */
  index: string;
  id: string;
  destination?: string;
  port?: number;
  transport?: string;
  outcome?: Outcome;
  says?: string;
}

export interface AlertLaunch {
  time: string;
  executable?: string;
  command_line?: string;
  parent?: string;
  user?: string;
  /** What matched: a tool list, a pattern, a path. */
  match?: 'ScanToolList' | 'ToolPatternRegex' | 'ExecutablePath';
  renamed?: boolean;
}

/** Alerts that stand: neither joined to another, nor absorbed, nor withdrawn. */
export const isFinal = ({ scanhound: { state } }: Alert): boolean => state === 'active' || state === 'recurring';
