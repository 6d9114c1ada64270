import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { traitsOf } from '../../../queries/compile/traits.js';
import { DuckDbDocuments } from '../../../server/backends/duckdb/documents.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import { AppError } from '../../../server/model/app-error.js';
import { subjectHash } from '../../../server/model/subject.js';

test('what was stored in a folder is there when it is opened again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'scanhound-'));
  try {
    const first = await Store.open(folder);
    await new DuckDbDocuments(first).create('alert', 'a', { name: 'kept' });
    await first.close();
    const second = await Store.open(folder);
    assert.deepEqual((await new DuckDbDocuments(second).get('alert', 'a'))?.body, { name: 'kept' });
    await second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a store of an earlier version gets what stands beside its texts when it is opened', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'scanhound-'));
  try {
    const first = await Store.open(folder);
    await first.write(async (connection) => {
      await connection.run('ALTER TABLE contacts DROP COLUMN subject_hash');
      await connection.run('ALTER TABLE contacts DROP COLUMN traits');
      await connection.run(
        `INSERT INTO contacts BY NAME SELECT * FROM
           (SELECT unnest(['["address","10.0.0.1"]', '["ä ☃"]']) AS subject), (SELECT unnest(['own', 'foreign', 'self']) AS scope),
           (SELECT unnest(['accepted', 'refused', 'unanswered', 'unknown']) AS outcome), (SELECT unnest([true, false]) AS is_process),
           (SELECT unnest(['', 'web']) AS container), (SELECT unnest(['windows', 'linux', 'macos', NULL]) AS platform)`,
      );
    });
    await first.close();
    const second = await Store.open(folder);
    const rows = await second.all('SELECT * FROM contacts');
    assert.equal(rows.length, 384);
    for (const row of rows) {
      assert.equal(row.subject_hash, subjectHash(String(row.subject)));
      assert.equal(row.traits, traitsOf(row as Parameters<typeof traitsOf>[0]));
    }
    assert.equal(new Set(rows.map(({ traits }) => traits)).size, 96);
    await second.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a folder that can not be made is told with its name', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'scanhound-')), 'file');
  await assert.rejects(
    Store.open(path.join('/dev/null', file)),
    (error) => error instanceof AppError && error.code === 'STORE_UNUSABLE' && error.message.includes('/dev/null'),
  );
  rmSync(path.dirname(file), { recursive: true });
});

test('writes are whole or not at all, one after another', async () => {
  const store = await Store.open();
  const insert = (key: string, fails = false) =>
    store.write(async (connection) => {
      await connection.run(`INSERT INTO batches VALUES ('${key}', 0, 1)`);
      if (fails) throw new Error('broken');
      return key;
    });
  const results = await Promise.allSettled([insert('a'), insert('b', true), insert('a'), insert('c')]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
  );
  const rows = await store.all('SELECT key FROM batches ORDER BY key');
  assert.deepEqual(
    rows.map(({ key }) => key),
    ['a', 'c'],
  );
  await store.close();
});

test('no statement reaches files, the network or the settings', async () => {
  const store = await Store.open();
  for (const sql of [
    "SELECT * FROM read_text('/etc/hostname')",
    "COPY (SELECT 1) TO 'out.csv'",
    "ATTACH 'other.duckdb'",
    'INSTALL httpfs',
    'SET enable_external_access = true',
  ])
    await assert.rejects(store.all(sql), sql);
  await store.close();
});
