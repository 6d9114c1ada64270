import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import type { TestContext } from 'node:test';
import type { AnalyticId } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import { createApp } from '../../server/api/app.js';
import { DuckDbDocuments } from '../../server/backends/duckdb/documents.js';
import { DuckDbEvents } from '../../server/backends/duckdb/events.js';
import { Store } from '../../server/backends/duckdb/store.js';
import { DuckDbTelemetry } from '../../server/backends/duckdb/telemetry.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { importBody } from '../../server/importers/import-body.js';
import { HuntQueue } from '../../server/jobs/hunt-queue.js';
import { Hunts } from '../../server/jobs/hunts.js';
import { Intake } from '../../server/jobs/intake.js';
import { jobsOf } from '../../server/jobs/job.js';
import { Jobs } from '../../server/jobs/jobs.js';
import { Metrics } from '../../server/metrics.js';
import type { Alert } from '../../server/model/alert.js';

export interface OpenApp {
  app: RequestListener;
  documents: DuckDbDocuments;
  events: DuckDbEvents;
  hunts: Hunts;
  jobs: Jobs;
  /** Errors that the API told nobody but the log. */
  logged: unknown[];
  drain: () => void;
  store: Store;
  save: (alerts: Readonly<Record<string, Alert>>) => Promise<void>;
}

interface Parts {
  hunt?: typeof huntAll;
  allowedHosts?: string[];
  /** Where bodies are kept while they are needed. */
  spool?: string;
}

/** The API over a store in memory, which the test's end closes. */
export async function openApp(
  t: TestContext,
  { hunt = huntAll, allowedHosts = [], spool = tmpdir() }: Parts = {},
): Promise<OpenApp> {
  const store = await Store.open();
  t.after(() => store.close());
  const documents = new DuckDbDocuments(store);
  const telemetry = new DuckDbTelemetry(store);
  const events = new DuckDbEvents(store, Date.now);
  const ports = { telemetry, documents, now: Date.now };
  const metrics: Metrics = new Metrics(() => queue.queued().length);
  const queue = new HuntQueue((requests) => metrics.observe(requests, hunt(requests, ports)), documents, Date.now);
  const hunts = new Hunts([], queue, telemetry);
  const onMissed = (analytic: AnalyticId, ticks: number) => metrics.missed(analytic, ticks);
  const jobs = new Jobs(jobsOf([], {}), { ...ports, hunts, positions: 'arrivals', onMissed });
  metrics.tellLags('arrivals', () => jobs.lags());
  const logged: unknown[] = [];
  let isDraining = false;
  const app = createApp({
    documents,
    telemetry,
    hunts,
    jobs,
    metrics,
    intake: new Intake(importBody(events), spool),
    analytics,
    allowedHosts,
    isDraining: () => isDraining,
    checkWriting: () => store.checkWriting(),
    backUp: async () => ({}),
    onError: (error) => logged.push(error),
  });
  return {
    app,
    documents,
    events,
    hunts,
    jobs,
    logged,
    store,
    drain: () => {
      isDraining = true;
    },
    async save(alerts) {
      for (const [id, alert] of Object.entries(alerts)) await documents.create('alert', id, alert);
    },
  };
}
