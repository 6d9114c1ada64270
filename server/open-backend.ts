import { join } from 'node:path';
import { type Backup, Backups } from './backends/duckdb/backups.js';
import { DuckDbDocuments } from './backends/duckdb/documents.js';
import { DuckDbEvents } from './backends/duckdb/events.js';
import { removeBefore } from './backends/duckdb/retention.js';
import { Store } from './backends/duckdb/store.js';
import { DuckDbTelemetry } from './backends/duckdb/telemetry.js';
import { Connection, placeOf } from './backends/search/connection.js';
import { SearchDocuments } from './backends/search/documents.js';
import { SearchEvents } from './backends/search/events.js';
import { SearchTelemetry } from './backends/search/telemetry.js';
import { type EngineSettings, ownTelemetry } from './engine-config.js';
import type { Documents, Events, Telemetry } from './model/ports.js';

export { type Backup, restore } from './backends/duckdb/backups.js';

/** Where telemetry and alerts are: on an engine, else in the folder of an embedded store, else in memory. */
export interface StoreSettings {
  engine?: EngineSettings | undefined;
  data?: string | undefined;
  /** Where backups of the embedded store are written; absent: in its folder. */
  backups?: string | undefined;
}

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

/** Throws STORE_LOCKED, STORE_UNUSABLE; ENGINE_UNAVAILABLE, ENGINE_REFUSED. */
export const openBackend = ({ engine, data, backups }: StoreSettings, now: () => number): Promise<Backend> => {
  if (engine) return openEngine(engine, now);
  return data === undefined ? openEmbedded(now) : openKept(data, backups ?? join(data, 'backups'), now);
};

/** How people call the store. */
export const storeName = ({ engine, data }: StoreSettings): string => (engine ? placeOf(engine) : (data ?? 'memory'));

async function openEmbedded(now: () => number): Promise<Backend> {
  const store = await Store.open();
  return { ...portsOf(store, now), close: () => store.close() };
}

async function openKept(folder: string, backupFolder: string, now: () => number): Promise<Backend> {
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

async function openEngine(engine: EngineSettings, now: () => number): Promise<Backend> {
  const connection = Connection.open(engine);
  let events: Promise<SearchEvents> | undefined;
  return {
    telemetry: new SearchTelemetry(connection, engine.indices.join(','), { now, settlingMs: engine.settlingMs }),
    events: {
      append: async (batch) => {
        events ??= SearchEvents.open(connection, ownTelemetry(engine.prefix), now); // who only hunts needs no right to make it
        return (await events).append(batch);
      },
    },
    documents: await SearchDocuments.open(connection, engine.prefix),
    close: () => connection.close(),
  };
}
