import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { at, repeat } from '../../scenarios/times.js';
import { openInMemory } from './open-in-memory.js';

const events = imported([zeekConn({ at: at(0), from: '10.0.0.1', to: '10.0.1.1', port: 443 })]);

test('a batch that cannot be written fails alone, though others share its transaction', async () => {
  const opened = await openInMemory(() => at(1));
  const unwritable = [{ ...events[0]!, id: 1 as unknown as string }];
  const batches = repeat(3, (n) => ({ key: `k${n}`, events: n === 1 ? unwritable : events }));
  const results = await Promise.allSettled(batches.map((batch) => opened.events.append(batch)));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.equal((await opened.store.all('SELECT 1 FROM originals')).length, 2);
  assert.equal((await opened.store.all('SELECT 1 FROM batches')).length, 2);
  await opened.close();
});

test('batches that come after one that never came to be written are written', async () => {
  const opened = await openInMemory(() => at(1));
  await opened.store.write((connection) => connection.run('ALTER TABLE arranged RENAME TO away'));
  await assert.rejects(opened.events.append({ key: 'first', events }));
  await opened.store.write((connection) => connection.run('ALTER TABLE away RENAME TO arranged'));
  assert.equal((await opened.events.append({ key: 'second', events })).stored, 1);
  assert.deepEqual(await opened.store.all('SELECT key FROM batches'), [{ key: 'second' }]);
  await opened.close();
});
