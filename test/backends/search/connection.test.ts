import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { Connection } from '../../../server/backends/search/connection.js';
import type { EngineConfig } from '../../../server/backends/search/engine-address.js';
import { inTurn, standIn } from './stand-in.js';

const PASSWORD = 'correct-horse-battery';
const AUTH = { username: 'hunter', password: PASSWORD };
const refresh = (connection: Connection) => connection.request((client) => client.indices.refresh({ index: 'a' }));

/** Sends one request to a stand-in that answers so. */
async function ask(statuses: readonly number[], config: Partial<EngineConfig> = {}) {
  const { answer, asked } = inTurn(statuses);
  const { url, close } = await standIn(answer);
  const waits: number[] = [];
  const connection = Connection.open({ engine: 'elasticsearch', url, auth: AUTH, ...config }, async (wait) => {
    waits.push(wait);
  });
  try {
    const error: unknown = await refresh(connection).then(
      () => undefined,
      (reason) => reason,
    );
    return { error, asked, waits };
  } finally {
    await connection.close();
    await close();
  }
}

test('a busy or absent engine is asked again, later each time', async () => {
  const { error, asked, waits } = await ask([503, 429, 0, 504, 200]);
  assert.equal(error, undefined);
  assert.equal(asked.length, 5);
  for (const [at, wait] of waits.entries()) assert.ok(wait >= 0 && wait <= 500 * 2 ** at, `${at} ${wait}`);
});

test('not for ever', async () => {
  const { error, asked } = await ask([502, 502, 502, 502, 502, 200]);
  assert.equal(asked.length, 5);
  assert.match(inspect(error), /answered 502: refused_exception: not now/);
  assert.equal((error as { code?: string }).code, 'ENGINE_UNAVAILABLE');
});

test('what was refused is not asked again', async () => {
  for (const status of [400, 401, 403, 404, 413]) {
    const { error, asked } = await ask([status, 200]);
    assert.equal(asked.length, 1);
    assert.equal((error as { code?: string }).code, 'ENGINE_REFUSED', String(status));
  }
});

test('what failed inside is not asked again either', async () => {
  const { error, asked } = await ask([500, 200]);
  assert.equal(asked.length, 1);
  assert.equal((error as { code?: string }).code, 'ENGINE_UNAVAILABLE');
});

test('no error holds what lets us in', async () => {
  const encoded = Buffer.from(`${AUTH.username}:${PASSWORD}`).toString('base64');
  for (const status of [0, 401, 500, 503]) {
    const { error, asked } = await ask(Array(5).fill(status));
    assert.equal(asked[0]?.headers.authorization, `Basic ${encoded}`);
    const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
    assert.ok(!shown.includes(PASSWORD) && !shown.includes(encoded), shown);
  }
  for (const url of [`http://hunter:${PASSWORD}@127.0.0.1`, `${PASSWORD}`, `ftp://${PASSWORD}`])
    assert.throws(
      () => Connection.open({ engine: 'opensearch', url }),
      (error: Error & { code?: string }) => error.code === 'CONFIG_INVALID' && !inspect(error).includes(PASSWORD),
    );
});

test('the other ways in', async () => {
  for (const [auth, header] of [
    [{ apiKey: 'abc' }, 'ApiKey abc'],
    [{ bearer: 'abc' }, 'Bearer abc'],
  ] as const) {
    const { asked } = await ask([200], { auth });
    assert.equal(asked[0]?.headers.authorization, header);
  }
});

test('an engine that was away is found again', async () => {
  const { port, url, close } = await standIn(inTurn([200]).answer);
  const connection = Connection.open({ engine: 'elasticsearch', url }, async () => undefined);
  await refresh(connection);
  await close();
  await assert.rejects(refresh(connection), { code: 'ENGINE_UNAVAILABLE', message: /can't be reached/ });
  const later = await standIn(inTurn([200]).answer, port);
  try {
    await refresh(connection);
  } finally {
    await connection.close();
    await later.close();
  }
});

test('what is no Elasticsearch is not taken for one', async () => {
  const { url, close } = await standIn((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  const connection = Connection.open({ engine: 'elasticsearch', url });
  try {
    await assert.rejects(refresh(connection), { code: 'ENGINE_REFUSED', message: /another product/ });
  } finally {
    await connection.close();
    await close();
  }
});
