import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Analytic, AnalyticId } from '../queries/analytic.js';
import { analytics } from '../queries/analytics/index.js';
import { toPlan } from '../queries/plan.js';
import type { ApiPorts } from './api/ports.js';
import type { Backend, Backup } from './backend.js';
import { type Coverage, type CoverageQuestion, coverageOf } from './hunt/coverage.js';
import { judgeableAfterMs } from './hunt/horizon.js';
import { type HuntRequest, huntEach } from './hunt/run-hunt.js';
import { idOf, saySource } from './hunt/silent-sources.js';
import { Checkpoints } from './importers/checkpoint.js';
import { importBody } from './importers/import-body.js';
import { type ImportOptions, type ImportSummary, importTelemetry } from './importers/import-telemetry.js';
import { checkFolders } from './importers/watch/find-files.js';
import type { AlertChange } from './jobs/alert-changes.js';
import { ArrivalCheck } from './jobs/arrival-check.js';
import type { CadenceSettings } from './jobs/cadences.js';
import { type AlertDocument, alertsOf, finalAlerts, meets } from './jobs/final-alerts.js';
import { HuntQueue } from './jobs/hunt-queue.js';
import { type HuntOrder, Hunts } from './jobs/hunts.js';
import { Intake } from './jobs/intake.js';
import { jobsOf } from './jobs/job.js';
import { Jobs } from './jobs/jobs.js';
import { Leases, type LeaseTerms } from './jobs/leases.js';
import { type Reading, type Reload, type ReloadSource, Reloads, sayChange } from './jobs/reloads.js';
import { closeInterruptedRuns, closeScheduledRuns } from './jobs/run-records.js';
import type { Repeated } from './jobs/schedule.js';
import { chooseAnalytics, type Settings } from './jobs/settings.js';
import { SharedHunts } from './jobs/shared-hunts.js';
import { SourceWatch } from './jobs/source-watch.js';
import { tryHunt } from './jobs/try-hunt.js';
import type { Log } from './logger.js';
import { Metrics } from './metrics.js';
import { AppError } from './model/app-error.js';
import { DAY_MS } from './model/episode.js';
import type { Documents } from './model/ports.js';
import type { Run } from './model/run.js';
import { openBackend, type StoreSettings } from './open-backend.js';
import { startRetention } from './retention.js';
import { startWatch } from './watch.js';

export type { AnalyticCoverage, Coverage, TelemetryAccount, WindowCoverage } from './hunt/coverage.js';
export type { RunAccount, Stretch } from './hunt/run-account.js';
export type { ImportSummary } from './importers/import-telemetry.js';
export type { KindSummary } from './importers/kind-summary.js';
export type { AlertChange } from './jobs/alert-changes.js';
export type { AlertDocument } from './jobs/final-alerts.js';
export { checkOrder, type HuntOrder } from './jobs/hunts.js';
export { jobsOf } from './jobs/job.js';
export type { JobAccount } from './jobs/job-account.js';
export type { Settings } from './jobs/settings.js';

export interface PluginConfig extends StoreSettings {
  /** Tunables of the site. */
  settings?: Settings | undefined;
  /** When windows are hunted once it was started. On an engine, services that are given some share what is to be hunted. */
  cadences?: CadenceSettings | undefined;
  /** How long, in ms, nothing may come of a source that came before, once it was started; absent: for ever. */
  silenceMs?: number | undefined;
  /** Days for which telemetry in the embedded store is hunted; absent: for ever. */
  retentionDays?: number | undefined;
  /** Folders whose files are read as they appear and grow. */
  watch?: readonly string[] | undefined;
  /** How long, in ms, what is at work may go on once it stops; absent: 5 s. */
  drainMs?: number | undefined;
  /** Names under which the API may be asked, besides localhost and addresses. */
  allowedHosts?: readonly string[] | undefined;
}

/** What a host application, or the command line, does with Scanhound. */
export interface Scanhound {
  /** The API: to be mounted, or to listen with. Loaded when it is asked for. */
  openApi(): Promise<RequestListener>;
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
  /** What hunts by itself, and what people do to it. */
  readonly jobs: Pick<Jobs, 'list' | 'get' | 'pause' | 'resume' | 'run'>;
  /**
   * Takes over the tunables that `read` gives, without a restart, or none where it throws an AppError. What came of it is
   * kept and logged. Rejects where it can't be kept: then nothing changes.
   */
  reload(source: ReloadSource, read: () => Reading): Promise<Reload>;
  /** What was hunted of a stretch of event time, by these analytics, or all. Throws ANALYTIC_UNKNOWN. */
  coverage(question: CoverageQuestion & { analytics?: readonly string[] | undefined }): Promise<Coverage>;
  /** Copies the embedded store into a file of the folder of backups, named by the time unless told. Throws USAGE. */
  backUp(name?: string): Promise<Backup>;
  /** All alerts that stand, the highest score first. */
  finalAlerts(): Promise<AlertDocument[]>;
}

