import type { Version, Versioned } from '../model/ports.js';

/** Who hunts one analytic on schedule, of several instances on one store. */
export interface Lease {
  /** An instance; null: whoever had it gave it back. */
  holder: string | null;
  /** Grows with each change of holder: one that was stopped for a while knows by it that its time is over. */
  fence: number;
  /** Grows with each renewal: the sign of life. No clock stands here, as those of two instances may differ. */
  beats: number;
  /** An instance that holds too few and asks for this one. */
  wantedBy?: string;
}

/** A lease as one instance sees it. */
export interface WatchedLease {
  id: string;
  stored: Versioned<Lease> | undefined;
  /** Since when this instance has seen no sign of life of its holder; ms of its own clock. */
  since: number;
}

/** One lease as it is to be written over the version that was read; without a version, created. */
export interface LeaseMove {
  id: string;
  version: Version | undefined;
  lease: Lease;
}

/** How an instance stands to the others. */
export interface LeaseView {
  /** The instance. */
  self: string;
  /** ms of its own clock. */
  now: number;
  /** How long, in ms, a holder may give no sign of life. */
  patienceMs: number;
  /** Ids of leases whose hunt is at work here. */
  atWork: ReadonlySet<string>;
}

/** What was read of a lease at `now`, beside what was known of it before. */
export function watchLease(
  before: WatchedLease | undefined,
  id: string,
  stored: Versioned<Lease> | undefined,
  now: number,
): WatchedLease {
  const [old, own] = [before?.stored?.body, stored?.body];
  const isSame = before && old?.holder === own?.holder && old?.fence === own?.fence && old?.beats === own?.beats;
  return { id, stored, since: isSame ? before.since : now };
}

/**
 * What an instance writes after a look at all leases: it takes those that nobody holds or whose holder gives no sign of
 * life, renews its own, hands over what another asks for that holds at least two fewer, and, where none is free, asks so
 * itself. So the numbers that instances hold come to differ by one at most.
 */
export function leaseMoves(leases: readonly WatchedLease[], { self, now, patienceMs, atWork }: LeaseView): LeaseMove[] {
  const holderOf = ({ stored, since }: WatchedLease): string | null => {
    const holder = stored?.body.holder ?? null;
    return holder === self || now - since < patienceMs ? holder : null;
  };
  const countOf = (holder: string): number => leases.filter((lease) => holderOf(lease) === holder).length;
  const free = leases.filter((lease) => holderOf(lease) === null);
  let own = countOf(self);
  const keep = (watched: WatchedLease, { wantedBy, ...lease }: Lease): LeaseMove => {
    const isDue = wantedBy !== undefined && own >= countOf(wantedBy) + 2;
    const renewed = { ...lease, beats: lease.beats + 1 };
    if (!isDue) return next(watched, renewed);
    if (atWork.has(watched.id)) return next(watched, { ...renewed, wantedBy });
    own--;
    return passTo(wantedBy, watched);
  };
  const ask = (): LeaseMove[] => {
    if (free.length > 0 || leases.some(({ stored }) => stored?.body.wantedBy === self)) return [];
    for (const watched of leases) {
      const lease = watched.stored?.body;
      const holder = holderOf(watched);
      if (!lease || holder === null || holder === self || lease.wantedBy !== undefined) continue;
      if (countOf(holder) >= own + 2) return [next(watched, { ...lease, wantedBy: self })];
    }
    return [];
  };
  return [
    ...free.map((watched) => passTo(self, watched)),
    ...leases.flatMap((watched) => (watched.stored?.body.holder === self ? [keep(watched, watched.stored.body)] : [])),
    ...ask(),
  ];
}

const passTo = (holder: string, watched: WatchedLease): LeaseMove =>
  next(watched, { holder, fence: (watched.stored?.body.fence ?? 0) + 1, beats: 0 });

const next = ({ id, stored }: WatchedLease, lease: Lease): LeaseMove => ({ id, version: stored?.version, lease });
