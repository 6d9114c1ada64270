import type { AnalyticId, TunableValue } from '../../queries/analytic.js';
import type { ErrorCode } from './app-error.js';
import type { Arrivals, Span } from './ports.js';

/** How much a hunt read, found and wrote. */
export interface RunCounts {
  /** Contacts, queries, ARP records and launches read. */
  records: number;
  suspects: number;
  episodes: number;
  created: number;
  updated: number;
  withdrawn: number;
  merged: number;
}

export const noCounts = (): RunCounts => ({
  records: 0,
  suspects: 0,
  episodes: 0,
  created: 0,
  updated: 0,
  withdrawn: 0,
  merged: 0,
});

export function addCounts(sum: RunCounts, more: RunCounts): void {
  for (const count of Object.keys(noCounts()) as (keyof RunCounts)[]) sum[count] += more[count];
}

/** One hunt of one analytic: kept in the ledger. */
export interface Run extends RunCounts {
  id: string;
  analytic: AnalyticId;
  state: 'running' | 'done' | 'failed';
  /** What asked for it; ledger: the daily comparison, as records turned up late. */
  origin: 'command' | 'api' | 'schedule' | 'ledger';
  /** Absent: what arrived, wherever its times lie. */
  span?: Span;
  arrivals?: Arrivals;
  /** Lengths in seconds of the windows that subjects were sought by; absent until it began. */
  windows?: readonly number[];
  /** What holds telemetry and could not be read: closed indices. */
  unread?: readonly string[];
  tunables: Readonly<Record<string, TunableValue>>;
  started: string;
  ended?: string;
  /** Episodes of programs and machines that may scan. */
  silenced: { subject: string; start: string; end: string; by: string }[];
  /** Ids of the alerts of the episodes found, silenced ones left out. */
  alerts: string[];
  error?: { code: ErrorCode; message: string };
}
