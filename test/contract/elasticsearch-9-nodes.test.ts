import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { engineOf } from '../../scripts/engines/engine.js';
import { readRecord } from '../../scripts/engines/record.js';
import { Connection } from '../../server/backends/search/connection.js';
import { SearchDocuments } from '../../server/backends/search/documents.js';
import { engineFor, needsEngine } from '../engines.js';

const NAME = 'elasticsearch-9-nodes';

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
