import assert from 'node:assert/strict';
import { test } from 'node:test';
import { an1057 } from '../../queries/analytics/an1057.js';
import { an1059 } from '../../queries/analytics/an1059.js';
import { coverageOf } from '../../server/hunt/coverage.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { AppError } from '../../server/model/app-error.js';
import type { Telemetry } from '../../server/model/ports.js';
import { Cast } from '../scenarios/cast.js';
import { imported, type OpenBackend, requestsWith } from '../scenarios/play.js';
import { zeekArp, zeekConn, zeekMdns } from '../scenarios/telemetry/sensors.js';
import { unifiedLogQuestion } from '../scenarios/telemetry/unified-log.js';
import { securityConnection, sysmonConnection, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, repeat } from '../scenarios/times.js';

const hunted = requestsWith().filter(({ analytic }) => analytic.id === 'AN1058');

const sweep = (start: number) =>
  imported(repeat(20, (i) => zeekConn({ at: at(start + i), from: '10.0.0.1', to: `10.200.0.${i}`, port: 22 })));
const stretch = (start: number, end: number) => ({
  from: new Date(at(start)).toISOString(),
  to: new Date(at(end)).toISOString(),
});

const cast = new Cast(0);
const act = (seconds: number) => ({ at: at(seconds), machine: cast.machine(), program: 'C:\\t.exe' });
const day = [
  sysmonStart({ ...act(0), pid: 7 }),
  ...repeat(3, (i) => sysmonConnection({ ...act(1 + i), to: cast.ip(9), port: 443 })),
  securityConnection({ ...act(4), to: cast.ip(9), port: 444, isBlocked: true }),
  ...repeat(2, (i) => zeekConn({ at: at(5 + i), from: '10.0.0.1', to: '10.200.0.1', port: 22 })),
  zeekConn({ at: at(7), from: '10.0.0.1', to: '10.200.0.1', port: 23, ended: 'refused' }),
  zeekMdns(at(8), '10.0.0.1', '_ssh._tcp.local'),
  unifiedLogQuestion({ ...act(9), hash: 'mask.hash: abc' }),
  zeekArp(at(10), '10.0.0.1', '10.200.0.1'),
];

/** What arrives is told as a gap until it is hunted, and a hunt that failed is told, whatever holds telemetry and marks. */
export function coverageContract(backend: string, open: OpenBackend): void {
  test(`${backend}: the records of a span are counted by kind, those of programs on the hosts of a scope`, async () => {
    const { events, telemetry, close } = await open(() => at(60 * DAY));
    try {
      await events.append({ key: 'day', events: imported(day) });
      const network = {
        addressContacts: { records: 3, last: at(7) },
        failedAddressContacts: { records: 1, last: at(7) },
        serviceQueries: { records: 2, last: at(9) },
        maskedQueries: { records: 1, last: at(9) },
        arps: { records: 1, last: at(10) },
      };
      assert.deepEqual(await telemetry.volumes(an1057.telemetry, { from: at(0), to: at(DAY) }), {
        programContacts: { records: 4, last: at(4) },
        failedProgramContacts: { records: 1, last: at(4) },
        launches: { records: 1, last: at(0) },
        ...network,
      });
      const none = { records: 0 };
      const nothing = { programContacts: none, failedProgramContacts: none, launches: none };
      const macos = await telemetry.volumes(an1059.telemetry, { from: at(0), to: at(DAY) });
      assert.deepEqual(macos, { ...nothing, ...network });
      const part = await telemetry.volumes(an1057.telemetry, { from: at(2), to: at(5) });
      const [programs, addresses] = [part.programContacts, part.addressContacts];
      assert.deepEqual(
        [programs, addresses, part.launches],
        [{ records: 3, last: at(4) }, { records: 1, last: at(5) }, none],
      );
    } finally {
      await close();
    }
  });

  test(`${backend}: coverage tells what arrived and was not hunted, and which hunts failed`, async () => {
    let clock = at(60 * DAY);
    const now = () => clock;
    const opened = await open(now);
    const arrive = async (key: string, start: number) => {
      clock += 60_000;
      await opened.events.append({ key, events: sweep(start) });
    };
    const hunt = (telemetry = opened.telemetry) => {
      clock += 60_000;
      return huntAll(hunted, { telemetry, documents: opened.documents, now });
    };
    const covered = async () => {
      const { analytics, extent } = await coverageOf(hunted, {}, opened);
      const { windows, runs, failures } = analytics[0]!;
      const { state, gaps } = windows[0]!;
      return { extent, state, gaps, runs: runs.map((run) => run.state), failures };
    };
    try {
      await arrive('first', 0);
      const first = stretch(0, 19);
      assert.deepEqual(await covered(), { extent: first, state: 'never', gaps: [first], runs: [], failures: 0 });
      await hunt();
      assert.deepEqual(await covered(), { extent: first, state: 'hunted', gaps: [], runs: ['done'], failures: 0 });

      await arrive('later', 10 * DAY);
      const behind = { extent: stretch(0, 10 * DAY + 19), state: 'behind', gaps: [stretch(10 * DAY, 10 * DAY + 19)] };
      assert.deepEqual(await covered(), { ...behind, runs: ['done'], failures: 0 });
      const broken: Telemetry = Object.create(opened.telemetry, {
        suspects: { value: () => Promise.reject(new AppError('ENGINE_UNAVAILABLE', 'It does not answer.')) },
      });
      await assert.rejects(hunt(broken), { code: 'ENGINE_UNAVAILABLE' });
      assert.deepEqual(await covered(), { ...behind, runs: ['failed', 'done'], failures: 1 });
      await hunt();
      const runs = ['done', 'failed', 'done'];
      assert.deepEqual(await covered(), { ...behind, state: 'hunted', gaps: [], runs, failures: 0 });
    } finally {
      await opened.close();
    }
  });
}
