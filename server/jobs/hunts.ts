import { randomUUID } from 'node:crypto';
import type { AnalyticId, TunableValue } from '../../queries/analytic.js';
import { AppError } from '../model/app-error.js';
import type { Span, Telemetry } from '../model/ports.js';
import type { Run } from '../model/run.js';
import type { HuntQueue, OrderedRequest } from './hunt-queue.js';
import type { QueuedRun } from './run-records.js';
import { applySettings, chooseAnalytics, type Settings } from './settings.js';

/** What somebody asks to hunt. */
export interface HuntOrder {
  origin: Run['origin'];
  /** Ids; all four where absent. */
  analytics?: readonly string[] | undefined;
  /** Epoch ms, inclusive. An absent end is open: all that is stored. */
  from?: number | undefined;
  to?: number | undefined;
  /** Tunables of this hunt alone, over those of the service. */
  settings?: Settings | undefined;
  signal?: AbortSignal;
}

/** Runs that were taken: `done` gives them when they have ended. */
export interface Ordered {
  ids: string[];
  done: Promise<Run[]>;
}

/** Says what is wrong with an order before anything is read. Throws ANALYTIC_UNKNOWN, TUNABLE_INVALID, REQUEST_INVALID. */
export function checkOrder({ analytics, from, to, settings = [] }: Omit<HuntOrder, 'origin' | 'signal'>): void {
  chooseAnalytics(analytics);
  applySettings(settings);
  if (from !== undefined && to !== undefined && from > to) throw new AppError('REQUEST_INVALID', 'from lies after to.');
}

/** Windows of one analytic, by their lengths in seconds. */
export interface Wanted {
  analytic: AnalyticId;
  windows: readonly number[];
}

/** The one way to hunt, whoever asks: the command line, the API or the schedule. */
export class Hunts {
  private inForce: ReadonlyMap<AnalyticId, Record<string, TunableValue>>;

  /** Throws TUNABLE_INVALID. */
  constructor(
    private site: Settings,
    private readonly queue: HuntQueue,
    private readonly telemetry: Telemetry,
  ) {
    this.inForce = applySettings(site);
  }

  /** Tunables of the site, as they were set. */
  get settings(): Settings {
    return this.site;
  }

  /** The tunables in force where a hunt sets none. */
  get tunables(): ReadonlyMap<AnalyticId, Record<string, TunableValue>> {
    return this.inForce;
  }

  /** Hunts that are asked for from now on have these; those that wait or are at work keep theirs. Throws TUNABLE_INVALID. */
  take(site: Settings): void {
    this.inForce = applySettings(site);
    this.site = site;
  }

  /**
   * Hunts stored telemetry. Rejects before anything is in the queue, where the order is wrong or there is no room; `done`
   * rejects where one of its hunts failed, once the others are done.
   */
  async order(order: HuntOrder): Promise<Ordered> {
    checkOrder(order);
    const { origin, analytics, from, to, settings = [], signal } = order;
    const tunables = applySettings([...this.site, ...settings]);
    const span = await this.spanOf(from, to);
    const requests = chooseAnalytics(analytics).map((analytic) => ({
      id: randomUUID(),
      analytic,
      tunables: tunables.get(analytic.id)!,
      span,
      origin,
    }));
    const { ids, done } = this.add(requests, signal);
    return { ids, done: done.then(allDone) };
  }

  /** Hunts what arrived since the marks of these windows. Throws RUN_BUSY, NOT_READY before anything is in the queue. */
  arrivals(wanted: readonly Wanted[], origin: Run['origin'], signal?: AbortSignal): Ordered {
    const requests = wanted.map(({ analytic, windows }) => ({
      id: randomUUID(),
      analytic: chooseAnalytics([analytic])[0]!,
      tunables: this.inForce.get(analytic)!,
      windows,
      origin,
    }));
    return this.add(requests, signal);
  }

  queued(): QueuedRun[] {
    return this.queue.queued();
  }

  private add(requests: readonly OrderedRequest[], signal: AbortSignal | undefined): Ordered {
    return { ids: requests.map(({ id }) => id), done: this.queue.add(requests, signal) };
  }

  private async spanOf(from?: number, to?: number): Promise<Span> {
    const extent = (await this.telemetry.extent()) ?? { from: 0, to: 0 };
    const start = from ?? Math.min(extent.from, to ?? extent.from);
    return { from: start, to: to ?? Math.max(extent.to, start) };
  }
}

function allDone(runs: Run[]): Run[] {
  const error = runs.find((run) => run.error !== undefined)?.error;
  if (error) throw new AppError(error.code, error.message);
  return runs;
}
