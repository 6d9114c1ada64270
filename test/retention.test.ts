import assert from 'node:assert/strict';
import { test } from 'node:test';
import { removeBefore } from '../server/backends/duckdb/retention.js';
import { horizonOf } from '../server/hunt/horizon.js';
import { retain } from '../server/retention.js';
import { zeekSweep } from './api/zeek-sweep.js';
import { openInMemory } from './backends/duckdb/open-in-memory.js';

const HOUR_MS = 3_600_000;
const SWEEP = Date.parse('2026-01-31T08:00:00Z');

async function opened(hosts: number) {
  const backend = await openInMemory(Date.now);
  const events = zeekSweep(hosts).map((original, place) => ({
    document: {
      '@timestamp': new Date(SWEEP + place * 1_000).toISOString(),
      'event.category': ['network'],
      'event.type': ['connection', 'start'],
      'source.ip': '10.0.0.5',
      'destination.ip': `10.0.0.${place + 10}`,
      'destination.port': 22,
      'network.transport': 'tcp',
    },
    original,
    index: 'conn.log',
    id: String(place + 1),
  }));
  const append = () => backend.events.append({ key: 'sweep', events });
  await append();
  const counts = async () => {
    const tables = ['contacts', 'originals', 'batches'];
    const rows = await backend.store.all(
      `SELECT ${tables.map((table) => `(SELECT count(*) FROM ${table}) AS ${table}`).join(', ')}`,
    );
    return Object.values(rows[0]!).map(Number);
  };
  return { ...backend, append, counts };
}

test('telemetry goes once no hunt is at work, and does not come again', async () => {
  const { store, documents, append, counts, telemetry, close } = await opened(20);
  const position = await telemetry.position();
  const signal = new AbortController().signal;
  let isIdle = false;
  const retention = {
    keepMs: () => HOUR_MS,
    documents,
    removeBefore: (time: number, stop: AbortSignal) => removeBefore(store, time, stop),
    isIdle: () => isIdle,
  };
  const end = SWEEP + 10_000 + HOUR_MS; // ten of them are older than an hour
  assert.deepEqual(await retain(retention, end, signal), { horizon: end - HOUR_MS, removed: 0 });
  assert.equal(await horizonOf(documents), end - HOUR_MS, 'who hunts from now on knows it');
  isIdle = true;
  assert.equal((await retain(retention, end + 1_000, signal)).removed, 10, 'the horizon moves by the hour');
  assert.deepEqual(await counts(), [10, 10, 1]);
  assert.equal((await append()).repeated, 20);
  assert.deepEqual(await counts(), [10, 10, 1]);
  assert.equal(await telemetry.position(), position);
  assert.equal((await retain(retention, end - 5 * HOUR_MS, signal)).removed, 0, 'a clock set back moves nothing');
  assert.equal(await horizonOf(documents), end - HOUR_MS);
  assert.equal((await retain(retention, end + 2 * HOUR_MS, signal)).removed, 10);
  assert.deepEqual(await counts(), [0, 0, 1]);
  assert.equal(await telemetry.extent(), undefined);
  await close();
});
