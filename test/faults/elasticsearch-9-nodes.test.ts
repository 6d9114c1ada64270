import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { engineOf } from '../../scripts/engines/engine.js';
import { readRecord } from '../../scripts/engines/record.js';
import { Connection } from '../../server/backends/search/connection.js';
import { SearchDocuments } from '../../server/backends/search/documents.js';
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
// One after the other, and so in one file: a node that one test takes away is missed by the other.

/**
 * Until all nodes have joined and all shards are there. A node that was away long enough to be put out of the cluster
 * takes minutes to come back on a busy machine, more than one request may wait.
 */
async function allAreBack(connection: Connection): Promise<void> {
  const isWhole = { wait_for_nodes: '3', wait_for_status: 'green', timeout: '20s' } as const;
  let answer: { timed_out: boolean };
  do {
    answer = await connection.request((client) => client.cluster.health(isWhole, { ignore: [408] }));
  } while (answer.timed_out);
}

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
      await allAreBack(healthy);
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

test(`${NAME}: of a lost node nothing is lost or left out unsaid`, needsEngine(NAME), async () => {
  await engineFor(NAME);
  const prefix = `test-${randomUUID()}`;
  const spread = `${prefix}-spread`;
  const { ports } = engineOf(NAME);
  const connect = (port: number) => Connection.open({ engine: 'elasticsearch', url: `http://127.0.0.1:${port}` });
  const any = connect(ports[0]!);
  await SearchDocuments.open(any, prefix);
  await any.request((client) =>
    client.cluster.health({ index: `${prefix}-*`, wait_for_status: 'green', timeout: '60s' }),
  );
  const shards = await any.request((client) => client.cat.shards({ index: `${prefix}-mark`, format: 'json' }));
  const lost = ports.find((port) => `node-${port}` === shards.find(({ prirep }) => prirep === 'p')?.node)!;
  const survivor = connect(ports.find((port) => port !== lost)!);
  try {
    const documents = await SearchDocuments.open(survivor, prefix);
    await survivor.request((client) =>
      client.indices.create({
        index: spread,
        settings: { number_of_shards: 3, number_of_replicas: 0, 'routing.allocation.total_shards_per_node': 1 },
      }),
    );
    for (let at = 0; at < 30; at++)
      await survivor.request((client) => client.index({ index: spread, id: `${at}`, document: {}, refresh: true }));
    assert.equal((await survivor.search({ index: spread, size: 100 })).hits.hits.length, 30);
    assert.equal(await documents.create('mark', 'm', { n: 1 }), true);
    const { version } = (await documents.get('mark', 'm'))!;

    process.kill(-readRecord(NAME)!.pids[ports.indexOf(lost)]!, 'SIGKILL');

    assert.equal(await documents.update('mark', 'm', { n: 2 }, version), true);
    assert.equal(await documents.update('mark', 'm', { n: 3 }, version), false);
    const found = await documents.query('mark', { limit: 10 });
    assert.deepEqual(
      found.map(({ body }) => body),
      [{ n: 2 }],
    );
    await assert.rejects(survivor.search({ index: spread, size: 100 }), {
      code: /ENGINE_(UNAVAILABLE|ANSWER_INCOMPLETE)/,
    });
  } finally {
    await Promise.all([any.close(), survivor.close()]);
  }
});
