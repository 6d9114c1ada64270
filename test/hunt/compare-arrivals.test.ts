import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addCounts, countArrivals, countedUpTo, keptCounts } from '../../server/hunt/arrival-ledger.js';
import { arrivalsIn, compareArrivals, toHunt } from '../../server/hunt/compare-arrivals.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { imported } from '../scenarios/play.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { at } from '../scenarios/times.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const count = (index: string, hour: number, records: number) => ({ index, hour: hour * HOUR, records });

test('what is kept and what is there are compared by index and hour', () => {
  const kept = [count('a', 0, 3), count('a', 1, 2), count('b', 1, 5)];
  assert.deepEqual(compareArrivals(kept, kept), []);
  const now = [count('a', 0, 4), count('b', 1, 5), count('c', 1, 1)];
  assert.deepEqual(compareArrivals(kept, now), [count('a', 0, 1), count('c', 1, 1), count('a', 1, -2)]);
});

test('hours that follow each other are asked for as one, a week at most', () => {
  const week = Array.from({ length: 7 * 24 + 1 }, (_, hour) => count('a', 100 + hour, 1));
  assert.deepEqual(arrivalsIn([count('b', 5, 1), count('a', 3, 1), count('c', 3, 1), ...week]), [
    { after: 3 * HOUR - 1, until: 4 * HOUR - 1 },
    { after: 5 * HOUR - 1, until: 6 * HOUR - 1 },
    { after: 100 * HOUR - 1, until: 100 * HOUR + 7 * DAY - 1 },
    { after: 100 * HOUR + 7 * DAY - 1, until: 101 * HOUR + 7 * DAY - 1 },
  ]);
});

test('spans are hunted together where they are near, and in parts where they are long', () => {
  const spans = [
    { from: 5 * DAY, to: 5 * DAY + 1 },
    { from: 0, to: 1 },
    { from: DAY, to: DAY },
    { from: 10 * DAY, to: 18 * DAY },
  ];
  assert.deepEqual(toHunt(spans), [
    { from: 0, to: DAY },
    { from: 5 * DAY, to: 5 * DAY + 1 },
    { from: 10 * DAY, to: 17 * DAY - 1 },
    { from: 17 * DAY, to: 18 * DAY },
  ]);
});

test('counts add up by the hour, whoever adds them, and an index of which nothing is left is forgotten', async (t) => {
  const { documents, close } = await openInMemory(() => at(0));
  t.after(close);
  await Promise.all([
    addCounts(documents, [count('a', 5, 2), count('a', 30, 1)]),
    addCounts(documents, [count('a', 5, 3), count('b', 5, 1)]),
  ]);
  await addCounts(documents, [count('b', 5, -1)]);
  const kept = (await keptCounts(documents)).filter(({ records }) => records > 0);
  assert.deepEqual(kept, [count('a', 5, 5), count('a', 30, 1)]);
  assert.ok((await keptCounts(documents)).every(({ index }) => index === 'a'));
});

test('of an embedded store, where nothing comes late, nothing is counted', async (t) => {
  const { documents, events, telemetry, close } = await openInMemory(() => at(0));
  t.after(close);
  const contact = zeekConn({ at: at(0), from: '10.0.0.1', to: '10.200.0.1', port: 22 });
  await events.append({ key: 'one', events: imported([contact]) });
  await countArrivals(await telemetry.position(), { documents, telemetry });
  assert.equal(await countedUpTo(documents), undefined);
  assert.deepEqual(await keptCounts(documents), []);
});
