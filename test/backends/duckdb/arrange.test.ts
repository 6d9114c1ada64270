import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrange } from '../../../server/backends/duckdb/arrange.js';
import { Cast } from '../../scenarios/cast.js';
import { imported } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { sysmonStart } from '../../scenarios/telemetry/windows.js';
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

test('who holds an address is one row an hour, host and address once so many events have come, and known as before', async () => {
  const { store, events, telemetry, close } = await openInMemory(() => at(0));
  const machines = repeat(2, (i) => new Cast(0).machine(i + 1));
  const seen = (minute: number) =>
    machines.map((machine) => sysmonStart({ at: at(minute * 60), machine, program: 'C:\\a.exe' }));
  for (let minute = 0; minute < EVENTS; minute++)
    await events.append({ key: String(minute), events: imported(seen(minute)) });
  const addresses = machines.map(({ ip }) => ip);
  const hour = { from: at(0), to: at(0) };
  const hours = async () => {
    const held = await telemetry.holdings(addresses, hour);
    return addresses.map((address) => {
      const own = held.filter((one) => one.address === address);
      return [Math.min(...own.map(({ from }) => from)), Math.max(...own.map(({ to }) => to))];
    });
  };
  const before = await hours();
  const touched = await telemetry.touched({ after: EVENTS, until: 2 * EVENTS });

  await arrange(store, EVENTS);

  const rows = await store.all('SELECT address FROM holders WHERE number < $half', { half: BigInt(EVENTS) });
  assert.equal(rows.length, 2 * machines.length); // each holds a link-local one too
  assert.deepEqual(await hours(), before);
  assert.deepEqual(await telemetry.touched({ after: EVENTS, until: 2 * EVENTS }), touched);
  const [first] = await telemetry.touched({ after: EVENTS - 20, until: EVENTS });
  assert.ok(first && first.to >= at((EVENTS / 2 - 1) * 60), 'from a mark among them none is skipped');
  await close();
});
