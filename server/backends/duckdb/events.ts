import type { Row, TableName } from '../../../mappings/duckdb/tables.js';
import { type Rows, toRows, UnusableDocument } from '../../../mappings/rows.js';
import type { AppendResult, Batch, Events } from '../../model/ports.js';
import { appendRows } from './append-rows.js';
import { HolderFold } from './holder-fold.js';
import { type Store, toNumber } from './store.js';

/** Telemetry into the embedded store. A batch is one transaction, with its key: it is stored once. */
export class DuckDbEvents implements Events {
  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  append(batch: Batch): Promise<AppendResult> {
    return this.store.write(async (connection) => {
      const known = await connection.runAndReadAll('SELECT 1 FROM batches WHERE key = $key', { key: batch.key });
      if (known.currentRowCount > 0) return { stored: 0, repeated: batch.events.length, ignored: 0, rejected: [] };
      const next = await connection.runAndReadAll(
        'SELECT coalesce(max(number + events), 0)::BIGINT AS next FROM batches',
      );
      const first = BigInt(toNumber(next.getRowObjects()[0]?.next));
      const { rows, originals, result } = readBatch(batch, first, this.now());
      for (const [table, own] of Object.entries(rows))
        await appendRows(connection, table as keyof Rows & TableName, own);
      await appendRows(connection, 'originals', originals);
      await appendRows(connection, 'batches', [{ key: batch.key, number: first, events: batch.events.length }]);
      return result;
    });
  }
}

function readBatch(batch: Batch, first: bigint, now: number) {
  const rows: Rows = { contacts: [], launches: [], process_events: [], queries: [], arps: [], holders: [] };
  const originals: Row<'originals'>[] = [];
  const result: AppendResult = { stored: 0, repeated: 0, ignored: 0, rejected: [] };
  const holders = new HolderFold();
  batch.events.forEach(({ document, original, index, id }, position) => {
    const number = first + BigInt(position);
    try {
      const made = toRows(document, number, now);
      if (addAll(rows, made)) {
        result.stored++;
        originals.push({ number, index, id, original });
      } else result.ignored++;
      for (const holder of made.holders) holders.add(holder);
    } catch (error) {
      if (!(error instanceof UnusableDocument)) throw error;
      result.rejected.push({ position, reason: error.reason });
    }
  });
  return { rows: { ...rows, holders: holders.rows }, originals, result };
}

/** Adds rows of all kinds but holders; whether there were any. */
function addAll(to: Rows, { contacts, launches, process_events, queries, arps }: Rows): boolean {
  for (const row of contacts) to.contacts.push(row);
  for (const row of launches) to.launches.push(row);
  for (const row of process_events) to.process_events.push(row);
  for (const row of queries) to.queries.push(row);
  for (const row of arps) to.arps.push(row);
  return contacts.length + launches.length + process_events.length + queries.length + arps.length > 0;
}
