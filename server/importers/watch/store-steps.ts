import type { Events } from '../../model/ports.js';
import type { ImportStep, RejectedRecord } from '../import-step.js';
import { toRejected } from '../import-telemetry.js';
import { RejectFile } from '../reject-file.js';

/** What became of events. */
export interface StoredCounts {
  stored: number;
  /** Were stored before. */
  repeated: number;
  /** Say nothing about a hunt. */
  ignored: number;
  /** Broken records, and events without a usable time, address or port. */
  rejected: number;
}

/**
 * Stores the batches among the steps.
 * @param rejects the file where rejected records are kept aside; absent: only counted
 */
export async function storeSteps(
  steps: readonly ImportStep[],
  events: Events,
  rejects: string | undefined,
): Promise<StoredCounts> {
  const aside = rejects === undefined ? undefined : new RejectFile(rejects);
  const counts: StoredCounts = { stored: 0, repeated: 0, ignored: 0, rejected: 0 };
  const reject = async (record: RejectedRecord): Promise<void> => {
    counts.rejected += 1;
    await aside?.write(record);
  };
  try {
    for (const step of steps) {
      if (step.kind === 'rejected') await reject(step.rejected);
      if (step.kind !== 'batch') continue;
      const { stored, repeated, ignored, rejected } = await events.append(step.batch);
      counts.stored += stored;
      counts.repeated += repeated;
      counts.ignored += ignored;
      for (const one of rejected) await reject(toRejected(step.batch, one));
    }
  } finally {
    await aside?.close();
  }
  return counts;
}
