import { type Rows, toRows, UnusableDocument } from '../../../mappings/duckdb/rows.js';
import type { Row, TableName } from '../../../mappings/duckdb/tables.js';
import type { AppendResult, Batch, Events } from '../../model/ports.js';
import { appendRows } from './append-rows.js';
import { type Store, toNumber } from './store.js';

const HOUR_MS = 3_600_000n;

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
  batch.events.forEach(({ document, original, index, id }, position) => {
    const number = first + BigInt(position);
    try {
      const made = toRows(document, number, now);
      const count = Object.values(made).reduce((sum, some) => sum + some.length, 0) - made.holders.length;
      if (count === 0) result.ignored++;
      else {
        result.stored++;
        originals.push({ number, index, id, original });
      }
      for (const table of Object.keys(rows) as (keyof Rows)[]) (rows[table] as unknown[]).push(...made[table]);
    } catch (error) {
      if (!(error instanceof UnusableDocument)) throw error;
      result.rejected.push({ position, reason: error.reason });
    }
  });
  return { rows: { ...rows, holders: foldHolders(rows.holders) }, originals, result };
}

/** One row an address, host and hour: who holds an address is asked to the day, not to the event. */
function foldHolders(holders: readonly Row<'holders'>[]): Row<'holders'>[] {
  const folded = new Map<string, Row<'holders'>>();
  for (const holder of holders) {
    const time = BigInt(holder.time as bigint);
    const key = JSON.stringify([
      ...[holder.address, holder.host, holder.host_name, holder.container, holder.platform],
      String(time / HOUR_MS),
    ]);
    const known = folded.get(key);
    if (!known) folded.set(key, { ...holder });
    else if (time < (known.time as bigint)) known.time = time;
    else if (time > (known.last as bigint)) known.last = time;
  }
  return [...folded.values()];
}
