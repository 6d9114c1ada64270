import { randomUUID } from 'node:crypto';
import type { AnalyticId, TunableValue } from '../../queries/analytic.js';
import { toPlan, windowSecondsOf } from '../../queries/plan.js';
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

/** Up to where windows were hunted, when that position was first hunted, and when the last time; epoch ms. */
interface Hunted {
  position: number;
  since: number;
  at: number;
}

/** The one way to hunt, whoever asks: the command line, the API or the schedule. */
export class Hunts {
  /** The tunables in force where a hunt sets none. */
  readonly tunables: ReadonlyMap<AnalyticId, Record<string, TunableValue>>;
  /** By analytic and length of windows. Lost at a stop: then all are due. */
  private readonly hunted = new Map<string, Hunted>();

  /** Throws TUNABLE_INVALID. */
  constructor(
    private readonly settings: Settings,
    private readonly queue: HuntQueue,
    private readonly telemetry: Telemetry,
    private readonly now: () => number,
  ) {
    this.tunables = applySettings(settings);
  }

  /** Hunts stored telemetry. Rejects before anything is in the queue, where the order is wrong or there is no room. */
  async order(order: HuntOrder): Promise<Ordered> {
    checkOrder(order);
    const { origin, analytics, from, to, settings = [], signal } = order;
    const tunables = applySettings([...this.settings, ...settings]);
    const span = await this.spanOf(from, to);
    const requests = chooseAnalytics(analytics).map((analytic) => ({
      id: randomUUID(),
      analytic,
      tunables: tunables.get(analytic.id)!,
      span,
      origin,
    }));
    return this.add(requests, signal);
  }

  /**
   * Hunts what arrived since the last time; nothing where nothing did. The shortest windows are due each time, longer
   * ones after a quarter of their length, so that what a hunt reads grows with what arrived and not with the window.
   * Where documents may turn up late, a store that became quiet is hunted once more when none can any longer.
   */
  async arrivals(signal?: AbortSignal): Promise<Run[]> {
    const position = await this.telemetry.position();
    const at = this.now();
    const requests = chooseAnalytics()
      .map((analytic) => {
        const tunables = this.tunables.get(analytic.id)!;
        const windows = windowSecondsOf(toPlan(analytic, tunables).measures);
        return {
          id: randomUUID(),
          analytic,
          tunables,
          windows: windows.filter((seconds, rank) => this.isDue(analytic.id, seconds, rank, position, at)),
          origin: 'schedule' as const,
        };
      })
      .filter(({ windows }) => windows.length > 0);
    if (requests.length === 0) return [];
    const runs = await this.add(requests, signal).done;
    if (runs.every(({ state }) => state === 'done'))
      for (const { analytic, windows } of requests)
        for (const seconds of windows) {
          const last = this.hunted.get(`${analytic.id} ${seconds}`);
          const since = last?.position === position ? last.since : at;
          this.hunted.set(`${analytic.id} ${seconds}`, { position, since, at });
        }
    return runs;
  }

  private isDue(analytic: AnalyticId, seconds: number, rank: number, position: number, at: number): boolean {
    const last = this.hunted.get(`${analytic} ${seconds}`);
    if (!last) return position > 0;
    const isWhole = position === last.position && last.at - last.since >= this.telemetry.overlapMs;
    return !isWhole && (rank === 0 || at - last.at >= seconds * 250);
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
