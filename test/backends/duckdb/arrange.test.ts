import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from '../../../server/backends/duckdb/arrange.js';
import { imported } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { at, HOUR, repeat } from '../../scenarios/times.js';
import { openInMemory } from './open-in-memory.js';

const SOURCES = 3;
const EVENTS = 60;

test('contacts are sorted by hour and subject once so many have come; all are there once, the rest as they came', async () => {
  const { store, events, close } = await openInMemory(() => at(0));
  const contact = (n: number) =>
    zeekConn({ at: at((n * HOUR) / 20), from: `10.0.0.${n % SOURCES}`, to: `10.0.1.${n}`, port: 443 });
  await events.append({ key: 'all', events: imported(repeat(EVENTS + 10, contact)) });
  const before = await store.all('SELECT * FROM contacts ORDER BY number');

  assert.equal(await arrange(store, EVENTS), 2 * EVENTS);

  assert.deepEqual(await store.all('SELECT * FROM contacts ORDER BY number'), before);
  const lie = await store.all('SELECT number, time // 3600000 AS hour, subject FROM contacts ORDER BY rowid');
  const rest = repeat(10, (n) => BigInt(EVENTS + n));
  assert.deepEqual(
    lie.slice(0, 10).map(({ number }) => number),
    rest,
  );
  const places = lie.slice(10).map(({ hour, subject }) => `${hour} ${subject}`);
  const changes = places.filter((place, n) => place !== places[n - 1]);
  assert.equal(changes.length, new Set(places).size);
  assert.equal(new Set(places).size, (SOURCES * EVENTS) / 20);
  assert.equal(await arrange(store, EVENTS), 2 * EVENTS);
  const after = await store.all('SELECT number FROM contacts ORDER BY rowid');
  assert.deepEqual(
    after,
    lie.map(({ number }) => ({ number })),
  );
  await close();
});
