import type { RejectReason } from '../model/ports.js';

/** How many records were rejected, by reason. */
export type Rejects = Partial<Record<RejectReason, number>>;

/** What came of all files of one kind. */
export interface KindSummary {
  /** The formats met, as the readers name them. */
  kind: string;
  files: number;
  /** JSON values, or lines. */
  records: number;
  /** Events stored now. */
  stored: number;
  /** Events that were stored by an earlier import. */
  repeated: number;
  /** Records and events that say nothing about a hunt. */
  ignored: number;
  /** Records of no known format among the others. */
  unknown: number;
  rejected: Rejects;
}

/** Adds what came of some more files to those of the same kind. */
export function addKind(kinds: KindSummary[], more: KindSummary): void {
  const known = kinds.find(({ kind }) => kind === more.kind);
  if (!known) return void kinds.push(more);
  for (const name of ['files', 'records', 'stored', 'repeated', 'ignored', 'unknown'] as const)
    known[name] += more[name];
  known.rejected = sumOf(known.rejected, more.rejected);
}

export function sumOf(some: Rejects, others: Rejects): Rejects {
  const sum: Rejects = { ...some };
  for (const reason of Object.keys(others) as RejectReason[]) sum[reason] = (sum[reason] ?? 0) + (others[reason] ?? 0);
  return sum;
}
