import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AnalyticCoverage, coverageOf } from '../../server/hunt/coverage.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { AppError } from '../../server/model/app-error.js';
import type { Span, Telemetry } from '../../server/model/ports.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { imported, requestsWith } from '../scenarios/play.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { at, DAY, HOUR, repeat } from '../scenarios/times.js';

const [request] = requestsWith({ TimeWindow: 30 }).filter(({ analytic }) => analytic.id === 'AN1058');

const sweep = (start: number) =>
  imported(repeat(20, (i) => zeekConn({ at: at(start + i), from: '10.0.0.1', to: `10.200.0.${i}`, port: 22 })));
const iso = (time: number) => new Date(time).toISOString();
const stretch = (start: number, end: number) => ({ from: iso(at(start)), to: iso(at(end)) });

/** An embedded store, hunted by AN1058 with windows of 30 s and longer; the clock moves with each hunt. */
async function open(t: { after: (close: () => Promise<void>) => void }) {
  const backend = await openInMemory(() => at(60 * DAY));
  t.after(() => backend.close());
  let clock = at(60 * DAY);
  const hunt = (more: { windows?: number[]; span?: Span } = {}, telemetry: Telemetry = backend.telemetry) => {
    clock += 60_000;
    return huntAll([{ ...request!, ...more }], { ...backend, telemetry, now: () => clock });
  };
  const covered = async (question = {}): Promise<AnalyticCoverage> =>
    (await coverageOf([request!], question, backend)).analytics[0]!;
  return { ...backend, hunt, covered };
}

const states = ({ windows }: AnalyticCoverage) => windows.map(({ seconds, state }) => `${seconds} ${state}`);

test('nothing is stored, nothing hunted: never, without gaps', async (t) => {
  const { telemetry, documents } = await open(t);
  assert.deepEqual(await coverageOf([request!], {}, { telemetry, documents }), {
    position: 0,
    unread: [],
    unreadCount: 0,
    analytics: [
      {
        analytic: 'AN1058',
        windows: [30, 300, 1_800, 43_200].map((seconds) => ({ seconds, state: 'never', gaps: [] })),
        runs: [],
        failures: 0,
      },
    ],
  });
});

test('what arrived is a gap until it is hunted, wherever its times lie', async (t) => {
  const { events, hunt, covered } = await open(t);
  await events.append({ key: 'first', events: sweep(0) });
  const [never] = (await covered()).windows;
  assert.deepEqual(never, { seconds: 30, state: 'never', gaps: [stretch(0, 19)] });

  await hunt();
  const hunted = await covered();
  assert.deepEqual(states(hunted), ['30 hunted', '300 hunted', '1800 hunted', '43200 hunted']);
  assert.deepEqual([hunted.windows[0]?.mark, hunted.windows[0]?.gaps], [20, []]);

  await events.append({ key: 'later', events: sweep(10 * DAY) });
  await events.append({ key: 'late', events: sweep(-10 * DAY) });
  const behind = await covered();
  assert.equal(behind.windows[0]?.state, 'behind');
  assert.deepEqual(behind.windows[0]?.gaps, [stretch(-10 * DAY, -10 * DAY + 19), stretch(10 * DAY, 10 * DAY + 19)]);

  await hunt();
  assert.deepEqual(states(await covered()), states(hunted));
});

test('a question cuts gaps to its time, and one beside them finds all hunted', async (t) => {
  const { events, hunt, covered } = await open(t);
  await events.append({ key: 'first', events: sweep(0) });
  await hunt();
  await events.append({ key: 'later', events: sweep(10 * DAY) });
  const cut = await covered({ from: at(10 * DAY + 5) });
  assert.deepEqual(cut.windows[0]?.gaps, [stretch(10 * DAY + 5, 10 * DAY + 19)]);
  const before = await covered({ to: at(HOUR) });
  assert.deepEqual([before.windows[0]?.state, before.windows[0]?.gaps], ['hunted', []]);
});

test('windows of each length have a mark of their own', async (t) => {
  const { events, hunt, covered } = await open(t);
  await events.append({ key: 'first', events: sweep(0) });
  await hunt();
  await events.append({ key: 'later', events: sweep(10 * DAY) });
  await hunt({ windows: [30] });
  assert.deepEqual(states(await covered()), ['30 hunted', '300 behind', '1800 behind', '43200 behind']);
});

test('runs are told with what they hunted, found and were set to; a hunt of a span moves no mark', async (t) => {
  const { events, hunt, covered } = await open(t);
  await events.append({ key: 'first', events: sweep(0) });
  await hunt({ span: { from: at(0), to: at(HOUR) } });
  const { windows, runs } = await covered();
  assert.equal(windows[0]?.state, 'never');
  assert.equal(runs.length, 1);
  const { state, span, suspects, episodes, silenced, tunables } = runs[0]!;
  assert.deepEqual([state, span, suspects, episodes, silenced], ['done', stretch(0, HOUR), 1, 1, 0]);
  assert.equal(tunables.TimeWindow, 30);
  assert.equal('alerts' in runs[0]!, false);
});

test('a failed hunt leaves the gap and is told with its error; the last one done is told however old', async (t) => {
  const { events, telemetry, hunt, covered } = await open(t);
  await events.append({ key: 'first', events: sweep(0) });
  const [done] = await hunt();
  await events.append({ key: 'later', events: sweep(DAY) });
  const broken: Telemetry = Object.create(telemetry, {
    suspects: { value: () => Promise.reject(new AppError('ENGINE_UNAVAILABLE', 'The engine does not answer.')) },
  });
  for (let time = 0; time < 6; time++) await assert.rejects(hunt({}, broken), { code: 'ENGINE_UNAVAILABLE' });
  const failed = await covered();
  assert.equal(failed.windows[0]?.state, 'behind');
  assert.equal(failed.failures, 6);
  assert.deepEqual(
    failed.runs.map(({ state }) => state),
    ['failed', 'failed', 'failed', 'failed', 'failed', 'done'],
  );
  assert.deepEqual(failed.runs[0]?.error, { code: 'ENGINE_UNAVAILABLE', message: 'The engine does not answer.' });
  assert.equal(failed.runs[5]?.id, done?.id);

  await hunt();
  const made = await covered();
  assert.deepEqual([made.windows[0]?.state, made.failures, made.runs[0]?.state], ['hunted', 0, 'done']);
});

test('indices that can’t be read are named, a hundred at most', async (t) => {
  const { telemetry, documents } = await open(t);
  const closed = repeat(120, (i) => `logs-${i}`);
  const partly: Telemetry = Object.create(telemetry, { unread: { value: () => Promise.resolve(closed) } });
  const { unread, unreadCount } = await coverageOf([], {}, { telemetry: partly, documents });
  assert.deepEqual([unread, unreadCount], [closed.slice(0, 100), 120]);
});
