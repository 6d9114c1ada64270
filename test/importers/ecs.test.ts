import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ecs } from '../../server/importers/ecs.js';
import { readText } from './read-text.js';

const formats = { json: [ecs], text: [] };
const flow = {
  '@timestamp': '2026-01-31T12:00:00.000Z',
  event: { kind: 'event', category: ['network'] },
  source: { ip: '10.1.1.1' },
  destination: { ip: '10.1.1.2', port: 22 },
};

test('documents pass as they are, nested or dotted', async () => {
  const dotted = { '@timestamp': '2026-01-31T12:00:00.000Z', 'source.ip': '10.1.1.1', 'event.category': 'network' };
  const { documents } = await readText(`${JSON.stringify(flow)}\n${JSON.stringify(dotted)}`, formats);
  assert.deepEqual(documents, [flow, dotted]);
});

test('a hit keeps its index and id', async () => {
  const hits = [{ _index: 'packetbeat-9', _id: 'x1', _source: flow, fields: { 'source.ip': ['10.1.1.1'] } }];
  const { events } = await readText(JSON.stringify({ took: 3, hits: { total: 1, hits } }, null, 2), formats);
  assert.deepEqual(
    events.map(({ index, id, document }) => ({ index, id, document })),
    [{ index: 'packetbeat-9', id: 'x1', document: flow }],
  );
});

test('any part of ECS beside a time is enough; other JSON is unknown', async () => {
  const time = { '@timestamp': '2026-01-31T12:00:00Z' };
  for (const part of [{ ecs: { version: '9.0.0' } }, { 'process.pid': 1 }, { agent: {} }, { data_stream: {} }]) {
    assert.ok(ecs.recognizes({ ...time, ...part }));
    assert.ok(!ecs.recognizes(part));
  }
  for (const other of [{}, time, { ...time, message: 'x' }, { ...time, eventually: 1 }])
    assert.ok(!ecs.recognizes(other));
});

test('an ECS document without a time is rejected, not unknown', async () => {
  const { '@timestamp': _, ...timeless } = flow;
  const { rejected, results } = await readText(JSON.stringify({ ...timeless, ecs: { version: '9' } }), formats);
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ['no_time'],
  );
  assert.equal(results[0]?.state, 'read');
});
