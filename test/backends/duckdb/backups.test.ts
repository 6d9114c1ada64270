import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Backups, restore } from '../../../server/backends/duckdb/backups.js';
import { DuckDbEvents } from '../../../server/backends/duckdb/events.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import type { Batch } from '../../../server/model/ports.js';

const EVENTS = 500;

const batchOf = (n: number): Batch => ({
  key: `batch ${n}`,
  events: Array.from({ length: EVENTS }, (_, place) => ({
    document: {
      '@timestamp': new Date(1_700_000_000_000 + n * 1_000).toISOString(),
      'event.category': ['network'],
      'event.type': ['connection', 'start'],
      'source.ip': '10.0.0.5',
      'destination.ip': `10.0.${n}.${place % 250}`,
      'destination.port': 22,
      'network.transport': 'tcp',
    },
    original: `${n} ${place}`,
    index: 'test',
    id: `${n}:${place}`,
  })),
});

async function open(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-'));
  const store = await Store.open(folder, undefined, join(folder, 'backups'));
  t.after(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    store,
    events: new DuckDbEvents(store, Date.now),
    backups: new Backups(store, join(folder, 'backups'), Date.now),
  };
}

test('a backup made among writings holds whole batches', async (t) => {
  const { folder, store, events, backups } = await open(t);
  for (let n = 0; n < 10; n += 1) await events.append(batchOf(n));
  const [backup] = await Promise.all([
    backups.make('b'),
    ...Array.from({ length: 20 }, (_, n) => events.append(batchOf(100 + n))),
  ]);
  await store.close();
  assert.ok(backup.events >= 10 * EVENTS);
  await restore(backup.file, join(folder, 'other'));
  const other = await Store.open(join(folder, 'other'));
  const [row] = await other.all(
    'SELECT (SELECT count(*) FROM originals) AS records, (SELECT sum(events) FROM batches) AS events, (SELECT count(*) FROM contacts) AS contacts',
  );
  await other.close();
  assert.deepEqual([row?.records, row?.events, row?.contacts].map(Number), [
    backup.events,
    backup.events,
    backup.events,
  ]);
});

test('one that is given up leaves nothing; who asks meanwhile gets the same', async (t) => {
  const { folder, store, events, backups } = await open(t);
  for (let n = 0; n < 20; n += 1) await events.append(batchOf(n));
  const made = [backups.make('b'), backups.make('c')];
  await backups.stop();
  const [one, other] = await Promise.allSettled(made);
  assert.deepEqual(one, other);
  const left = readdirSync(join(folder, 'backups'));
  assert.deepEqual(left, one?.status === 'fulfilled' ? ['b'] : []);
  await store.close();
});
