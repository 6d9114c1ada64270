import type { Backend } from './backend.js';
import { Connection } from './backends/search/connection.js';
import { SearchDocuments } from './backends/search/documents.js';
import { SearchEvents } from './backends/search/events.js';
import { SearchTelemetry } from './backends/search/telemetry.js';
import { type EngineSettings, ownTelemetry } from './engine-config.js';

/** On an engine. Throws ENGINE_UNAVAILABLE, ENGINE_REFUSED. */
export async function openEngine(engine: EngineSettings, now: () => number): Promise<Backend> {
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
