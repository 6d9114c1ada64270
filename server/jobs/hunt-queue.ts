import type { HuntRequest } from '../hunt/run-hunt.js';
import { AppError } from '../model/app-error.js';
import type { Documents } from '../model/ports.js';
import type { Run } from '../model/run.js';
import { formatTime } from '../model/time.js';
import { describe, type QueuedRun, recordFailure } from './run-records.js';

/** Hunts that may wait, besides the one at work. */
const MOST_WAITING = 16;

/** Failures that are kept while the store can't take them: the first ones, as what stands as running is among them. */
const MOST_UNTOLD = 1_000;

export type OrderedRequest = HuntRequest & { id: string };

/** Of a run, to be written down. */
interface Failure {
  run: QueuedRun;
  error: NonNullable<Run['error']>;
  at: number;
}

interface Order {
  requests: readonly OrderedRequest[];
  asked: string;
  abort: AbortController;
}

/** One hunt at a time, so that the API stays quick; others wait their turn, within bounds. */
export class HuntQueue {
  private orders: readonly Order[] = [];
  private last: Promise<unknown> = Promise.resolve();
  private isStopping = false;
  private untold: Failure[] = [];

  constructor(
    private readonly huntAll: (requests: HuntRequest[]) => Promise<Run[]>,
    private readonly documents: Documents,
    private readonly now: () => number,
  ) {}

  /** The runs when they are done. Throws RUN_BUSY and NOT_READY at once, before anything is in the queue. */
  add(requests: readonly OrderedRequest[], signal?: AbortSignal): Promise<Run[]> {
    if (this.isStopping) throw new AppError('NOT_READY', 'Scanhound is stopping.');
    if (this.orders.length > MOST_WAITING)
      throw new AppError('RUN_BUSY', `A hunt is at work and ${MOST_WAITING} wait already.`);
    const order = { requests, asked: formatTime(this.now()), abort: new AbortController() };
    const forward = () => order.abort.abort(signal?.reason);
    if (signal?.aborted) forward();
    signal?.addEventListener('abort', forward);
    this.orders = [...this.orders, order];
    const turn = this.last
      .then(() => this.hunt(order))
      .finally(() => {
        this.orders = this.orders.filter((other) => other !== order);
        signal?.removeEventListener('abort', forward);
      });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  /** Runs that wait, or have begun and are not written down yet. */
  queued(): QueuedRun[] {
    return this.orders.flatMap(toQueued);
  }

  /** Takes no more. What waits is given up; what is at work may end within the time given, else it is cut. */
  async stop(deadlineMs: number): Promise<void> {
    this.isStopping = true;
    const [atWork, ...waiting] = this.orders;
    const reason = new AppError('INTERRUPTED', 'Scanhound was stopped.');
    for (const { abort } of waiting) abort.abort(reason);
    const timer = setTimeout(() => atWork?.abort.abort(reason), deadlineMs);
    await this.last;
    clearTimeout(timer);
  }

  private async hunt(order: Order): Promise<Run[]> {
    await this.tellFailures([]);
    try {
      order.abort.signal.throwIfAborted();
      const runs = await this.huntAll(order.requests.map((request) => ({ ...request, signal: order.abort.signal })));
      const failed = new Map(runs.flatMap(({ id, error }) => (error ? [[id, error] as const] : [])));
      await this.tellFailed(order, ({ id }) => failed.get(id));
      return runs;
    } catch (error) {
      await this.tellFailed(order, () => describe(error));
      throw error;
    }
  }

  private tellFailed(order: Order, errorOf: (run: QueuedRun) => Run['error']): Promise<void> {
    const failures = toQueued(order).flatMap((run) => {
      const error = errorOf(run);
      return error ? [{ run, error, at: this.now() }] : [];
    });
    return this.tellFailures(failures);
  }

  /** What a store can't take, as it may be why the hunt failed, is told again before the next hunt. */
  private async tellFailures(more: readonly Failure[]): Promise<void> {
    const failures = [...this.untold, ...more];
    const told = await Promise.allSettled(
      failures.map(({ run, error, at }) => recordFailure(run, error, this.documents, at)),
    );
    this.untold = failures.filter((_, place) => told[place]!.status === 'rejected').slice(0, MOST_UNTOLD);
  }
}

const toQueued = ({ requests, asked }: Order): QueuedRun[] =>
  requests.map(({ id, analytic, origin, span, tunables }) => ({
    id,
    analytic: analytic.id,
    state: 'queued',
    origin,
    ...(span && { span }),
    tunables,
    asked,
  }));
