import type { Backup } from './backends/duckdb/backups.js';
import type { Documents, Events, Telemetry } from './model/ports.js';

export type { Backup };

/** The three ports on one engine. */
export interface Backend {
  telemetry: Telemetry;
  events: Events;
  documents: Documents;
  /** Copies the embedded store into a file of the folder of backups; absent elsewhere. Throws BACKUP_UNUSABLE. */
  backUp?(name?: string): Promise<Backup>;
  /** Removes telemetry of before a time, and gives the number of records; absent where that is the engine's. */
  removeBefore?(time: number, signal: AbortSignal): Promise<number>;
  /** Rejects where an embedded store could not be written, and still can't be. Throws STORE_UNUSABLE. */
  checkWriting?(): Promise<void>;
  close(): Promise<void>;
}
