import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import request from 'supertest';
import { ARRIVAL } from '../../mappings/search/telemetry.js';
import type { EngineName } from '../../scripts/engines/engine.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import type { ArrivalReport } from '../../server/hunt/compare-arrivals.js';
import { coverageOf } from '../../server/hunt/coverage.js';
import { huntEach } from '../../server/hunt/run-hunt.js';
import { ArrivalCheck } from '../../server/jobs/arrival-check.js';
import { HuntQueue } from '../../server/jobs/hunt-queue.js';
import { Hunts } from '../../server/jobs/hunts.js';
import { jobsOf } from '../../server/jobs/job.js';
import { Jobs } from '../../server/jobs/jobs.js';
import type { Run } from '../../server/model/run.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { indexAsAgentsDo } from '../backends/search/agents-indices.js';
import { connectTo } from '../backends/search/connect-to.js';
import { ecsMappings } from '../backends/search/ecs-index.js';
import { openDocuments } from '../backends/search/open-documents.js';
import { needsEngine } from '../engines.js';
import { alertsIn, requestsWith } from '../scenarios/play.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { at, DAY, HOUR, iso, repeat } from '../scenarios/times.js';
import { storesOn } from '../torture/stores.js';

const quiet = { error() {}, warn() {}, info() {} };
const SETTLING_MS = 60_000;

/** A scan by one address at a time, in seconds, as an index took it in three seconds later, or never told when. */
const scan = (host: number, seconds: number, isTold = true) =>
  repeat(30, (i) => {
    const contact = zeekConn({ at: at(seconds + i), from: `10.0.0.${host}`, to: `10.200.1.${i}`, port: 443 });
    return isTold ? { ...contact, [ARRIVAL]: iso(at(seconds + 3 + i)) } : contact;
  });

/** A service over indices of agents on a real engine: what hunts by itself, and what compares. The clock is in seconds. */
async function openService(name: EngineName) {
  let clock = 0;
  const now = () => at(clock);
  const { connection, documents, close } = await openDocuments(name);
  const { pattern, remove } = await indexAsAgentsDo(connection, scan(1, 0), () => 'first');
  const prefix = pattern.slice(0, -1);
  const telemetry = new SearchTelemetry(connection, pattern, { now, settlingMs: SETTLING_MS });
  const ports = { telemetry, documents, now };
  const hunts = new Hunts([], new HuntQueue((requests) => huntEach(requests, ports), documents, now), telemetry);
  const jobs = new Jobs(jobsOf([], {}), { ...ports, hunts, positions: 'times', onMissed: () => undefined });
  const reports: ArrivalReport[] = [];
  const check = () =>
    new ArrivalCheck({
      ...ports,
      hunts,
      onReport: (report) => reports.push(report),
      onError: (error) => assert.fail(String(error)),
    });
  const made: string[] = [];
  const make = async (name: string) => {
    const index = `${prefix}${name}`;
    if (made.includes(index)) return;
    await connection.request((client) => client.indices.create({ index, mappings: ecsMappings as object }));
    made.push(index);
  };
  return {
    documents,
    telemetry,
    setClock(seconds: number) {
      clock = seconds;
    },
    /** What the service does when it looks at this time. */
    async hunt(seconds: number) {
      clock = seconds;
      await jobs.look();
    },
    /** What the comparison told, if it is made at this time, and the spans that were hunted of it. */
    async compare(seconds: number) {
      clock = seconds;
      await check().look();
      const runs = await documents.query<Run>('run', { where: [], limit: 1_000 });
      const asked = runs.filter(({ body }) => body.origin === 'ledger').length;
      return { report: reports.splice(0).at(0), asked };
    },
    async sources() {
      return (await alertsIn(documents)).map(({ source }) => source?.ip).sort();
    },
    async write(index: string, contacts: readonly Readonly<Record<string, unknown>>[]) {
      if (index !== 'first') await make(index);
      const operations = contacts.flatMap((contact) => [{ create: {} }, contact]);
      await connection.request((client) => client.bulk({ index: `${prefix}${index}`, refresh: true, operations }));
    },
    async delete(index: string) {
      made.splice(made.indexOf(`${prefix}${index}`), 1);
      await connection.request((client) => client.indices.delete({ index: `${prefix}${index}` }));
    },
    async close() {
      if (made.length > 0) await connection.request((client) => client.indices.delete({ index: made }));
      await remove();
      await close();
    },
  };
}

type Service = Awaited<ReturnType<typeof openService>>;

