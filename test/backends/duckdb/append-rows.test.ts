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

test('numbers and truth values of each type, and missing ones, are read back as they were appended', async () => {
  const store = await Store.open();
  const contact = fc.record({
    is_process: fc.boolean(),
    destination_number: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
    port: fc.option(fc.integer({ min: 0, max: 65_535 })),
    subject_hash: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    traits: fc.integer({ min: 0, max: 255 }),
    time: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  });
  const texts = {
    ...{ subject: '', container: '', host: '', destination: '', outcome: '', scope: '' },
    ...{ platform: null, host_name: null, process: null, source: null, transport: null },
    ...{ context: null, user: null, namespace: null, destination_namespace: null, sensor: null },
  };
  await fc.assert(
    fc.asyncProperty(fc.array(contact, { minLength: 1, maxLength: 5_000, size: 'max' }), async (contacts) => {
      const appended = contacts.map((values, place) => ({ number: BigInt(place), ...texts, ...values }));
      await store.write(async (connection) => {
        await connection.run('DELETE FROM contacts');
        await appendRows(connection, 'contacts', appended);
      });
      const columns = 'number, is_process, destination_number, port, subject_hash, traits, time';
      const expected = contacts.map((values, place) => ({ number: BigInt(place), ...values }));
      assert.deepEqual(await store.all(`SELECT ${columns} FROM contacts ORDER BY number`), expected);
    }),
    { numRuns: 15 },
  );
  await store.close();
});
