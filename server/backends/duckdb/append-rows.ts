import {
  BIGINT,
  BOOLEAN,
  DuckDBDataChunk,
  type DuckDBType,
  INTEGER,
  UHUGEINT,
  UINTEGER,
  UTINYINT,
  VARCHAR,
} from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import { type ColumnType, type Row, type TableName, tables } from '../../../mappings/duckdb/tables.js';
import type { DuckDBConnection } from './store.js';
import { NumberWriter } from './write-numbers.js';
import { TextWriter } from './write-texts.js';

const TYPES: Readonly<Record<ColumnType, DuckDBType>> = {
  BIGINT,
  INTEGER,
  UINTEGER,
  UTINYINT,
  VARCHAR,
  BOOLEAN,
  UHUGEINT,
  JSON: VARCHAR,
};

/** DuckDB's vectors hold no more. */
const CHUNK_ROWS = 2_048;

const textWriter = new TextWriter(CHUNK_ROWS);
const numberWriter = new NumberWriter(CHUNK_ROWS);

/** Appends rows in the connection's transaction, column by column. */
export async function appendRows<T extends TableName>(
  connection: DuckDBConnection,
  table: T,
  rows: readonly Row<T>[],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.entries(tables[table]) as [keyof Row<T>, ColumnType][];
  const appender = await connection.createAppender(table);
  for (let at = 0; at < rows.length; at += CHUNK_ROWS) {
    const part = rows.slice(at, at + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(
      columns.map(([, type]) => TYPES[type]),
      part.length,
    );
    columns.forEach(([name, type], column) => {
      const values = part.map((row) => row[name]);
      const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
      if (type === 'VARCHAR' || type === 'JSON') textWriter.write(vector, values as (string | null)[]);
      else numberWriter.write(vector, type, values as (number | bigint | boolean | null)[]);
    });
    appender.appendDataChunk(chunk);
  }
  appender.flushSync();
  appender.closeSync();
}
