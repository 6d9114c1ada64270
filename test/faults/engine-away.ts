import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import type { EngineName } from '../../scripts/engines/engine.js';
import type { Backend } from '../../server/backend.js';
import { SearchEvents } from '../../server/backends/search/events.js';
import { ownTelemetry } from '../../server/engine-config.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { everyDocument } from '../../server/model/every-document.js';
import type { Run } from '../../server/model/run.js';
import { openBackend } from '../../server/open-backend.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { connectTo } from '../backends/search/connect-to.js';
import { engineFor, needsEngine } from '../engines.js';
import { finalOf } from '../scenarios/final.js';
import { alertsIn, imported, now, requestsWith } from '../scenarios/play.js';
import { DAY, HOUR } from '../scenarios/times.js';
import { storesOn } from '../torture/stores.js';
import { faultyWay } from './faulty-way.js';
import { scan } from './scan.js';

const quiet = { error() {}, warn() {}, info() {} };
const AWAY = { code: 'ENGINE_UNAVAILABLE' };

/** A service whose engine goes away in the middle of a hunt, for an hour, is unready so long and makes up all of it. */
export function engineAway(name: EngineName): void {
  test(`${name}: away for an hour and back, the engine is hunted as if it had been there`, needsEngine(name), () =>
    storesOn(name)('', async ({ engine }) => {
      const way = await faultyWay(await engineFor(name));
      const direct = await connectTo(name);
      let clock = now();
      const events = await SearchEvents.open(direct, ownTelemetry(engine!.prefix), () => clock);
      const embedded = await openInMemory(now);
      let backend: Backend | undefined;
      const open: typeof openBackend = async (...asked) => {
        backend = await openBackend(...asked);
        return backend;
      };
      const plugin = new ScanhoundPlugin(quiet, () => clock, open);
      let scans = 0;
      const arrive = async () => {
        clock += 60_000;
        const batch = { key: `scan ${scans}`, events: imported(scan(scans)) };
        scans++;
        for (const store of [events, embedded.events]) await store.append(batch);
      };
      try {
        const { openApi, huntArrivals } = await plugin.setup({ engine: { ...engine!, url: way.url } });
        const app = await openApi();
        const statusOf = async (path: string) => (await request(app).get(path)).status;
        const sent = () =>
          request(app).post('/api/events').set('content-type', 'application/x-ndjson').send(zeekSweep(3).join('\n'));
        await arrive();
        way.mend();
        await huntArrivals();
        const asked = way.asked();

        await arrive();
        clock += DAY; // so that windows of all lengths are due, as at first
        way.break('drop', Math.floor(asked / 2));
        await assert.rejects(huntArrivals(), AWAY);
        clock += HOUR;
        const [ready, alerts, { status, body }] = await Promise.all([
          statusOf('/readyz'),
          statusOf('/api/alerts'),
          sent(),
          assert.rejects(huntArrivals(), AWAY),
        ]);
        assert.deepEqual([ready, alerts, status, body.error.code], [503, 503, 503, 'ENGINE_UNAVAILABLE']);
        assert.equal(await statusOf('/healthz'), 200);

        way.mend();
        assert.equal(await statusOf('/readyz'), 200);
        await arrive();
        clock += DAY;
        assert.equal((await huntArrivals()).length, requestsWith().length);
        await huntAll(requestsWith(), { ...embedded, now });
        const { documents } = backend!;
        assert.deepEqual(finalOf(await alertsIn(documents)), finalOf(await alertsIn(embedded.documents)));
        const states = (await everyDocument<Run>(documents, 'run')).map(({ body: run }) => run.state);
        assert.ok(states.includes('failed') && !states.includes('running'), String(states));
      } finally {
        await plugin.stop();
        await Promise.all([direct.close(), way.close(), embedded.close()]);
      }
    }),
  );
}
