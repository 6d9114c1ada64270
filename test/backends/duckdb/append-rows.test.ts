import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { appendRows } from '../../../server/backends/duckdb/append-rows.js';
import { Store } from '../../../server/backends/duckdb/store.js';

const text = fc.oneof(
  fc.string({ maxLength: 16 }),
  fc.string({ maxLength: 16, unit: 'grapheme' }),
  fc.string({ minLength: 200, maxLength: 300 }),
  fc.constantFrom('', 'a'.repeat(12), 'a'.repeat(13), 'é'.repeat(6), 'abcdefghijk€'),
);
const row = fc.record({ index: fc.option(text), id: fc.option(text), original: fc.option(text) });

test('texts of any length and script, and missing ones, are read back as they were appended', async () => {
  const store = await Store.open();
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5_000, size: 'max' }), async (rows) => {
      const appended = rows.map((texts, place) => ({ number: BigInt(place), ...texts }));
      await store.write(async (connection) => {
        await connection.run('DELETE FROM originals');
        await appendRows(connection, 'originals', appended);
      });
      assert.deepEqual(await store.all('SELECT * FROM originals ORDER BY number'), appended);
    }),
    { numRuns: 30 },
  );
  await store.close();
});

test('a short text is equal to the same text that DuckDB makes', async () => {
  const store = await Store.open();
  await store.write((connection) =>
    appendRows(connection, 'originals', [{ number: 1n, index: '10.0.0.1', id: 'abcdefghijkl', original: '' }]),
  );
  const found = await store.all(
    `SELECT number FROM originals WHERE index = '10.0.0.' || '1' AND id = 'abcdef' || 'ghijkl' AND original = '' AND hash(index) = hash('10.0.0.1')`,
  );
  assert.deepEqual(found, [{ number: 1n }]);
  await store.close();
});
