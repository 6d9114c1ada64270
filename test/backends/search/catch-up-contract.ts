import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import type { EngineName } from '../../../scripts/engines/engine.js';
import { createAll } from '../../../server/backends/search/bulk.js';
import { huntAll } from '../../../server/hunt/run-hunt.js';
import { isFinal } from '../../../server/model/alert.js';
import type { Telemetry } from '../../../server/model/ports.js';
import { alertsIn, requestsWith } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { at, DAY, HOUR, iso, repeat } from '../../scenarios/times.js';
import { openInMemory } from '../duckdb/open-in-memory.js';
import { openTelemetry } from './open-engine.js';

const WEEK = 7 * DAY;
const WEEKS = [0, 1, 2, 6]; // and nothing for weeks
const now = () => at(10 * WEEK);

/** What arrived while nobody hunted. */
export function catchUpContract(name: EngineName): void {
  test(`${name}: hunts: what arrived over weeks is hunted week by week, and from there on after a cut`, async () => {
    const { telemetry, connection, index, close } = await openTelemetry(name, now);
    const [missed, whole] = await Promise.all([openInMemory(now), openInMemory(now)]);
    try {
      const scans = WEEKS.flatMap((week) =>
        repeat(30, (i) => {
          const time = at(week * WEEK + HOUR + i);
          const contact = zeekConn({ at: time, from: `10.0.0.${week}`, to: `10.200.1.${i}`, port: 443 });
          return { id: `${week} ${i}`, document: { ...contact, [ARRIVAL]: iso(time + 1_000) } };
        }),
      );
      await createAll(connection, index, scans);
      await connection.request((client) => client.indices.refresh({ index }));

      const ends: number[] = [];
      const catchUp = async (slices: number) => {
        const abort = new AbortController();
        const watched: Telemetry = Object.create(telemetry, {
          sliceEnd: {
            value: async (arrivals: Parameters<Telemetry['sliceEnd']>[0]) => {
              if (slices-- === 0) abort.abort(new Error('cut'));
              ends.push(await telemetry.sliceEnd(arrivals));
              return ends.at(-1);
            },
          },
        });
        const requests = requestsWith().map((request) => ({ ...request, signal: abort.signal }));
        return huntAll(requests, { telemetry: watched, documents: missed.documents, now });
      };
      const startOf = (week: number) => at(week * WEEK + HOUR + 1);
      await assert.rejects(catchUp(1), /cut/);
      const foundBefore = (await alertsIn(missed.documents)).map(({ source }) => source?.ip);
      assert.ok(foundBefore.includes('10.0.0.0') && !foundBefore.includes('10.0.0.6'), String(foundBefore));
      const [run] = await catchUp(Number.POSITIVE_INFINITY);
      assert.deepEqual(run?.arrivals, { after: startOf(1), until: at(6 * WEEK + HOUR + 30) });
      assert.deepEqual(ends, [
        startOf(1),
        startOf(2) + 1_000,
        startOf(2) + 1_000,
        startOf(3) + 2_000,
        at(6 * WEEK + HOUR + 30),
      ]);

      await huntAll(
        requestsWith().map((request) => ({ ...request, span: { from: at(0), to: at(7 * WEEK) } })),
        { telemetry, documents: whole.documents, now },
      );
      const told = async ({ documents }: typeof whole) =>
        (await alertsIn(documents))
          .filter(isFinal)
          .map(({ source, event, scanhound }) => ({ source, event, targets: scanhound.targets }))
          .sort((one, other) => (one.event.start < other.event.start ? -1 : 1));
      assert.deepEqual(await told(missed), await told(whole));
      assert.equal((await told(whole)).length, WEEKS.length);
    } finally {
      await Promise.all([close(), missed.close(), whole.close()]);
    }
  });
}
