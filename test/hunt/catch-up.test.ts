import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DuckDbTelemetry } from '../../server/backends/duckdb/telemetry.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { everyDocument } from '../../server/model/every-document.js';
import type { Arrivals, Documents, Telemetry } from '../../server/model/ports.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { finalOf } from '../scenarios/final.js';
import { alertsIn, imported, now, requestsWith } from '../scenarios/play.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { at, HOUR, repeat } from '../scenarios/times.js';

const HOURS = 24;
const AN_HOUR = 40;
/** What arrives while the day is made up, of days later: no window reaches both. */
const LATER = [100, 104];
/** Five hours' arrivals: windows of a day reach over all slices. */
const MOST_IN_SLICE = 5 * AN_HOUR;

/** An hour in which an address scans; every third hour it is the one that scanned in the hour before. */
const hourOf = (hour: number) =>
  repeat(AN_HOUR, (i) =>
    zeekConn({ at: at(hour * HOUR + i), from: sourceOf(hour), to: `10.200.${hour}.${i}`, port: 443 }),
  );
const sourceOf = (hour: number): string => `10.0.0.${hour - (hour % 3 === 2 ? 1 : 0)}`;

async function open(t: TestContext) {
  const store = await openInMemory(now);
  t.after(() => store.close());
  return {
    ...store,
    arrive: (hour: number) => store.events.append({ key: `hour ${hour}`, events: imported(hourOf(hour)) }),
  };
}

/** Where all marks of the four hunts stand. */
async function marksIn(documents: Documents): Promise<number[]> {
  const marks = await everyDocument<{ position: number }>(documents, 'mark');
  return [...new Set(marks.map(({ body }) => body.position))];
}

const sourcesIn = async (documents: Documents) => new Set((await alertsIn(documents)).map(({ source }) => source?.ip));

test('a day that was missed is made up in bounded slices, the oldest first, while what arrives is hunted', async (t) => {
  const missed = await open(t);
  for (let hour = 0; hour < HOURS; hour++) await missed.arrive(hour);
  const telemetry = new DuckDbTelemetry(missed.store, MOST_IN_SLICE);
  const slices: { arrivals: Arrivals; end: number; marks: number[]; found: ReadonlySet<unknown> }[] = [];
  const watch = (onSlice: () => Promise<void>): Telemetry =>
    Object.create(telemetry, {
      sliceEnd: {
        value: async (arrivals: Arrivals) => {
          const end = await telemetry.sliceEnd(arrivals);
          const { documents } = missed;
          slices.push({ arrivals, end, marks: await marksIn(documents), found: await sourcesIn(documents) });
          await onSlice();
          return end;
        },
      },
    });
  const hunt = (watched: Telemetry, signal?: AbortSignal) =>
    huntAll(
      requestsWith().map((request) => ({ ...request, ...(signal && { signal }) })),
      { ...missed, telemetry: watched, now },
    );

  const cut = new AbortController();
  const cutInThird = watch(async () => {
    if (slices.length === 3) cut.abort(new Error('killed'));
  });
  await assert.rejects(hunt(cutInThird, cut.signal), /killed/);
  assert.deepEqual(await marksIn(missed.documents), [2 * MOST_IN_SLICE]);

  slices.length = 0;
  const arriving = [...LATER];
  const runs = await hunt(
    watch(async () => {
      const hour = arriving.shift();
      if (hour !== undefined) await missed.arrive(hour);
    }),
  );
  const backlog = HOURS * AN_HOUR;
  assert.deepEqual(
    slices.map(({ arrivals, end }) => [arrivals.after, end]),
    [
      [2 * MOST_IN_SLICE, 3 * MOST_IN_SLICE],
      [3 * MOST_IN_SLICE, 4 * MOST_IN_SLICE],
      [4 * MOST_IN_SLICE, backlog],
    ],
  );
  const [first, second, third] = slices;
  assert.deepEqual(second?.marks, [3 * MOST_IN_SLICE], 'marks move with the backlog alone');
  const [atFirst, later] = LATER.map(sourceOf);
  assert.ok(!first?.found.has(atFirst));
  assert.ok(second.found.has(atFirst) && !second.found.has(later), 'what arrived meanwhile did not wait');
  assert.ok(third?.found.has(later));
  assert.deepEqual(await marksIn(missed.documents), [backlog]);
  assert.deepEqual(
    runs.map(({ state, arrivals }) => [state, arrivals?.until]),
    requestsWith().map(() => ['done', backlog]),
  );

  await hunt(telemetry); // the next tick
  assert.deepEqual(await marksIn(missed.documents), [backlog + LATER.length * AN_HOUR]);
  const undisturbed = await open(t);
  for (const hour of [...Array(HOURS).keys(), ...LATER]) {
    await undisturbed.arrive(hour);
    await huntAll(requestsWith(), { ...undisturbed, now });
  }
  const expected = finalOf(await alertsIn(undisturbed.documents));
  assert.ok(expected.length > HOURS / 2);
  assert.deepEqual(finalOf(await alertsIn(missed.documents)), expected);
});
