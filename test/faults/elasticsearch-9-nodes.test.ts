import assert from 'node:assert/strict';
import { test } from 'node:test';
import { engineOf } from '../../scripts/engines/engine.js';
import { readRecord } from '../../scripts/engines/record.js';
import { Connection } from '../../server/backends/search/connection.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Telemetry } from '../../server/model/ports.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { indexAsAgentsDo } from '../backends/search/agents-indices.js';
import { openDocuments } from '../backends/search/open-documents.js';
import { engineFor, needsEngine } from '../engines.js';
import { finalOf, withoutPlaces } from '../scenarios/final.js';
import { alertsIn, imported, now, requestsWith } from '../scenarios/play.js';
import { scan } from './scan.js';

const NAME = 'elasticsearch-9-nodes';
const TIMEOUT_MS = 3_000;
/** Each second index has three shards. */
const place = (_: unknown, at: number) => at % 2;

test(
  `${NAME}: a node that stops in the middle of a hunt fails it, and the next makes it up`,
  needsEngine(NAME),
  async () => {
    const url = await engineFor(NAME);
    const { documents, connection: healthy, close } = await openDocuments(NAME);
    const { pattern, remove } = await indexAsAgentsDo(healthy, scan(0), place);
    const connection = Connection.open({ engine: 'elasticsearch', url }, async () => undefined, TIMEOUT_MS);
    const telemetry = new SearchTelemetry(connection, pattern, { now, settlingMs: 0 });
    const embedded = await openInMemory(now);
    const [master] = await healthy.request((client) => client.cat.master({ format: 'json' }));
    const { ports } = engineOf(NAME);
    const stopped = ports.findIndex((port, at) => at > 0 && `node-${port}` !== master?.node);
    const node = readRecord(NAME)!.pids[stopped]!;
    try {
      const stopping: Telemetry = Object.create(telemetry, {
        contacts: {
          value: (...asked: Parameters<Telemetry['contacts']>) => {
            process.kill(-node, 'SIGSTOP');
            return telemetry.contacts(...asked);
          },
        },
      });
      await assert.rejects(huntAll(requestsWith(), { telemetry: stopping, documents, now }), { code: /^ENGINE_/ });
      process.kill(-node, 'SIGCONT');
      await healthy.request((client) => client.cluster.health({ wait_for_nodes: '3', wait_for_status: 'green' }));
      await huntAll(requestsWith(), { telemetry, documents, now });
      await embedded.events.append({ key: 'all', events: imported(scan(0)) });
      await huntAll(requestsWith(), { ...embedded, now });
      assert.deepEqual(
        withoutPlaces(finalOf(await alertsIn(documents))),
        withoutPlaces(finalOf(await alertsIn(embedded.documents))),
      );
    } finally {
      process.kill(-node, 'SIGCONT');
      await remove();
      await Promise.all([close(), connection.close(), embedded.close()]);
    }
  },
);
