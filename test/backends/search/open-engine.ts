import type { EngineName } from '../../../scripts/engines/engine.js';
import { SearchEvents } from '../../../server/backends/search/events.js';
import { SearchTelemetry } from '../../../server/backends/search/telemetry.js';
import { connectTo } from './connect-to.js';
import { lendIndices } from './lent-indices.js';
import { openDocuments } from './open-documents.js';

const indexOf = (prefix: string) => `${prefix}-telemetry`;

/** Telemetry on a real engine with nothing in it. */
export async function openTelemetry(name: EngineName, now: () => number) {
  const connection = await connectTo(name);
  const { prefix, giveBack } = lendIndices(name, 'telemetry', (some) => [indexOf(some)]);
  const index = indexOf(prefix);
  return {
    connection,
    index,
    events: await SearchEvents.open(connection, index, now),
    telemetry: new SearchTelemetry(connection, index, { now, settlingMs: 0 }),
    async close() {
      await giveBack(connection);
      await connection.close();
    },
  };
}

/** The three ports on a real engine. */
export async function openEngine(name: EngineName, now: () => number) {
  const [telemetry, documents] = await Promise.all([openTelemetry(name, now), openDocuments(name)]);
  return {
    events: telemetry.events,
    telemetry: telemetry.telemetry,
    documents: documents.documents,
    async close() {
      await Promise.all([telemetry.close(), documents.close()]);
    },
  };
}
