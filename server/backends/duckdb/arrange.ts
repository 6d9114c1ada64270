import { HOUR_MS } from '../../model/episode.js';
import { HOLDER } from './newly-held.js';
import { type DuckDBConnection, type Store, toNumber } from './store.js';

/** What lies as it came, at most: an hour of a big site. Sorted it takes 2 to 3 s, in which nothing else is written. */
export const ARRANGED_EVENTS = 1_000_000;

/**
 * Sorts the contacts of the oldest so many events that lie as they came, where there are so many, by hour and subject:
 * one subject's day is then in a few places instead of everywhere, and a search for it costs the same however much is
 * stored. Each is moved once. What these events tell of who holds an address within an hour becomes one row.
 * @returns the position at which there are so many again
 */
export async function arrange(store: Store, events = ARRANGED_EVENTS): Promise<number> {
  const [row] = await store.all(
    `SELECT coalesce((SELECT max(until) FROM arranged), 0)::BIGINT AS arranged,
       coalesce((SELECT max(number + events) FROM batches), 0)::BIGINT AS position`,
  );
  const from = toNumber(row?.arranged);
  const until = from + events;
  if (until > toNumber(row?.position)) return until;
  await store.write(async (connection) => {
    await sort(connection, from, until);
    await foldHolders(connection, from, until);
    await connection.run('DELETE FROM arranged');
    await connection.run('INSERT INTO arranged VALUES ($until)', { until: BigInt(until) });
  });
  return until + events;
}

const sort = (connection: DuckDBConnection, from: number, until: number): Promise<void> =>
  replace(
    connection,
    'contacts',
    { from, until },
    (these) => `${these} ORDER BY time // ${HOUR_MS}, subject_hash, time, number`,
  );

/**
 * As batches that are stored one after another are folded each by itself (`HolderFold`), a host that sends each second has
 * a row for each. The newest arrival names the one row: whoever hunted less far hunts what it tells again, and skips none.
 */
const foldHolders = (connection: DuckDBConnection, from: number, until: number): Promise<void> =>
  replace(
    connection,
    'holders',
    { from, until },
    (these) => `SELECT max(number) AS number, min(time) AS time, max(last) AS last, ${HOLDER} FROM (${these})
      GROUP BY ${HOLDER}, time // ${HOUR_MS} ORDER BY number`,
  );

/** The copies lie behind all others; what they were copied from lies before. */
async function replace(
  connection: DuckDBConnection,
  table: 'contacts' | 'holders',
  { from, until }: { from: number; until: number },
  by: (these: string) => string,
): Promise<void> {
  const range = { from: BigInt(from), until: BigInt(until) };
  const these = 'number >= $from AND number < $until';
  const found = await connection.runAndReadAll(`SELECT max(rowid) AS last FROM ${table} WHERE ${these}`, range);
  const last = found.getRowObjects()[0]?.last;
  if (last == null) return;
  await connection.run(`INSERT INTO ${table} BY NAME ${by(`SELECT * FROM ${table} WHERE ${these}`)}`, range);
  await connection.run(`DELETE FROM ${table} WHERE ${these} AND rowid <= $last`, { ...range, last });
}
