import { DuckDbDocuments } from './backends/duckdb/documents.js';
import { DuckDbEvents } from './backends/duckdb/events.js';
import { Store } from './backends/duckdb/store.js';
import { DuckDbTelemetry } from './backends/duckdb/telemetry.js';
import type { Documents, Events, Telemetry } from './model/ports.js';

/** The three ports on one engine. */
export interface Backend {
  telemetry: Telemetry;
  events: Events;
  documents: Documents;
  close(): Promise<void>;
}

/**
 * The embedded store in a folder, or in memory, gone at the end. Throws STORE_LOCKED, STORE_UNUSABLE.
 */
export async function openEmbedded(folder: string | undefined, now: () => number): Promise<Backend> {
  const store = await Store.open(folder);
  return {
    telemetry: new DuckDbTelemetry(store),
    events: new DuckDbEvents(store, now),
    documents: new DuckDbDocuments(store),
    close: () => store.close(),
  };
}
