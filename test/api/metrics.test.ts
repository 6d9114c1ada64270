import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import type { AnalyticId } from '../../queries/analytic.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { Metrics } from '../../server/metrics.js';
import { AppError } from '../../server/model/app-error.js';
import { noCounts, type Run } from '../../server/model/run.js';
import { openApp } from './open-app.js';
import { sweepBatch } from './zeek-sweep.js';

const sampleOf = (text: string, name: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
};

test('runs that were done and that failed are counted for Prometheus', async (t) => {
  let isBroken = false;
  const { app, hunts } = await openApp(t, {
    hunt: (requests, ports) => {
      if (isBroken) return Promise.reject(new AppError('ENGINE_UNAVAILABLE', 'away'));
      return huntAll(requests, ports);
    },
  });
  const scrape = async () => (await request(app).get('/metrics').expect(200)).text;
  const before = await scrape();
  assert.equal(sampleOf(before, 'scanhound_runs_queued'), 0);
  assert.equal(sampleOf(before, 'scanhound_runs_total{analytic="AN1058",state="done"}'), undefined);
  await (await hunts.order({ origin: 'api' })).done;
  isBroken = true;
  await assert.rejects((await hunts.order({ origin: 'api', analytics: ['AN1058'] })).done);
  const after = await scrape();
  assert.equal(sampleOf(after, 'scanhound_runs_total{analytic="AN1057",state="done"}'), 1);
  assert.equal(sampleOf(after, 'scanhound_runs_total{analytic="AN1058",state="failed"}'), 1);
  assert.equal(sampleOf(after, 'scanhound_run_duration_seconds_count{analytic="AN1057"}'), 1);
  assert.equal(sampleOf(after, 'scanhound_alerts_total{analytic="AN1057",change="created"}'), 0);
  assert.ok(sampleOf(after, 'scanhound_last_run_timestamp_seconds{analytic="AN1057"}')! > 0);
  assert.match(after, /^# TYPE process_resident_memory_bytes gauge$/m);
});

test('of a round that failed in part, what was done is counted as done', async () => {
  const metrics = new Metrics(() => 0);
  const run = (analytic: AnalyticId, state: Run['state']): Run => ({
    ...{ id: analytic, analytic, state, origin: 'schedule', tunables: {}, silenced: [], alerts: [] },
    ...{ ...noCounts(), started: '2026-01-31T12:00:00.000Z', ended: '2026-01-31T12:00:01.000Z' },
  });
  await metrics.observe([], Promise.resolve([run('AN1057', 'failed'), run('AN1058', 'done')]));
  const { body } = await metrics.text();
  assert.equal(sampleOf(body, 'scanhound_runs_total{analytic="AN1057",state="failed"}'), 1);
  assert.equal(sampleOf(body, 'scanhound_last_run_timestamp_seconds{analytic="AN1057"}'), undefined);
  assert.equal(sampleOf(body, 'scanhound_run_duration_seconds_count{analytic="AN1058"}'), 1);
});

test('how far marks are behind, and missed ticks, are told for Prometheus', async (t) => {
  const { app, events, jobs } = await openApp(t);
  await events.append(sweepBatch(25));
  const scrape = async () => (await request(app).get('/metrics').expect(200)).text;
  const lag = (text: string, window: string) =>
    sampleOf(text, `scanhound_mark_lag_arrivals{analytic="AN1058",window="${window}"}`);
  const before = await scrape();
  assert.deepEqual([lag(before, '60s'), lag(before, '86400s')], [25, 25]);
  assert.equal(sampleOf(before, 'scanhound_missed_ticks_total{analytic="AN1058"}'), 0);
  await jobs.tick('* * * * *', 3);
  const after = await scrape();
  assert.deepEqual([lag(after, '60s'), lag(after, '86400s')], [0, 0]);
  assert.equal(sampleOf(after, 'scanhound_missed_ticks_total{analytic="AN1058"}'), 3);
});

test('a store that does not answer takes its own gauge away and nothing else', async () => {
  const metrics = new Metrics(() => 2);
  metrics.tellLags('times', () => Promise.reject(new Error('away')));
  const { body } = await metrics.text();
  assert.equal(sampleOf(body, 'scanhound_runs_queued'), 2);
  assert.doesNotMatch(body, /^scanhound_mark_lag_seconds\{/m);
});
