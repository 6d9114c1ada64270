import { AppError } from '../../model/app-error.js';
import { bindings, type DuckDBValue, type Parameters, type Store } from './store.js';

/**
 * Streams a statement's rows on a connection of its own. DuckDB ends a stream early without an error when its
 * connection is used otherwise or interrupted: so the rows are counted first, in the same transaction, and a stream
 * that gives fewer fails.
 */
export async function* streamRows(
  store: Store,
  sql: { count: string; stream: string },
  parameters: Parameters,
): AsyncIterable<Record<string, DuckDBValue>> {
  const connection = await store.connect();
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY');
    const counted = await connection.runAndReadAll(sql.count, ...bindings(sql.count, parameters));
    const expected = Number(counted.getRowObjects()[0]?.rows);
    let read = 0;
    const result = await connection.stream(sql.stream, ...bindings(sql.stream, parameters));
    for await (const rows of result.yieldRowObjects()) {
      read += rows.length;
      yield* rows;
    }
    if (read !== expected) throw new AppError('STREAM_CUT', `The store gave ${read} of ${expected} records.`);
  } finally {
    connection.closeSync();
  }
}
