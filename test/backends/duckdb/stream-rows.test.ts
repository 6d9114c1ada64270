import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../../server/backends/duckdb/store.js';
import { streamRows } from '../../../server/backends/duckdb/stream-rows.js';
import { AppError } from '../../../server/model/app-error.js';

const ROWS = 500_000;
const sql = (rows = ROWS) => ({
  count: `SELECT ${ROWS} AS rows`,
  stream: `SELECT i FROM range($from::BIGINT, ${rows}) t(i)`,
});

async function read(rows: AsyncIterable<unknown>): Promise<number> {
  let count = 0;
  for await (const _ of rows) count++;
  return count;
}

test('a stream gives all rows, while others read and write', async () => {
  const store = await Store.open();
  let count = 0;
  for await (const _ of streamRows(store, sql(), { from: 0n }))
    if (count++ % 100_000 === 0) {
      await store.all('SELECT count(*) FROM contacts');
      await store.write((connection) => connection.run(`INSERT INTO batches VALUES ('${count}', 0, 1)`));
    }
  assert.equal(count, ROWS);
  await store.close();
});

test('a stream that ends early fails', async () => {
  const store = await Store.open();
  await assert.rejects(
    read(streamRows(store, sql(ROWS - 1), { from: 0n })),
    (error) => error instanceof AppError && error.code === 'STREAM_CUT',
  );
  await store.close();
});

test('a stream whose connection is used otherwise, or interrupted, fails', async () => {
  const store = await Store.open();
  for (const disturb of ['interrupt', 'query'] as const) {
    const connections: Awaited<ReturnType<Store['connect']>>[] = [];
    const connect = store.connect.bind(store);
    store.connect = async () => {
      connections.push(await connect());
      return connections.at(-1)!;
    };
    const disturbed = (async () => {
      for await (const _ of streamRows(store, sql(), { from: 0n })) {
        const [connection] = connections.splice(0);
        if (disturb === 'interrupt') connection?.interrupt();
        else await connection?.run('SELECT 1');
      }
    })();
    await assert.rejects(disturbed, disturb);
    store.connect = connect;
  }
  await store.close();
});

test('a stream that nobody reads to its end lets its connection go', async () => {
  const store = await Store.open();
  for await (const _ of streamRows(store, sql(), { from: 0n })) break;
  await store.close();
});