/** What hunts of arrivals can't see, as it says that it arrived long ago, is found by the daily comparison. */
export function ledgerOn(name: EngineName): void {
  const on = (what: string, use: (service: Service) => Promise<void>) =>
    test(`${name}: the daily comparison: ${what}`, needsEngine(name), async () => {
      const service = await openService(name);
      try {
        await use(service);
      } finally {
        await service.close();
      }
    });
  const nothing = { late: 0, lost: 0, hours: [] };

  on('nothing is hunted where nothing changed, and it is made once a day', async (service) => {
    await service.hunt(HOUR);
    assert.deepEqual(await service.sources(), ['10.0.0.1']);
    const first = await service.compare(2 * HOUR);
    assert.deepEqual(first, { report: { checked: iso(at(2 * HOUR)), ...nothing }, asked: 0 });
    await service.write('second', scan(2, DAY));
    await service.hunt(DAY + HOUR);
    assert.equal((await service.compare(DAY + HOUR)).report, undefined, 'it was made within the day');
    const second = await service.compare(DAY + 2 * HOUR);
    assert.deepEqual(second, { report: { checked: iso(at(DAY + 2 * HOUR)), ...nothing }, asked: 0 });
  });

  on('what became searchable late is hunted once', async (service) => {
    await service.write('first', scan(9, 3 * HOUR));
    await service.hunt(5 * HOUR);
    await service.write('first', scan(2, HOUR));
    await service.hunt(6 * HOUR);
    assert.deepEqual(await service.sources(), ['10.0.0.1', '10.0.0.9'], 'hunts of arrivals see nothing of it');
    const { report, asked } = await service.compare(7 * HOUR);
    const hour = { from: iso(at(HOUR)), to: iso(at(2 * HOUR, -1)) };
    assert.deepEqual(report, { checked: iso(at(7 * HOUR)), late: 30, lost: 0, hours: [hour] });
    assert.ok(asked > 0);
    assert.deepEqual(await service.sources(), ['10.0.0.1', '10.0.0.2', '10.0.0.9']);
    assert.deepEqual((await coverageOf([], {}, service)).arrivals, report);
    const again = await service.compare(7 * HOUR + DAY);
    assert.deepEqual(again, { report: { checked: iso(at(7 * HOUR + DAY)), ...nothing }, asked });
  });

  on('an index that was restored is hunted, also where it does not say when it arrived', async (service) => {
    await service.write('first', scan(9, 30 * DAY));
    await service.hunt(30 * DAY + HOUR);
    await service.write('restored', [...scan(2, 10 * DAY), ...scan(3, 20 * DAY, false)]);
    await service.hunt(30 * DAY + 2 * HOUR);
    assert.deepEqual(await service.sources(), ['10.0.0.1', '10.0.0.9']);
    const { report } = await service.compare(30 * DAY + 3 * HOUR);
    assert.deepEqual([report?.late, report?.hours.length], [60, 2]);
    assert.deepEqual(await service.sources(), ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.9']);
  });

  on('a copy is hunted without a second alert, and what is deleted is not hunted', async (service) => {
    await service.write('second', scan(2, 3 * HOUR));
    await service.write('first', scan(9, 5 * HOUR));
    await service.hunt(6 * HOUR);
    const sources = ['10.0.0.1', '10.0.0.2', '10.0.0.9'];
    await service.write('copy', scan(2, 3 * HOUR));
    await service.delete('second');
    const { report, asked } = await service.compare(7 * HOUR);
    assert.deepEqual([report?.late, report?.lost], [30, 30]);
    assert.deepEqual(await service.sources(), sources);
    await service.delete('copy');
    const { report: last, asked: still } = await service.compare(7 * HOUR + DAY);
    assert.deepEqual([last?.late, last?.lost, still], [0, 30, asked]);
    assert.deepEqual(await service.sources(), sources, 'alerts stand');
  });

  test(`${name}: a service compares by itself, and tells of it`, needsEngine(name), async () => {
    await storesOn(name, SETTLING_MS)('', async ({ engine }) => {
      let clock = 4 * HOUR;
      const errors: string[] = [];
      const plugin = new ScanhoundPlugin({ ...quiet, error: (error) => errors.push(error) }, () => at(clock));
      const index = `${engine!.prefix}-agents`;
      const connection = await connectTo(name);
      const write = async (contacts: readonly object[]) => {
        const operations = contacts.flatMap((contact) => [{ create: {} }, contact]);
        await connection.request((client) => client.bulk({ index, refresh: true, operations }));
      };
      try {
        await connection.request((client) => client.indices.create({ index, mappings: ecsMappings as object }));
        await write([...scan(1, 0), ...scan(9, 3 * HOUR)]);
        const scanhound = await plugin.setup({ engine: { ...engine!, indices: [index] } });
        await scanhound.huntArrivals();
        await write(scan(2, HOUR));
        clock = 5 * HOUR;
        plugin.start();
        const api = await scanhound.openApi();
        const lateEvents = async () => {
          const { text } = await request(api).get('/metrics').expect(200);
          return /^scanhound_late_events_total (\d+)$/m.exec(text)?.[1];
        };
        while ((await lateEvents()) === '0' && errors.length === 0) await setTimeout(100);
        assert.deepEqual([await lateEvents(), errors], ['30', []]);
        const { arrivals } = await scanhound.coverage({});
        assert.deepEqual([arrivals?.checked, arrivals?.late], [iso(at(5 * HOUR)), 30]);
        const found = (await scanhound.finalAlerts()).map(({ source }) => source?.ip).sort();
        assert.deepEqual(found, ['10.0.0.1', '10.0.0.2', '10.0.0.9']);
      } finally {
        await plugin.stop();
        await connection.close();
      }
    });
  });

  on('what hunts could not read the ends of, as they failed, is not taken for late', async (service) => {
    const broken: SearchTelemetry = Object.create(service.telemetry, {
      suspects: { value: () => Promise.reject(new Error('cut')) },
    });
    const { documents } = service;
    service.setClock(2 * HOUR);
    await assert.rejects(huntEach(requestsWith(), { telemetry: broken, documents, now: () => at(2 * HOUR) }), /cut/);
    await service.hunt(2 * HOUR);
    assert.deepEqual(await service.sources(), ['10.0.0.1']);
    assert.equal((await service.compare(3 * HOUR)).report?.late, 0);
  });
}
