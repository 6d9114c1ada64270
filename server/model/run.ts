import type { AnalyticId, TunableValue } from '../../queries/analytic.js';
import type { Arrivals, Span } from './ports.js';

/** One hunt of one analytic: kept in the ledger. */
export interface Run {
  id: string;
  analytic: AnalyticId;
  state: 'running' | 'done' | 'failed';
  /** What asked for it. */
  origin: 'command' | 'api' | 'schedule';
  /** Absent: what arrived, wherever its times lie. */
  span?: Span;
  arrivals?: Arrivals;
  tunables: Readonly<Record<string, TunableValue>>;
  started: string;
  ended?: string;
  /** Contacts, queries, ARP records and launches read. */
  records: number;
  suspects: number;
  episodes: number;
  created: number;
  updated: number;
  withdrawn: number;
  merged: number;
  /** Episodes of programs and machines that may scan. */
  silenced: { subject: string; start: string; end: string; by: string }[];
  /** Ids of the alerts of the episodes found, silenced ones left out. */
  alerts: string[];
  error?: { code: string; message: string };
}
