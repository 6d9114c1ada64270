import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import type { EngineName } from '../../../scripts/engines/engine.js';
import { createAll } from '../../../server/backends/search/bulk.js';
import { SearchTelemetry } from '../../../server/backends/search/telemetry.js';
import { huntAll } from '../../../server/hunt/run-hunt.js';
import { HuntQueue } from '../../../server/jobs/hunt-queue.js';
import { Hunts } from '../../../server/jobs/hunts.js';
import { jobsOf } from '../../../server/jobs/job.js';
import { Jobs } from '../../../server/jobs/jobs.js';
import { openInMemory } from '../../backends/duckdb/open-in-memory.js';
import { alertsIn } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { at, DAY, iso, repeat } from '../../scenarios/times.js';
import { openTelemetry } from './open-engine.js';

const SETTLING_MS = 60_000;

/** Documents that become searchable after a hunt went past the time they say they arrived at. */
export function lateArrivalsContract(name: EngineName): void {
  test(`${name}: hunts: what turns up late is found, and a quiet store is left alone after that`, async () => {
    let now = at(DAY);
    const { connection, index, close } = await openTelemetry(name, () => now);
    const { documents, close: closeDocuments } = await openInMemory(() => now);
    try {
      const telemetry = new SearchTelemetry(connection, index, { now: () => now, settlingMs: SETTLING_MS });
      const ports = { telemetry, documents, now: () => now };
      const hunts = new Hunts(
        [],
        new HuntQueue((requests) => huntAll(requests, ports), documents, ports.now),
        telemetry,
      );
      const jobs = new Jobs(jobsOf([], {}), { ...ports, hunts, positions: 'times', onMissed: () => undefined });
      /** Contacts of one address with so many others, from the `first` on, that say when they arrived. */
      const write = async (first: number, count: number, arrival: number) => {
        const contacts = repeat(count, (i) => ({
          id: `${first + i}`,
          document: {
            ...zeekConn({ at: at(0, first + i), from: '10.0.0.1', to: `10.200.1.${first + i}`, port: 443 }),
            [ARRIVAL]: iso(arrival),
          },
        }));
        await createAll(connection, index, contacts);
        await connection.request((client) => client.indices.refresh({ index }));
      };
      await write(1, 8, at(500));
      const [first] = await jobs.look();
      assert.deepEqual(first?.arrivals, { after: 0, until: at(500) });
      assert.deepEqual(await alertsIn(documents), []);

      await write(9, 30, at(500) - 2 * SETTLING_MS + 1);
      now += SETTLING_MS;
      const [second] = await jobs.look();
      assert.deepEqual(second?.arrivals, { after: at(500) - 2 * SETTLING_MS, until: at(500) });
      const [alert, ...others] = await alertsIn(documents);
      assert.deepEqual(others, []);
      assert.equal(alert?.scanhound.targets.hosts, 38);

      now += SETTLING_MS;
      const last = await jobs.look();
      assert.ok(last.length > 0);
      assert.ok(last.every(({ created, updated }) => created + updated === 0));
      now += DAY;
      await jobs.look(); // longer windows come round less often
      assert.deepEqual(await jobs.look(), []);
    } finally {
      await Promise.all([close(), closeDocuments()]);
    }
  });
}
