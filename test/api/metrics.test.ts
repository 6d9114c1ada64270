import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { AppError } from '../../server/model/app-error.js';
import { openApp } from './open-app.js';

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
