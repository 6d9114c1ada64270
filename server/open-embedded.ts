import { join } from 'node:path';
import type { Backend } from './backend.js';
import { Backups } from './backends/duckdb/backups.js';
import { DuckDbDocuments } from './backends/duckdb/documents.js';
import { DuckDbEvents } from './backends/duckdb/events.js';
import { removeBefore } from './backends/duckdb/retention.js';
import { Store } from './backends/duckdb/store.js';
import { DuckDbTelemetry } from './backends/duckdb/telemetry.js';

/** In memory, gone at close. */
export async function openEmbedded(now: () => number): Promise<Backend> {
  const store = await Store.open();
  return { ...portsOf(store, now), close: () => store.close() };
}

/**
 * In a folder.
 *
 * @param backupFolder absent: `backups` in it
 * @throws AppError STORE_LOCKED, STORE_UNUSABLE
 */
export async function openKept(
  folder: string,
  now: () => number,
  backupFolder = join(folder, 'backups'),
): Promise<Backend> {
  const store = await Store.open(folder, undefined, backupFolder);
  const backups = new Backups(store, backupFolder, now);
  return {
    ...portsOf(store, now),
    backUp: (name) => backups.make(name),
    removeBefore: (time, signal) => removeBefore(store, time, signal),
    async close() {
      await backups.stop();
      await store.close();
    },
  };
}

const portsOf = (store: Store, now: () => number) => ({
  telemetry: new DuckDbTelemetry(store),
  events: new DuckDbEvents(store, now),
  documents: new DuckDbDocuments(store),
  checkWriting: () => store.checkWriting(),
});
