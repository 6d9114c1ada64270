import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inHalves } from '../../../server/backends/duckdb/in-halves.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import type { Span } from '../../../server/model/ports.js';

/** Keeps a list of so many numbers as the span has milliseconds, which DuckDB does in memory alone. */
const listsOf = (store: Store) => async (span: Span) => {
  const [row] = await store.all(`SELECT len(list(i)) AS length FROM range(${span.to - span.from + 1}) AS numbers(i)`);
  return [{ ...span, length: Number(row!.length) }];
};

test('what does not fit into memory is read in halves that leave nothing out and nothing twice', async () => {
  const store = await Store.open(undefined, '32MB');
  const parts = await inHalves({ from: 5, to: 20_000_003 }, 1_000, listsOf(store));
  assert.ok(parts.length > 1);
  assert.equal(parts[0]!.from, 5);
  assert.equal(parts.at(-1)!.to, 20_000_003);
  for (const [index, part] of parts.slice(1).entries()) assert.equal(part.from, parts[index]!.to + 1);
  assert.equal(
    parts.reduce((sum, { length }) => sum + length, 0),
    19_999_999,
  );
  await store.close();
});

test('what does not fit although it is short fails, and so does any other failure', async () => {
  const store = await Store.open(undefined, '32MB');
  await assert.rejects(inHalves({ from: 0, to: 20_000_000 }, 15_000_000, listsOf(store)), /Out of Memory/);
  await assert.rejects(
    inHalves({ from: 0, to: 20_000_000 }, 1, async () => store.all('SELECT * FROM no_table')),
    /no_table/,
  );
  await store.close();
});
