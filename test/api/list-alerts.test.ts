import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { isFinal } from '../../server/model/alert.js';
import { openApp } from './open-app.js';
import { sampleAlert } from './sample-alert.js';

const ids = (body: { alerts: { id: string }[] }): string[] => body.alerts.map(({ id }) => id);

test('whole documents with their ids, and no cursor at the end', async (t) => {
  const { app, save } = await openApp(t);
  await save({ one: sampleAlert() });
  const { body } = await request(app).get('/api/alerts').expect(200);
  assert.deepEqual(body, { alerts: [{ id: 'one', ...sampleAlert() }], cursor: null });
});

test('only alerts that stand, unless a state is asked for', async (t) => {
  const { app, save } = await openApp(t);
  const states = ['active', 'recurring', 'joined', 'merged', 'withdrawn'] as const;
  const alerts = Object.fromEntries(states.map((state) => [state, sampleAlert({ state })]));
  await save(alerts);
  const standing = states.filter((state) => isFinal(alerts[state]!));
  assert.deepEqual(ids((await request(app).get('/api/alerts')).body).sort(), standing);
  assert.deepEqual(ids((await request(app).get('/api/alerts?state=joined,merged')).body).sort(), ['joined', 'merged']);
});

test('each filter keeps its own', async (t) => {
  const { app, save } = await openApp(t);
  await save({
    plain: sampleAlert(),
    special: sampleAlert({
      analytic: 'AN1057',
      severity: 'high',
      shape: 'service enumeration',
      host: 'WS-1',
      source: 'fd00::7',
      user: 'HARBOR\\anna',
      process: 'nmap.exe',
      executable: 'C:\\tools\\nmap.exe',
      score: 90,
    }),
  });
  const asked = [
    { analytic: 'AN1057' },
    { severity: 'high' },
    { shape: 'service enumeration' },
    { host: 'WS-1' },
    { source: 'fd00::7' },
    { user: 'HARBOR\\anna' },
    { process: 'nmap.exe' },
    { executable: 'C:\\tools\\nmap.exe' },
    { min_score: '50.5' },
    { host: ['WS-1', 'WS-2'], severity: 'low,high' },
  ];
  for (const query of asked) {
    const { body } = await request(app).get('/api/alerts').query(query).expect(200);
    assert.deepEqual(ids(body), ['special'], JSON.stringify(query));
  }
});

test('a time range takes what overlaps it, both ends included', async (t) => {
  const { app, save } = await openApp(t);
  await save({ one: sampleAlert({ start: '2026-01-31T08:00:00.000Z', end: '2026-01-31T09:00:00.000Z' }) });
  const found = async (query: string) => ids((await request(app).get(`/api/alerts?${query}`).expect(200)).body).length;
  assert.equal(await found('from=2026-01-31T09:00:00Z'), 1);
  assert.equal(await found('from=2026-01-31T09:00:00.001Z'), 0);
  assert.equal(await found('to=2026-01-31T08:00:00Z'), 1);
  assert.equal(await found('to=2026-01-31T07:59:59.999Z'), 0);
  assert.equal(await found('from=2026-01-31T09:30:00%2B01:00&to=2026-01-31T08:45:00Z'), 1);
});

for (const sort of ['time', 'score', 'hosts', 'sockets', 'written'])
  for (const order of ['asc', 'desc'])
    test(`pages by ${sort} ${order} show everything once, also among ties`, async (t) => {
      const { app, save } = await openApp(t);
      const alerts = Array.from({ length: 11 }, (_, index) => {
        const score = [9, 80, 100][index % 3]!; // as texts these stand in another order
        return [`a${index}`, sampleAlert({ score, start: `2026-01-31T08:0${index % 2}:00.000Z` })] as const;
      });
      await save(Object.fromEntries(alerts));
      const whole = ids((await request(app).get('/api/alerts').query({ sort, order, limit: 200 })).body);
      assert.equal(whole.length, 11);
      const paged: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const { body } = await request(app)
          .get('/api/alerts')
          .query({ sort, order, limit: 3, ...(cursor !== undefined && { cursor }) })
          .expect(200);
        paged.push(...ids(body));
        assert.match(body.cursor ?? '', /^[\w.-]*$/, 'URL-safe as it is');
        cursor = body.cursor;
      }
      assert.deepEqual(paged, whole);
    });

test('scores are sorted as numbers', async (t) => {
  const { app, save } = await openApp(t);
  await save({
    nine: sampleAlert({ score: 9 }),
    hundred: sampleAlert({ score: 100 }),
    eighty: sampleAlert({ score: 80 }),
  });
  assert.deepEqual(ids((await request(app).get('/api/alerts?sort=score')).body), ['hundred', 'eighty', 'nine']);
});

test('a page that holds exactly the rest is the last', async (t) => {
  const { app, save } = await openApp(t);
  await save({ a: sampleAlert(), b: sampleAlert() });
  assert.equal((await request(app).get('/api/alerts?limit=2')).body.cursor, null);
});

test('a cursor of another list, or changed, is refused', async (t) => {
  const { app, save } = await openApp(t);
  await save({ a: sampleAlert(), b: sampleAlert(), c: sampleAlert() });
  const { cursor } = (await request(app).get('/api/alerts?limit=1')).body as { cursor: string };
  await request(app).get('/api/alerts').query({ cursor, limit: 2 }).expect(200);
  const forged = Buffer.from('["2026","z"]').toString('base64url');
  const wrong = [
    { cursor, sort: 'score' },
    { cursor, order: 'asc' },
    { cursor, severity: 'high' },
    { cursor: `${cursor}x` },
    { cursor: `x${cursor}` },
    { cursor: cursor.slice(0, -1) },
    { cursor: `${forged}.${cursor.split('.')[1]}` },
    { cursor: '' },
    { cursor: '..' },
    { cursor: '%00' },
  ];
  for (const query of wrong) {
    const { body } = await request(app).get('/api/alerts').query(query).expect(400);
    assert.equal(body.error.code, 'REQUEST_INVALID', JSON.stringify(query));
    assert.match(body.error.message, /cursor/);
  }
});

test('what a list can’t be asked is refused by name', async (t) => {
  const { app } = await openApp(t);
  const wrong: Record<string, RegExp> = {
    'limit=0': /limit/,
    'limit=201': /limit/,
    'limit=ten': /limit/,
    'limit=1&limit=2': /limit/,
    'state=open': /state/,
    'analytic=AN1': /analytic/,
    'shape=round': /shape/,
    'sort=name': /sort/,
    'order=up': /order/,
    'min_score=101': /min_score/,
    'from=yesterday': /from/,
    'from=2026-13-01T00:00:00Z': /from/,
    'host=': /host/,
    'limt=1': /limt/,
    '__proto__=1': /__proto__/,
    'constructor=1': /constructor/,
  };
  for (const [query, named] of Object.entries(wrong)) {
    const { body } = await request(app).get(`/api/alerts?${query}`).expect(400);
    assert.equal(body.error.status, 400);
    assert.match(body.error.message, named, query);
  }
});

test('values are data, never part of a query', async (t) => {
  const { app, save } = await openApp(t);
  await save({ one: sampleAlert({ host: `'; DROP TABLE documents; --` }) });
  const { body } = await request(app).get('/api/alerts').query({ host: `'; DROP TABLE documents; --` }).expect(200);
  assert.deepEqual(ids(body), ['one']);
});
