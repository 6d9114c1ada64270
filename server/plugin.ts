import { readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Analytic } from '../queries/analytic.js';
import { analytics } from '../queries/analytics/index.js';
import { toPlan } from '../queries/plan.js';
import { createApp } from './api/app.js';
import { type Coverage, type CoverageQuestion, coverageOf } from './hunt/coverage.js';
import { judgeableAfterMs } from './hunt/horizon.js';
import { huntAll } from './hunt/run-hunt.js';
import { Checkpoints } from './importers/checkpoint.js';
import { importBody } from './importers/import-body.js';
import { type ImportOptions, type ImportSummary, importTelemetry } from './importers/import-telemetry.js';
import { checkFolders } from './importers/watch/find-files.js';
import type { AlertChange } from './jobs/alert-changes.js';
import { type AlertDocument, alertsOf, finalAlerts, meets } from './jobs/final-alerts.js';
import { HuntQueue } from './jobs/hunt-queue.js';
import { checkOrder, type HuntOrder, Hunts } from './jobs/hunts.js';
import { Intake } from './jobs/intake.js';
import { closeInterruptedRuns } from './jobs/run-records.js';
import { type Schedule, startSchedule } from './jobs/schedule.js';
import { chooseAnalytics, type Settings } from './jobs/settings.js';
import { tryHunt } from './jobs/try-hunt.js';
import type { Log } from './logger.js';
import { Metrics } from './metrics.js';
import { AppError } from './model/app-error.js';
import { DAY_MS } from './model/episode.js';
import type { Run } from './model/run.js';
import { type Backend, type Backup, openBackend, type StoreSettings } from './open-backend.js';
import { startRetention } from './retention.js';
import { startWatch } from './watch.js';

export type { AnalyticCoverage, Coverage, TelemetryAccount, WindowCoverage } from './hunt/coverage.js';
export type { RunAccount, Stretch } from './hunt/run-account.js';
export type { ImportSummary, KindSummary } from './importers/import-telemetry.js';
export type { AlertChange } from './jobs/alert-changes.js';
export type { AlertDocument } from './jobs/final-alerts.js';
export { checkOrder, type HuntOrder } from './jobs/hunts.js';

export interface PluginConfig extends StoreSettings {
  /** Tunables of the site. */
  settings?: Settings | undefined;
  /** When to look for arrivals, as cron in UTC or an interval (`2s`, `5m`, `1h`); absent: never. */
  schedule?: string | undefined;
  /** Days for which telemetry in the embedded store is hunted; absent: for ever. */
  retentionDays?: number | undefined;
  /** Folders whose files are read as they appear and grow. */
  watch?: readonly string[] | undefined;
  /** Names under which the API may be asked, besides localhost and addresses. */
  allowedHosts?: readonly string[] | undefined;
}

/** What a host application, or the command line, does with Scanhound. */
export interface Scanhound {
  /** The API: to be mounted, or to listen with. */
  readonly app: RequestListener;
  importTelemetry(given: readonly string[], options?: ImportOptions): Promise<ImportSummary>;
  /** The telemetry that comes with the package. */
  importSample(options?: ImportOptions): Promise<ImportSummary>;
  holdsTelemetry(): Promise<boolean>;
  /** Hunts stored telemetry, and gives its runs with the alerts that stand for what they found. */
  hunt(order: HuntOrder): Promise<{ runs: Run[]; alerts: AlertDocument[] }>;
  /** Hunts so, writes nothing, and gives what would change. */
  tryHunt(order: HuntOrder): Promise<{ runs: Run[]; changes: AlertChange[] }>;
  /** Hunts what arrived since the last time. */
  huntArrivals(signal?: AbortSignal): Promise<Run[]>;
  /** What was hunted of a stretch of event time, by these analytics, or all. Throws ANALYTIC_UNKNOWN. */
  coverage(question: CoverageQuestion & { analytics?: readonly string[] | undefined }): Promise<Coverage>;
  /** Copies the embedded store into a file of the folder of backups, named by the time unless told. Throws USAGE. */
  backUp(name?: string): Promise<Backup>;
  /** All alerts that stand, the highest score first. */
  finalAlerts(): Promise<AlertDocument[]>;
}

/** No run takes longer: what still stands as running then was left by a process that died. */
const LONGEST_RUN_MS = 24 * 3_600_000;

/** How long a hunt at work may go on once the service stops. */
const STOP_DEADLINE_MS = 5_000;

/**
 * Scanhound as one part of a host application, as a plugin of Kibana or OpenSearch Dashboards is: `setup` assembles,
 * `start` begins what goes on by itself, `stop` ends all of it. Everything is wired here and nowhere else.
 */
export class ScanhoundPlugin {
  private isDraining = false;
  private parts: { backend: Backend; queue: HuntQueue; hunts: Hunts; intake: Intake<object> } | undefined;
  private schedule: Schedule | undefined;
  private watch: Schedule | undefined;
  private retention: Schedule | undefined;

  /** @param open opens the ports: other than the usual ones where a host application puts something before them */
  constructor(
    private readonly log: Log,
    private readonly now: () => number = Date.now,
    private readonly open: typeof openBackend = openBackend,
  ) {}

