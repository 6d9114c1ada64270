import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Store } from '../../../server/backends/duckdb/store.js';
import { type Columns, streamColumns } from '../../../server/backends/duckdb/stream-columns.js';

const ROWS = 500_000;
const query = { select: `SELECT i AS number FROM range($from::BIGINT, ${ROWS}) t(i)`, order: 'number' };

async function read(pages: AsyncIterable<Columns>): Promise<number> {
  let count = 0;
  for await (const { number } of pages) count += number!.length;
  return count;
}

test('a stream gives all rows, while others read and write', async () => {
  const store = await Store.open();
  let pages = 0;
  let count = 0;
  for await (const { number } of streamColumns(store, query, { from: 0n })) {
    count += number!.length;
    if (pages++ % 50 !== 0) continue;
    await store.all('SELECT count(*) FROM contacts');
    await store.write((connection) => connection.run(`INSERT INTO batches VALUES ('${pages}', 0, 1)`));
  }
  assert.equal(count, ROWS);
  await store.close();
});

test('a query that gives no rows is a stream without pages', async () => {
  const store = await Store.open();
  assert.equal(await read(streamColumns(store, query, { from: BigInt(ROWS) })), 0);
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
      for await (const _ of streamColumns(store, query, { from: 0n })) {
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
  for await (const _ of streamColumns(store, query, { from: 0n })) break;
  await store.close();
});
