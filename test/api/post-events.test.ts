import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type ClientRequest, createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { DuckDbTelemetry } from '../../server/backends/duckdb/telemetry.js';
import { MOST_BODY_BYTES } from '../../server/jobs/intake.js';
import { openApp } from './open-app.js';
import { zeekSweep } from './zeek-sweep.js';

/** The API with a folder of its own for bodies. */
async function open(t: TestContext) {
  const spool = mkdtempSync(join(tmpdir(), 'scanhound-'));
  t.after(() => rmSync(spool, { recursive: true, force: true }));
  const opened = await openApp(t, { spool });
  return {
    ...opened,
    bodiesKept: () => readdirSync(spool).length,
    post: (type = 'application/x-ndjson') => request(opened.app).post('/api/events').set('content-type', type),
    extent: () => new DuckDbTelemetry(opened.store).extent(),
  };
}

/** Begins bodies that wait to be told how to end. */
async function slowly(t: TestContext, { app }: Awaited<ReturnType<typeof open>>): Promise<() => ClientRequest> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    const body = send({ port, host: '127.0.0.1', method: 'POST', path: '/api/events', headers });
    body.on('error', () => {}); // it is cut on purpose
    body.write(`${sweep}\n`);
    return body;
  };
}

const until = async (isSo: () => boolean) => {
  while (!isSo()) await wait(5);
};

const sweep = zeekSweep(25).join('\n');

test('posted telemetry is stored once, however often and however packed it comes, and hunts find its scan', async (t) => {
  const { app, post, hunts, bodiesKept } = await open(t);
  const summary = { kind: 'Zeek JSON logs', files: 1, records: 25, ignored: 0, unknown: 0, rejected: {} };
  const first = await post().send(sweep).expect(200);
  assert.deepEqual(first.body, { kinds: [{ ...summary, stored: 25, repeated: 0 }], skipped: [] });
  const again = { kinds: [{ ...summary, stored: 0, repeated: 25 }], skipped: [] };
  for (const type of ['application/json', 'text/plain', 'application/octet-stream'])
    assert.deepEqual((await post(type).serialize(String).send(sweep).expect(200)).body, again, type);
  const packed = post()
    .set('content-encoding', 'gzip')
    .serialize((body) => body);
  assert.deepEqual((await packed.send(gzipSync(sweep)).expect(200)).body, again);
  assert.equal(bodiesKept(), 0);

  await (await hunts.order({ origin: 'api', analytics: ['AN1058'] })).done;
  const { alerts } = (await request(app).get('/api/alerts')).body;
  assert.equal(alerts.length, 1);
  const { originals } = (await request(app).get(`/api/alerts/${alerts[0].id}`).expect(200)).body;
  assert.match(originals[0].index, /^api:[0-9a-f]{64}$/);
});

test('what can’t be read of a body is counted by reason', async (t) => {
  const { post } = await open(t);
  const { body } = await post().send(`${sweep}\n{"broken`).expect(200);
  assert.equal(body.kinds[0].stored, 25);
  assert.deepEqual(Object.values(body.kinds[0].rejected), [1]);
});

test('a body in which nothing can be read is refused with the reason', async (t) => {
  const { post, extent, bodiesKept } = await open(t);
  const unread: [string | Buffer, RegExp][] = [
    ['Buy milk.\n', /^api:[0-9a-f]{64}: no known format/],
    ['{"milk": 1}', /JSON, but no record of a known format/],
    ['', /: empty/],
    [gzipSync(gzipSync(sweep)), /a gzip inside a gzip/],
  ];
  for (const [body, why] of unread) {
    const sent = post('application/octet-stream')
      .serialize((same) => same)
      .send(body);
    const { error } = (await sent.expect(422)).body;
    assert.match(error.message, why);
    assert.equal(error.code, 'INPUT_UNKNOWN');
  }
  assert.equal(await extent(), undefined);
  assert.equal(bodiesKept(), 0);
});

test('a body must say what it is, and no page of another site may send one', async (t) => {
  const { app, post, extent } = await open(t);
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/html'])
    assert.equal((await post(type).send(sweep).expect(415)).body.error.code, 'CONTENT_TYPE_UNSUPPORTED');
  assert.equal((await post().set('content-encoding', 'br').send(sweep).expect(415)).body.error.status, 415);
  for (const origin of ['http://elsewhere.example', 'null'])
    assert.equal(
      (await post('text/plain').set('origin', origin).send(sweep).expect(403)).body.error.code,
      'ORIGIN_REFUSED',
    );
  assert.equal(await extent(), undefined);
  const own = request(app).post('/api/events').set({ 'content-type': 'text/plain', host: 'localhost:8046' });
  await own.set('origin', 'http://localhost:8046').send(sweep).expect(200);
});

test('a body that is too large is refused with what to do, and leaves nothing', async (t) => {
  const { post, extent, bodiesKept } = await open(t);
  const lines = Math.ceil(MOST_BODY_BYTES / (sweep.length + 1));
  const { error } = (await post().send(`${sweep}\n`.repeat(lines)).expect(413)).body;
  assert.equal(error.code, 'BODY_TOO_LARGE');
  assert.match(error.hint, /64 MiB/);
  assert.equal(await extent(), undefined);
  assert.equal(bodiesKept(), 0);
});

test('beyond a few bodies at once, the next is told when to come again', async (t) => {
  const opened = await open(t);
  const begin = await slowly(t, opened);
  const bodies = [begin(), begin(), begin(), begin()];
  await until(() => opened.bodiesKept() === bodies.length);
  const { headers, body } = await opened.post().send(sweep).expect(429);
  assert.equal(body.error.code, 'INTAKE_BUSY');
  assert.match(headers['retry-after'] ?? '', /^\d+$/);
  const statuses = bodies.map(
    (one) => new Promise((resolve) => one.on('response', (answer) => resolve(answer.resume().statusCode))),
  );
  for (const one of bodies) one.end();
  assert.deepEqual(await Promise.all(statuses), [200, 200, 200, 200]);
  assert.equal((await opened.post().send(sweep).expect(200)).body.kinds[0].repeated, 25);
});

test('a sender who goes away leaves nothing, and nobody is told of a fault', async (t) => {
  const opened = await open(t);
  const body = (await slowly(t, opened))();
  await until(() => opened.bodiesKept() === 1);
  body.destroy();
  await until(() => opened.bodiesKept() === 0);
  assert.equal(await opened.extent(), undefined);
  assert.deepEqual(opened.logged, []);
});

test('while the service stops, no telemetry is taken', async (t) => {
  const { post, drain } = await open(t);
  drain();
  assert.equal((await post().send(sweep).expect(503)).body.error.code, 'NOT_READY');
});
