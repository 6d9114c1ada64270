import { DuckDbDocuments } from '../../../server/backends/duckdb/documents.js';
import { DuckDbEvents } from '../../../server/backends/duckdb/events.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import { DuckDbTelemetry } from '../../../server/backends/duckdb/telemetry.js';

/**
 * An empty embedded store in memory.
 *
 * @param arrangedEvents its contacts are sorted each time that so many events lie as they came
 */
export async function openInMemory(now: () => number, arrangedEvents?: number) {
  const store = await Store.open();
  return {
    store,
    events: new DuckDbEvents(store, now, arrangedEvents),
    telemetry: new DuckDbTelemetry(store),
    documents: new DuckDbDocuments(store),
    close: () => store.close(),
  };
}
