import { AppError } from '../model/app-error.js';
import type { Documents, Versioned } from '../model/ports.js';
import { type Lease, type LeaseMove, leaseMoves, type WatchedLease, watchLease } from './lease.js';

/** How long leases are, and by which clock. */
export interface LeaseTerms {
  /** An instance that dies is taken over within this time, in ms. */
  lengthMs: number;
  /** ms since any time: it only grows, whatever is done to the time of day, and is never held against another's. */
  clock: () => number;
}

/** In so many parts of a lease's length holders give a sign of life, and the others look at it. */
const BEATS = 6;
/** Less than all: one passes before the last sign of life is seen, and one before its absence is. */
const BEATS_OF_PATIENCE = 4;

const NONE: ReadonlySet<string> = new Set();

interface Held {
  fence: number;
  /** When, by this instance's clock, others may take it, having seen no sign of life. */
  until: number;
}

interface Work {
  ids: ReadonlySet<string>;
  abort: AbortController;
}

/**
 * The leases that this instance holds, of those that it shares with others on the same documents. They save work that two
 * would do twice: what is written is right without them, by the versions of documents.
 */
export class Leases {
  private readonly held = new Map<string, Held>();
  private watched: readonly WatchedLease[] = [];
  private last: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private isFailing = false;
  private work: Work | undefined;
  private readonly patienceMs: number;

  /** @param self the name of this instance: no other has it, not even this one after its next start */
  constructor(
    private readonly documents: Documents,
    private readonly ids: readonly string[],
    private readonly self: string,
    private readonly terms: LeaseTerms,
  ) {
    this.patienceMs = (terms.lengthMs / BEATS) * BEATS_OF_PATIENCE;
  }

  /**
   * Looks at the leases from now on, until `stop`.
   * @param onError hears of the first of looks in a row that fail
   */
  start(onError: (error: unknown) => void): void {
    const look = () =>
      this.beat().then(
        () => {
          this.isFailing = false;
        },
        (error: unknown) => {
          if (!this.isFailing) onError(error);
          this.isFailing = true;
        },
      );
    this.timer ??= setInterval(look, this.terms.lengthMs / BEATS).unref();
  }

  /** Gives a sign of life, takes what is free. One look at a time. */
  beat(): Promise<void> {
    const look = this.last.then(() => this.look());
    this.last = look.catch(() => undefined);
    return look;
  }

  holds(id: string): boolean {
    return (this.held.get(id)?.until ?? Number.NEGATIVE_INFINITY) > this.terms.clock();
  }

  /** Of a held lease: grows each time that it is taken. */
  fenceOf(id: string): number | undefined {
    return this.held.get(id)?.fence;
  }

  /** Who held it when it was last looked at. */
  holderOf(id: string): string | null {
    return this.watched.find((lease) => lease.id === id)?.stored?.body.holder ?? null;
  }

  /** Works on what these held leases are for, one work at a time: none is handed over meanwhile; where one is lost, `lost` says so. */
  async during<T>(ids: readonly string[], work: (lost: AbortSignal) => Promise<T>): Promise<T> {
    const own = { ids: new Set(ids), abort: new AbortController() };
    this.work = own;
    try {
      return await work(own.abort.signal);
    } finally {
      this.work = undefined;
    }
  }

  /** Gives all of them back, so that others need not wait. What can't be given back is taken over in time. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.last;
    const ids = [...this.held.keys()];
    this.held.clear();
    await Promise.allSettled(ids.map((id) => this.giveBack(id)));
  }

  private async giveBack(id: string): Promise<void> {
    const stored = await this.read(id);
    if (stored?.body.holder !== this.self) return;
    await this.documents.update<Lease>('lease', id, { ...stored.body, holder: null }, stored.version);
  }

  private async look(): Promise<void> {
    const { clock } = this.terms;
    const stored = await Promise.all(this.ids.map((id) => this.read(id)));
    const now = clock();
    this.watched = this.ids.map((id, place) => watchLease(this.watched[place], id, stored[place], now));
    for (const [id, { fence }] of this.held) {
      const lease = this.watched.find((one) => one.id === id)?.stored?.body;
      if (lease?.holder === this.self && lease.fence === fence) continue;
      this.held.delete(id);
      if (this.work?.ids.has(id))
        this.work.abort.abort(new AppError('INTERRUPTED', `Another instance hunts ${id} now.`));
    }
    const { self, patienceMs, work } = this;
    const moves = leaseMoves(this.watched, { self, now, patienceMs, atWork: work?.ids ?? NONE });
    await Promise.all(moves.map((move) => this.make(move, clock())));
  }

  private async make({ id, version, lease }: LeaseMove, now: number): Promise<void> {
    const isMade =
      version === undefined
        ? await this.documents.create<Lease>('lease', id, lease)
        : await this.documents.update<Lease>('lease', id, lease, version);
    if (!isMade) return; // another wrote meanwhile: the next look tells what
    const until = now + this.patienceMs;
    const held = this.held.get(id);
    if (lease.holder !== this.self) this.held.delete(id);
    else if (held?.fence === lease.fence) held.until = until;
    else this.held.set(id, { fence: lease.fence, until });
  }

  private read(id: string): Promise<Versioned<Lease> | undefined> {
    return this.documents.get<Lease>('lease', id);
  }
}
