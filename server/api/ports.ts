import type { Analytic, AnalyticId, TunableValue } from '../../queries/analytic.js';
import type { Documents, Span, Telemetry } from '../model/ports.js';
import type { Run } from '../model/run.js';

/** What the API meets the service through. */
export interface ApiPorts {
  documents: Documents;
  telemetry: Pick<Telemetry, 'position' | 'originals' | 'unread' | 'extent' | 'touched' | 'volumes'>;
  hunts: HuntDesk;
  jobs: JobDesk;
  /** In the text format of Prometheus. */
  metrics: { text(): Promise<{ type: string; body: string }> };
  /** Takes telemetry in: what became of it. Rejects where nothing can be read, or there is no room. */
  intake: { take(body: AsyncIterable<Buffer>): Promise<object> };
  /** Rejects where the store could not be written, and still can't be. */
  checkWriting(): Promise<void>;
  /** Copies the embedded store; the service chooses where. */
  backUp(): Promise<object>;
  analytics: readonly Analytic[];
  /** Names under which it may be asked, in lower case, besides localhost and addresses. */
  allowedHosts: readonly string[];
  /** Stopping: new requests are refused. */
  isDraining: () => boolean;
  /** An error that is none of the caller's. */
  onError: (error: unknown, request: { method: string; path: string }) => void;
}

/** Takes hunts and tells of those that wait. */
interface HuntDesk {
  readonly tunables: ReadonlyMap<AnalyticId, Readonly<Record<string, TunableValue>>>;
  /** Rejects where the order is wrong, or there is no room. */
  order(order: ApiHunt): Promise<{ ids: string[]; done: Promise<unknown> }>;
  queued(): readonly QueuedRun[];
}

interface ApiHunt {
  origin: 'api';
  analytics?: readonly string[] | undefined;
  /** Epoch ms. */
  from?: number | undefined;
  to?: number | undefined;
  settings?: readonly (readonly [name: string, value: unknown])[];
}

/** Tells of jobs and takes what to do with them. All but `list` reject with JOB_UNKNOWN for an id that is none. */
interface JobDesk {
  list(): Promise<object[]>;
  get(id: string): Promise<object>;
  pause(id: string, by?: string): Promise<void>;
  resume(id: string): Promise<void>;
  /** Rejects where there is no room. */
  run(id: string, origin: 'api'): Promise<{ ids: string[]; done: Promise<unknown> }>;
}

/** A run that waits, or has begun and is not written down yet. */
export type QueuedRun = Pick<Run, 'id' | 'analytic' | 'origin' | 'tunables'> & {
  state: 'queued';
  asked: string;
  span?: Span;
};
