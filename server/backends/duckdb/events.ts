import type { DuckDBListValue } from '@duckdb/node-api';
import type { Row } from '../../../mappings/duckdb/tables.js';
import { type Rows, toRows, UnusableDocument } from '../../../mappings/rows.js';
import type { AppendResult, Batch, Events } from '../../model/ports.js';
import { appendRows } from './append-rows.js';
import { ARRANGED_EVENTS, arrange } from './arrange.js';
import { HolderFold } from './holder-fold.js';
import { bindings, type DuckDBConnection, type Store, texts, toText } from './store.js';

/**
 * Telemetry into the embedded store. A batch is stored with its key, whole and once. Batches that come while others are
 * being written share the next transaction: what a commit costs does not grow with them.
 */
export class DuckDbEvents implements Events {
  private next: Group | undefined;
  /** As the last writing left it. */
  private position = 0;
  private arrangedNextAt = 0;

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
    private readonly arrangedEvents = ARRANGED_EVENTS,
  ) {}

  async append(batch: Batch): Promise<AppendResult> {
    const made = readBatch(batch, this.now());
    this.next ??= this.open();
    const { batches, results } = this.next;
    const place = batches.push(made) - 1;
    try {
      return (await results)[place]!;
    } catch (error) {
      if (batches.length === 1) throw error;
      const [alone] = await this.store.write((connection) => this.appendAll(connection, [made]));
      return alone!;
    }
  }

  private open(): Group {
    const batches: BatchRows[] = [];
    return { batches, results: this.write(batches) };
  }

  private async write(batches: readonly BatchRows[]): Promise<AppendResult[]> {
    const leave = () => {
      if (this.next?.batches === batches) this.next = undefined;
    };
    try {
      if (this.position >= this.arrangedNextAt) this.arrangedNextAt = await arrange(this.store, this.arrangedEvents);
      return await this.store.write((connection) => {
        leave();
        return this.appendAll(connection, batches);
      });
    } finally {
      leave(); // where it never came to that: those that come later are another group
    }
  }

  private async appendAll(connection: DuckDBConnection, batches: readonly BatchRows[]): Promise<AppendResult[]> {
    const { known, next } = await readState(connection, batches);
    let number = next;
    const fresh: BatchRows[] = [];
    const notes: Row<'batches'>[] = [];
    const results = batches.map((batch) => {
      const { key, events, result } = batch;
      if (known.has(key)) return { stored: 0, repeated: events, ignored: 0, rejected: [] };
      known.add(key);
      numberFrom(number, batch);
      fresh.push(batch);
      notes.push({ key, number, events });
      number += BigInt(events);
      return result;
    });
    for (const table of TABLES)
      await appendRows(
        connection,
        table,
        fresh.flatMap(({ rows }) => rows[table] as Row<typeof table>[]),
      );
    await appendRows(connection, 'batches', notes);
    this.position = Number(number);
    return results;
  }
}

/** Batches of one transaction. It takes no more once it has begun. */
interface Group {
  batches: BatchRows[];
  results: Promise<AppendResult[]>;
}

/** What is made of a batch. Numbers count from 0 in it. */
interface BatchRows {
  key: string;
  events: number;
  rows: Rows & { originals: Row<'originals'>[] };
  result: AppendResult;
}

const TABLES = ['contacts', 'launches', 'process_events', 'queries', 'arps', 'holders', 'originals'] as const;

/** Which of the batches are stored already, and the number of the next event. */
async function readState(
  connection: DuckDBConnection,
  batches: readonly BatchRows[],
): Promise<{ known: Set<string>; next: bigint }> {
  const sql = `SELECT coalesce(max(number + events), 0)::BIGINT AS next,
    coalesce(list(key) FILTER (key IN (SELECT unnest($keys))), []) AS known FROM batches`;
  const found = await connection.runAndReadAll(sql, ...bindings(sql, { keys: texts(batches.map(({ key }) => key)) }));
  const { next, known } = found.getRowObjects()[0]!;
  return { known: new Set((known as DuckDBListValue).items.map(toText)), next: next as bigint };
}

function numberFrom(first: bigint, { rows }: BatchRows): void {
  for (const table of TABLES) for (const row of rows[table]) row.number = first + BigInt(row.number!);
}

function readBatch({ key, events }: Batch, now: number): BatchRows {
  const rows: Rows = { contacts: [], launches: [], process_events: [], queries: [], arps: [], holders: [] };
  const originals: Row<'originals'>[] = [];
  const result: AppendResult = { stored: 0, repeated: 0, ignored: 0, rejected: [] };
  const holders = new HolderFold();
  events.forEach(({ document, original, index, id }, position) => {
    const number = BigInt(position);
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
  return { key, events: events.length, rows: { ...rows, holders: holders.rows, originals }, result };
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
