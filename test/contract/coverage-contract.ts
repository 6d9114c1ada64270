import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coverageOf } from '../../server/hunt/coverage.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { AppError } from '../../server/model/app-error.js';
import type { Telemetry } from '../../server/model/ports.js';
import { imported, type OpenBackend, requestsWith } from '../scenarios/play.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { at, DAY, repeat } from '../scenarios/times.js';

const hunted = requestsWith().filter(({ analytic }) => analytic.id === 'AN1058');

const sweep = (start: number) =>
  imported(repeat(20, (i) => zeekConn({ at: at(start + i), from: '10.0.0.1', to: `10.200.0.${i}`, port: 22 })));
const stretch = (start: number, end: number) => ({
  from: new Date(at(start)).toISOString(),
  to: new Date(at(end)).toISOString(),
});

/** What arrives is told as a gap until it is hunted, and a hunt that failed is told, whatever holds telemetry and marks. */
export function coverageContract(backend: string, open: OpenBackend): void {
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