  /** Throws TUNABLE_INVALID, SOURCE_NOT_FOUND, STORE_LOCKED, STORE_UNUSABLE, ENGINE_UNAVAILABLE, ENGINE_REFUSED. */
  async setup(config: PluginConfig): Promise<Scanhound> {
    const { settings = [], allowedHosts = [] } = config;
    checkOrder({ settings });
    await checkFolders(config.watch ?? []);
    const backend = await this.open(config, this.now);
    const { telemetry, events, documents } = backend;
    const ports = { telemetry, documents, now: this.now };
    const metrics: Metrics = new Metrics(() => queue.queued().length);
    const queue = new HuntQueue((requests) => metrics.observe(requests, huntAll(requests, ports)), documents, this.now);
    const hunts = new Hunts(settings, queue, telemetry, this.now);
    const intake = new Intake(importBody(events), tmpdir());
    this.parts = { backend, queue, hunts, intake };
    const longAgo = this.now() - LONGEST_RUN_MS;
    await closeInterruptedRuns(documents, this.now(), config.engine && longAgo); // others may be hunting on an engine
    const app = createApp({
      documents,
      telemetry,
      hunts,
      metrics,
      intake,
      backUp: () => backUp(backend),
      analytics,
      allowedHosts,
      isDraining: () => this.isDraining,
      onError: (error, { method, path }) => this.logError(`${method} ${path}`, error),
    });
    const checkpoints = isKept(config) ? new Checkpoints(documents) : undefined; // in memory nothing is gone on with
    const load = (given: readonly string[], options?: ImportOptions) =>
      importTelemetry(given, events, { checkpoints, ...options });
    return {
      app,
      importTelemetry: load,
      importSample: (options) => load(sampleFolders(), options),
      holdsTelemetry: async () => (await telemetry.extent()) !== undefined,
      async hunt(order) {
        const runs = await (await hunts.order(order)).done;
        const alerts = await alertsOf(runs, documents); // a hunt reads around its span: its alerts may lie beside it
        return { runs, alerts: alerts.filter(meets(order)) };
      },
      tryHunt: async (order) => {
        const layer = await openBackend({}, this.now);
        return tryHunt(order, settings, ports, layer.documents).finally(() => layer.close());
      },
      huntArrivals: (signal) => hunts.arrivals(signal),
      coverage: ({ analytics: wanted, ...question }) => {
        const inForce = (analytic: Analytic) => ({ analytic, tunables: hunts.tunables.get(analytic.id)! });
        return coverageOf(chooseAnalytics(wanted).map(inForce), question, backend);
      },
      backUp: (name) => backUp(backend, name),
      finalAlerts: () => finalAlerts(documents),
    };
  }

  /** Looks for arrivals from now on, and at watched folders. Throws CONFIG_INVALID for a schedule that is none. */
  start({ schedule, retentionDays, watch: folders = [], data, engine }: Omit<PluginConfig, 'settings'>): void {
    const { hunts, backend, queue } = this.parts!;
    const { documents, removeBefore } = backend;
    if (retentionDays !== undefined && removeBefore) {
      const isIdle = () => queue.queued().length === 0;
      const keepMs = retentionDays * DAY_MS + judgeableAfterAllMs(hunts);
      this.retention = startRetention({ keepMs, documents, removeBefore, isIdle }, this.log, this.now);
    }
    if (schedule !== undefined) this.schedule = startSchedule(schedule, () => this.huntArrivals(hunts));
    if (folders.length > 0)
      this.watch = startWatch({ folders, data: engine ? undefined : data }, backend, this.log, this.now);
  }

  /** Begins nothing new, lets what is at work end within a few seconds, and closes the store. */
  async stop(): Promise<void> {
    this.isDraining = true;
    const parts = this.parts;
    this.parts = undefined;
    await Promise.all([
      this.schedule?.stop(),
      this.watch?.stop(),
      this.retention?.stop(),
      parts?.queue.stop(STOP_DEADLINE_MS),
      parts?.intake.stop(STOP_DEADLINE_MS),
    ]);
    await parts?.backend.close();
  }

  private async huntArrivals(hunts: Hunts): Promise<void> {
    try {
      for (const { id, analytic, state, created, updated, error } of await hunts.arrivals())
        this.log[error ? 'error' : 'info'](`${analytic} hunted what arrived`, { run: id, state, created, updated });
    } catch (error) {
      this.logError('The scheduled hunt', error);
    }
  }

  /** A refusal of our own needs no stack; what is unexpected does. */
  private logError(what: string, error: unknown): void {
    const isExpected = error instanceof AppError && error.code !== 'INTERNAL';
    const { message, stack } = error instanceof Error ? error : new Error(String(error));
    const code = isExpected ? error.code : 'INTERNAL';
    this.log[isExpected ? 'warn' : 'error'](`${what}: ${message}`, { code, ...(!isExpected && stack && { stack }) });
  }
}

/** What is kept beyond what is hunted, so that all of that can be judged. */
const judgeableAfterAllMs = ({ tunables }: Hunts): number =>
  Math.max(...analytics.map((analytic) => judgeableAfterMs(toPlan(analytic, tunables.get(analytic.id)!))));

async function backUp(backend: Backend, name?: string): Promise<Backup> {
  if (!backend.backUp)
    throw new AppError('USAGE', 'Only an embedded store in a folder is copied so; an engine, by its snapshots.');
  return backend.backUp(name);
}

const isKept = ({ engine, data }: StoreSettings): boolean => engine !== undefined || data !== undefined;

/** The parts of the sample: what describes it lies beside them. */
function sampleFolders(): string[] {
  const folder = fileURLToPath(new URL('../../sample', import.meta.url));
  const parts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return parts.map(({ name }) => join(folder, name)).sort();
}
