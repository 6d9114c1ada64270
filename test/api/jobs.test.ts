import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { openApp } from './open-app.js';

test('jobs are listed, paused, resumed and run', async (t) => {
  const { app } = await openApp(t);
  const { body: listed } = await request(app).get('/api/jobs').expect(200);
  assert.deepEqual(
    listed.jobs.map(({ id, state, missed }: { id: string; state: string; missed: number }) => [id, state, missed]),
    ['AN1057', 'AN1058', 'AN1059', 'AN1060'].map((id) => [id, 'idle', 0]),
  );
  const { body: paused } = await request(app).post('/api/jobs/AN1057/pause').send({ by: 'anna' }).expect(200);
  assert.deepEqual([paused.id, paused.state, paused.paused.by], ['AN1057', 'paused', 'anna']);
  const { body: run, headers } = await request(app).post('/api/jobs/AN1057/run').expect(202);
  assert.equal(run.runs.length, 1);
  assert.equal(headers.location, `/api/runs/${run.runs[0]}`);
  await request(app).get(headers.location).expect(200);
  const { body: resumed } = await request(app).post('/api/jobs/AN1057/resume').expect(200);
  assert.equal(resumed.paused, undefined);
  assert.deepEqual((await request(app).get('/api/jobs/AN1057').expect(200)).body.paused, undefined);
});

test('what is wrong is refused', async (t) => {
  const { app } = await openApp(t);
  for (const path of ['', '/pause', '/resume', '/run']) {
    const ask = path === '' ? request(app).get('/api/jobs/AN1') : request(app).post(`/api/jobs/AN1${path}`);
    const { body } = await ask.expect(404);
    assert.equal(body.error.code, 'JOB_UNKNOWN');
    assert.match(body.error.message, /AN1057, AN1058, AN1059, AN1060/);
  }
  const pause = () => request(app).post('/api/jobs/AN1057/pause');
  assert.equal((await pause().send({ by: '' }).expect(400)).body.error.code, 'REQUEST_INVALID');
  assert.equal((await pause().send({ who: 'anna' }).expect(400)).body.error.code, 'REQUEST_INVALID');
  await pause().type('form').send('by=anna').expect(415);
  await pause().set('Origin', 'http://elsewhere.example').expect(403);
  await request(app).post('/api/jobs').expect(405);
  const { headers } = await request(app).get('/api/jobs/AN1057/run').expect(405);
  assert.equal(headers.allow, 'POST');
  assert.equal((await request(app).get('/api/jobs/AN1057').expect(200)).body.state, 'idle');
});