/** No run takes longer: what still stands as running then was left by a process that died. */
const LONGEST_RUN_MS = 24 * 3_600_000;

/** Of several services on one engine, one that dies is taken over within half a minute. */
const LEASE: LeaseTerms = { lengthMs: 30_000, clock: () => performance.now() };

/** How long what is at work may go on once the service stops, unless told. */
const DRAIN_MS = 5_000;

interface Parts {
  config: PluginConfig;
  backend: Backend;
  queue: HuntQueue;
  hunts: Hunts;
  jobs: Jobs;
  shared: SharedHunts | undefined;
  intake: Intake<object>;
  sources: SourceWatch | undefined;
  arrivals: ArrivalCheck;
}

/**
 * Scanhound as one part of a host application, as a plugin of Kibana or OpenSearch Dashboards is: `setup` assembles,
 * `start` begins what goes on by itself, `stop` ends all of it. Everything is wired here and nowhere else.
 */
export class ScanhoundPlugin {
  private isDraining = false;
  private parts: Parts | undefined;
  private folders: Repeated | undefined;
  private retention: Repeated | undefined;

  /**
   * @param open opens the ports: other than the usual ones where a host application puts something before them
   * @param lease how soon one of several services on an engine is taken for dead
   */
  constructor(
    private readonly log: Log,
    private readonly now: () => number = Date.now,
    private readonly open: typeof openBackend = openBackend,
    private readonly lease: LeaseTerms = LEASE,
  ) {}

