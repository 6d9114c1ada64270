import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { analytics } from '../../queries/analytics/index.js';
import { openApp } from './open-app.js';

test('every answer forbids to sniff, cache, frame and share, and names no server', async (t) => {
  const { app } = await openApp(t);
  for (const path of ['/healthz', '/api/alerts', '/nothing']) {
    const { headers } = await request(app).get(path);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['cache-control'], 'no-store');
    assert.match(headers['content-security-policy'] ?? '', /default-src 'none'/);
    assert.equal(headers['x-powered-by'], undefined);
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.match(headers['content-type'] ?? '', /json/);
  }
});

test('errors have one form', async (t) => {
  const { app } = await openApp(t);
  const { body } = await request(app).get('/api/nothing').expect(404);
  assert.deepEqual(Object.keys(body), ['error']);
  assert.deepEqual(Object.keys(body.error), ['code', 'message', 'hint', 'status']);
  assert.equal(body.error.code, 'ROUTE_UNKNOWN');
});

test('a path that can’t be read is the caller’s fault', async (t) => {
  const { app, logged } = await openApp(t);
  const { body } = await request(app).get('/api/alerts/%E0%A4%A').expect(400);
  assert.equal(body.error.code, 'REQUEST_INVALID');
  assert.deepEqual(logged, []);
});

test('a method that a route does not take is named, with those that it does', async (t) => {
  const { app } = await openApp(t);
  const routes: Record<string, string> = {
    '/healthz': 'GET, HEAD',
    '/readyz': 'GET, HEAD',
    '/metrics': 'GET, HEAD',
    '/api/alerts': 'GET, HEAD',
    '/api/alerts/x': 'GET, HEAD',
    '/api/analytics': 'GET, HEAD',
    '/api/coverage': 'GET, HEAD',
    '/api/events': 'POST',
    '/api/hunts': 'POST',
    '/api/runs': 'GET, HEAD',
    '/api/runs/x': 'GET, HEAD',
    '/api/tunables/changes': 'GET, HEAD',
  };
  for (const [path, allowed] of Object.entries(routes)) {
    const { body, headers } = await request(app).delete(path).expect(405);
    assert.equal(headers.allow, allowed, path);
    assert.equal(body.error.code, 'METHOD_NOT_ALLOWED');
    await request(app).options(path).expect(405);
  }
  await request(app).get('/api/hunts').expect(405);
  await request(app).head('/api/alerts').expect(200);
});

test('a body must be JSON, declared as such, and small', async (t) => {
  const { app } = await openApp(t);
  const post = (body: string, type: string) => request(app).post('/api/hunts').set('content-type', type).send(body);
  const code = async (answer: Promise<{ body: { error: { code: string } } }>) => (await answer).body.error.code;
  assert.equal(await code(post('{', 'application/json').expect(400)), 'REQUEST_INVALID');
  assert.equal(await code(post('{}', 'text/plain').expect(415)), 'CONTENT_TYPE_UNSUPPORTED');
  assert.equal(await code(post('a=b', 'application/x-www-form-urlencoded').expect(415)), 'CONTENT_TYPE_UNSUPPORTED');
  assert.equal(await code(post('{}', 'application/json; charset=latin9').expect(415)), 'CONTENT_TYPE_UNSUPPORTED');
  const large = JSON.stringify({ tunables: { ScanToolList: 'x'.repeat(110_000) } });
  assert.equal(await code(post(large, 'application/json').expect(413)), 'BODY_TOO_LARGE');
  assert.equal(await code(post('[]', 'application/json').expect(400)), 'REQUEST_INVALID');
});

test('a name that was turned to this address by somebody else is refused', async (t) => {
  const { app } = await openApp(t, { allowedHosts: ['scanhound.example'] });
  const ask = (host: string) => request(app).get('/healthz').set('Host', host);
  for (const host of [
    'localhost',
    'localhost:8046',
    '127.0.0.1:8046',
    '[::1]:8046',
    '10.1.2.3',
    'Scanhound.Example:80',
  ])
    await ask(host).expect(200);
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:8046', '[evil]', 'a:b:c'])
    assert.equal((await ask(host).expect(421)).body.error.code, 'HOST_REFUSED', host);
});

test('healthz tells that it lives, readyz that it can work', async (t) => {
  const { app, drain } = await openApp(t);
  await request(app).get('/healthz').expect(200, { status: 'ok' });
  await request(app).get('/readyz').expect(200, { status: 'ready' });
  drain();
  await request(app).get('/healthz').expect(200);
  assert.equal((await request(app).get('/readyz').expect(503)).body.error.code, 'NOT_READY');
  assert.equal((await request(app).get('/api/alerts').expect(503)).body.error.code, 'NOT_READY');
});

test('a failure within is logged, and its inside not told', async (t) => {
  const { app, store, logged } = await openApp(t);
  await store.all('SELECT 1');
  await store.write((connection) => connection.run('DROP TABLE documents'));
  const { body } = await request(app).get('/api/alerts').expect(500);
  assert.equal(body.error.code, 'INTERNAL');
  assert.doesNotMatch(JSON.stringify(body), /documents|SELECT|\.js/);
  assert.equal(logged.length, 1);
});

test('the analytics come as they are defined, with the values in force', async (t) => {
  const { app } = await openApp(t);
  const { body } = await request(app).get('/api/analytics').expect(200);
  assert.deepEqual(
    body.analytics.map(({ id }: { id: string }) => id),
    analytics.map(({ id }) => id),
  );
  const { default: standard, value } = body.analytics[0].tunables.ScanRateThreshold;
  assert.equal(value, standard);
});
