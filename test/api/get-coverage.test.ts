import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { openApp } from './open-app.js';
import { sweepBatch } from './zeek-sweep.js';

test('what arrived is a gap of each analytic, and none once it was hunted', async (t) => {
  const { app, events, jobs } = await openApp(t);
  await events.append(sweepBatch(25));
  const { body } = await request(app).get('/api/coverage').expect(200);
  const all = { from: '2026-01-31T08:00:00.000Z', to: '2026-01-31T08:00:24.000Z' };
  assert.deepEqual([body.position, body.extent, body.unread, body.unreadCount], [25, all, [], 0]);
  assert.deepEqual(
    body.analytics.map(({ analytic }: { analytic: string }) => analytic),
    ['AN1057', 'AN1058', 'AN1059', 'AN1060'],
  );
  const { volumes, blind, ...day } = body.analytics[2].telemetry;
  assert.deepEqual(day, all);
  assert.deepEqual(volumes.failedAddressContacts, { records: 25, last: all.to });
  assert.deepEqual([volumes.arps, blind.length], [{ records: 0 }, 4]);
  assert.deepEqual(body.analytics[0].windows[0], { seconds: 60, state: 'never', gaps: [all] });
  await jobs.look();
  const { analytics } = (await request(app).get('/api/coverage?analytic=AN1058').expect(200)).body;
  assert.equal(analytics.length, 1);
  assert.deepEqual(analytics[0].windows[0], { seconds: 60, mark: 25, state: 'hunted', gaps: [] });
  const [run] = analytics[0].runs;
  assert.deepEqual([run.state, run.origin, run.episodes, run.error], ['done', 'schedule', 1, undefined]);
});

test('a stretch of time cuts the gaps', async (t) => {
  const { app, events } = await openApp(t);
  await events.append(sweepBatch(25));
  const question = { from: '2026-01-31T08:00:20Z', analytic: 'AN1057,AN1060' };
  const { analytics } = (await request(app).get('/api/coverage').query(question).expect(200)).body;
  assert.deepEqual(
    analytics.map((one: { analytic: string; windows: { gaps: unknown }[] }) => [one.analytic, one.windows[0]?.gaps]),
    ['AN1057', 'AN1060'].map((id) => [id, [{ from: '2026-01-31T08:00:20.000Z', to: '2026-01-31T08:00:24.000Z' }]]),
  );
});

test('what is wrong with a question is named', async (t) => {
  const { app } = await openApp(t);
  for (const [question, says] of [
    ['analytic=AN1', /analytic/],
    ['from=yesterday', /from: must be an ISO 8601 time/],
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', /from lies after to/],
    ['limit=5', /limit/],
  ] as const) {
    const { body } = await request(app).get(`/api/coverage?${question}`).expect(400);
    assert.equal(body.error.code, 'REQUEST_INVALID');
    assert.match(body.error.message, says);
  }
  await request(app).post('/api/coverage').expect(405);
});
