import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readEngine } from '../server/engine-config.js';
import { AppError } from '../server/model/app-error.js';

const URL = 'http://127.0.0.1:9200';

test('without a URL the embedded store is used, whatever else is set', () => {
  assert.equal(readEngine({ ELASTICSEARCH_PASSWORD: 'x', ELASTICSEARCH_URL: '' }), undefined);
});

test('a URL chooses the engine, and the indices that agents write are hunted', () => {
  const engine = readEngine({ OPENSEARCH_URL: URL });
  assert.deepEqual([engine?.engine, engine?.url, engine?.auth, engine?.ca], ['opensearch', URL, undefined, undefined]);
  assert.ok(engine?.indices.includes('logs-*') && engine.indices.includes('scanhound-telemetry*'));
  const { indices, prefix } = readEngine({
    ELASTICSEARCH_URL: URL,
    SCANHOUND_INDICES: ' a-*, remote:b-* ,',
    SCANHOUND_PREFIX: 'site',
  })!;
  assert.deepEqual([indices, prefix], [['a-*', 'remote:b-*'], 'site']);
});

test('documents are given 30 s to become searchable, or what is set', () => {
  const settling = (SCANHOUND_SETTLE?: string) => readEngine({ ELASTICSEARCH_URL: URL, SCANHOUND_SETTLE })?.settlingMs;
  assert.deepEqual([undefined, '0s', '45s', '2m'].map(settling), [30_000, 0, 45_000, 120_000]);
});

test('secrets come from variables or files', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const secret = join(folder, 'secret');
  writeFileSync(secret, 's3cret\n');
  const read = (more: NodeJS.ProcessEnv) => readEngine({ ELASTICSEARCH_URL: URL, ...more });
  assert.deepEqual(read({ ELASTICSEARCH_USERNAME: 'u', ELASTICSEARCH_PASSWORD: 'p' })?.auth, {
    username: 'u',
    password: 'p',
  });
  assert.deepEqual(read({ ELASTICSEARCH_USERNAME: 'u', ELASTICSEARCH_PASSWORD_FILE: secret })?.auth, {
    username: 'u',
    password: 's3cret',
  });
  assert.deepEqual(read({ ELASTICSEARCH_API_KEY_FILE: secret })?.auth, { apiKey: 's3cret' });
  assert.deepEqual(read({ ELASTICSEARCH_BEARER_TOKEN: 'b' })?.auth, { bearer: 'b' });
  assert.equal(read({ ELASTICSEARCH_CA: secret })?.ca, 's3cret\n');
});

test('what contradicts itself or can not be read is told by its name, and no secret with it', () => {
  for (const [given, says] of [
    [{ OPENSEARCH_URL: URL }, /both set/],
    [{ ELASTICSEARCH_USERNAME: 'u' }, /ELASTICSEARCH_PASSWORD belong together/],
    [{ ELASTICSEARCH_PASSWORD: 's3cret' }, /belong together/],
    [{ ELASTICSEARCH_API_KEY: 's3cret', ELASTICSEARCH_BEARER_TOKEN: 's3cret' }, /not several/],
    [{ ELASTICSEARCH_API_KEY: 's3cret', ELASTICSEARCH_API_KEY_FILE: '/nowhere' }, /both set/],
    [{ ELASTICSEARCH_API_KEY_FILE: '/nowhere' }, /ELASTICSEARCH_API_KEY_FILE: \/nowhere can't be read \(ENOENT\)/],
    [{ ELASTICSEARCH_CA: '/nowhere' }, /ELASTICSEARCH_CA: \/nowhere/],
    [{ SCANHOUND_INDICES: 'a b' }, /SCANHOUND_INDICES/],
    [{ SCANHOUND_INDICES: ',' }, /SCANHOUND_INDICES/],
    [{ SCANHOUND_PREFIX: '*' }, /SCANHOUND_PREFIX/],
    [{ SCANHOUND_SETTLE: '30' }, /SCANHOUND_SETTLE/],
  ] as const)
    assert.throws(
      () => readEngine({ ELASTICSEARCH_URL: URL, ...given }),
      (error) =>
        error instanceof AppError &&
        error.code === 'CONFIG_INVALID' &&
        says.test(error.message) &&
        !error.message.includes('s3cret'),
      String(says),
    );
});