  /** Throws TUNABLE_INVALID, CONFIG_INVALID, SOURCE_NOT_FOUND, STORE_LOCKED, STORE_UNUSABLE, ENGINE_UNAVAILABLE, ENGINE_REFUSED. */
  async setup(config: PluginConfig): Promise<Scanhound> {
    const { settings = [], cadences = {}, silenceMs, allowedHosts = [] } = config;
    const all = jobsOf(settings, cadences);
    await checkFolders(config.watch ?? []);
    const backend = await this.open(config, this.now);
    const { telemetry, events, documents } = backend;
    const ports = { telemetry, documents, now: this.now };
    const metrics: Metrics = new Metrics(() => queue.queued().length);
    const hunt = (requests: readonly HuntRequest[]) => metrics.observe(requests, huntEach(requests, ports));
    const isWoken = all.some(({ windows }) => windows.some(({ when }) => when !== undefined));
    const isOneOfMany = config.engine !== undefined && config.cadences !== undefined && isWoken;
    const shared = isOneOfMany ? this.share(documents, metrics, hunt) : undefined;
    const queue = new HuntQueue((requests) => (shared ? shared.hunt(requests) : hunt(requests)), documents, this.now);
    const hunts = new Hunts(settings, queue, telemetry);
    const positions = config.engine ? 'times' : 'arrivals';
    const onMissed = (analytic: AnalyticId, ticks: number) => metrics.missed(analytic, ticks);
    const jobs = new Jobs(all, { ...ports, hunts, positions, onMissed });
    const reloads = new Reloads(cadences, { ...ports, hunts, jobs });
    metrics.tellLags(positions, () => jobs.lags());
    const intake = new Intake(importBody(events), tmpdir());
    const sources = silenceMs === undefined ? undefined : this.watchOver(backend, silenceMs, metrics);
    const arrivals = this.checkArrivals(backend, hunts, metrics);
    this.parts = { config, backend, queue, hunts, jobs, shared, intake, sources, arrivals };
    const longAgo = this.now() - LONGEST_RUN_MS;
    await closeInterruptedRuns(documents, this.now(), config.engine && longAgo); // others may be hunting on an engine
    const api: ApiPorts = {
      documents,
      telemetry,
      hunts,
      jobs,
      metrics,
      intake,
      checkWriting: async () => backend.checkWriting?.(),
      backUp: () => backUp(backend),
      analytics,
      allowedHosts,
      isDraining: () => this.isDraining,
      onError: (error, { method, path }) => this.logError(`${method} ${path}`, error),
    };
    const checkpoints = isKept(config) ? new Checkpoints(documents) : undefined; // in memory nothing is gone on with
    const load = (given: readonly string[], options?: ImportOptions) =>
      importTelemetry(given, events, { checkpoints, ...options });
    return {
      openApi: async () => (await import('./api/app.js')).createApp(api),
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
        return tryHunt(order, hunts.settings, ports, layer.documents).finally(() => layer.close());
      },
      huntArrivals: async (signal) => {
        const runs = await jobs.look(signal);
        this.logRuns(runs.filter(({ error }) => error));
        return runs;
      },
      jobs,
      reload: async (source, read) => {
        const reload = await reloads.take(source, read);
        this.sayReload(reload);
        return reload;
      },
      coverage: ({ analytics: wanted, ...question }) => {
        const inForce = (analytic: Analytic) => ({ analytic, tunables: hunts.tunables.get(analytic.id)! });
        return coverageOf(chooseAnalytics(wanted).map(inForce), question, backend);
      },
      backUp: (name) => backUp(backend, name),
      finalAlerts: () => finalAlerts(documents),
    };
  }

  /** Hunts what arrives from now on, by the cadences, and looks at watched folders. */
  start(): void {
    const { config, backend, queue, hunts, sources, arrivals, jobs } = this.parts!;
    const { watch: folders = [], retentionDays, data, engine } = config;
    sources?.start();
    arrivals.start();
    jobs.start({
      onRuns: (runs) => this.logRuns(runs),
      onError: (error) => this.logError('The scheduled hunt', error),
    });
    const { documents, removeBefore } = backend;
    if (retentionDays !== undefined && removeBefore) {
      const isIdle = () => queue.queued().length === 0;
      const keepMs = () => retentionDays * DAY_MS + judgeableAfterAllMs(hunts);
      this.retention = startRetention({ keepMs, documents, removeBefore, isIdle }, this.log, this.now);
    }
    if (folders.length > 0)
      this.folders = startWatch({ folders, data: engine ? undefined : data }, backend, this.log, this.now);
  }

  /** Begins nothing new, lets what is at work end within a few seconds, and closes the store. */
  async stop(): Promise<void> {
    this.isDraining = true;
    const parts = this.parts;
    const drainMs = parts?.config.drainMs ?? DRAIN_MS;
    this.parts = undefined;
    await Promise.all([
      parts?.jobs.stop(),
      parts?.sources?.stop(),
      parts?.arrivals.stop(),
      this.folders?.stop(),
      this.retention?.stop(),
      parts?.queue.stop(drainMs),
      parts?.intake.stop(drainMs),
    ]);
    await parts?.shared?.stop();
    await parts?.backend.close();
  }

  /** Shares what is hunted on schedule with other services on the same engine. */
  private share(
    documents: Documents,
    metrics: Metrics,
    hunt: (requests: readonly HuntRequest[]) => Promise<Run[]>,
  ): SharedHunts {
    const self = `${hostname()} ${randomUUID()}`;
    const ids = analytics.map(({ id }) => id);
    return new SharedHunts(new Leases(documents, ids, self, this.lease), {
      huntAll: hunt,
      closeRuns: (of) => closeScheduledRuns(of, documents, this.now()),
      onLeft: ({ analytic, holder, isNews }) => {
        metrics.countLeft(analytic);
        if (isNews) this.log.info(`${analytic} is left to another instance`, { holder: holder ?? undefined });
      },
      onError: (error) => this.logError('Looking at the leases', error),
    });
  }

  private watchOver(backend: Backend, silenceMs: number, metrics: Metrics): SourceWatch {
    return new SourceWatch(analytics, silenceMs, {
      ...backend,
      now: this.now,
      onLook: (silent) => metrics.tellSilent(silent),
      onBegin: (source) => this.log.warn(`Silent: ${saySource(source)}`, { source: idOf(source), last: source.last }),
      onEnd: (source) => this.log.info(`No longer counted as silent: ${saySource(source)}`, { source: idOf(source) }),
      onError: (error) => this.logError('The look for silent sources', error),
    });
  }

  private checkArrivals(backend: Backend, hunts: Hunts, metrics: Metrics): ArrivalCheck {
    return new ArrivalCheck({
      ...backend,
      hunts,
      now: this.now,
      onReport: ({ late, lost }) => {
        metrics.countLate(late);
        if (late > 0) this.log.warn('Telemetry that turned up late was hunted', { records: late });
        if (lost > 0) this.log.info('Telemetry that was hunted is gone', { records: lost });
      },
      onError: (error) => this.logError('The daily comparison of arrivals', error),
    });
  }

  private logRuns(runs: readonly Run[]): void {
    for (const { id, analytic, state, created, updated, error } of runs)
      if (error) this.log.error(`The scheduled hunt of ${analytic}: ${error.message}`, { run: id, code: error.code });
      else this.log.info(`${analytic} hunted what arrived`, { run: id, state, created, updated });
  }

  private sayReload({ source: { file, sha256 }, changes, needRestart, error }: Reload): void {
    const about = { file, sha256: sha256 ?? undefined };
    if (error) return void this.log.error(`Nothing is taken over from ${file}: ${error.message} ${error.hint}`, about);
    for (const change of changes) this.log.info(`Taken over: ${sayChange(change)}`, about);
    if (needRestart.length > 0) this.log.warn(`Changed, and not before a restart: ${needRestart.join(', ')}`, about);
    if (changes.length === 0) this.log.info(`Read anew, no tunable changed: ${file}`, about);
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
