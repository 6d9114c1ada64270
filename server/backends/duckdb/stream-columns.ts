import { AppError } from '../../model/app-error.js';
import { bindings, type DuckDBValue, type Parameters, type Store } from './store.js';

/** Rows of a page, column by column: objects of many fields made for each row cost more than reading them. */
export type Columns = Record<string, readonly DuckDBValue[]>;

/** A query whose rows are streamed in `order`. */
export interface Streamed {
  /** Tables that `select` names, as they stand after `WITH`. */
  tables?: string;
  select: string;
  order: string;
}

/**
 * Streams a query's rows on a connection of its own, in pages. DuckDB ends a stream early without an error when its
 * connection is used otherwise or interrupted: so one more row stands at the end, with how many there were before it,
 * and a stream that lacks it or gives another number fails. (A count beside each row, by a window over a left join, made
 * DuckDB 1.5 fail now and then where there was no row.)
 */
export async function* streamColumns(
  store: Store,
  { tables, select, order }: Streamed,
  parameters: Parameters,
): AsyncIterable<Columns> {
  const sql = `WITH ${tables === undefined ? '' : `${tables}, `}chosen AS MATERIALIZED (${select})
    SELECT * FROM (SELECT *, NULL AS rows_before FROM chosen UNION ALL BY NAME SELECT count(*) AS rows_before FROM chosen)
    ORDER BY rows_before IS NOT NULL, ${order}`;
  const connection = await store.connect();
  try {
    let read = 0;
    let expected: number | undefined;
    const result = await connection.stream(sql, ...bindings(sql, parameters));
    const names = result.deduplicatedColumnNames();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (!chunk || chunk.rowCount === 0) break;
      const { rows_before: counts, ...page } = chunk.getColumnsObject(names);
      const last = counts!.at(-1);
      if (last != null) expected = Number(last);
      const rows = last == null ? chunk.rowCount : chunk.rowCount - 1;
      read += rows;
      if (rows > 0) yield rows === chunk.rowCount ? page : firstRows(page, rows);
    }
    if (read !== expected) throw new AppError('STREAM_CUT', `The store gave ${read} of ${expected ?? 'its'} records.`);
  } catch (error) {
    throw store.judge(error);
  } finally {
    connection.closeSync();
  }
}

const firstRows = (page: Columns, rows: number): Columns =>
  Object.fromEntries(Object.entries(page).map(([name, values]) => [name, values.slice(0, rows)]));
