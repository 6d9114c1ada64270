import { HOUR_MS } from '../../model/episode.js';
import { type Store, toNumber } from './store.js';

const TIMED = ['contacts', 'launches', 'process_events', 'queries', 'arps'] as const;

/**
 * Removes telemetry of before a time (epoch ms), an hour of it at once, so that who writes waits for little. The keys of
 * batches stay: what was removed is not stored again. Gives the number of records.
 * @param signal ends it after an hour's telemetry
 */
export async function removeBefore(store: Store, time: number, signal: AbortSignal): Promise<number> {
  let removed = 0;
  while (!signal.aborted) {
    const oldest = await oldestOf(store);
    if (oldest === undefined || oldest >= time) break;
    removed += await removeUpTo(store, Math.min(time, oldest + HOUR_MS));
  }
  return removed;
}

async function oldestOf(store: Store): Promise<number | undefined> {
  const tables = [...TIMED.map((table) => `SELECT min(time) AS time FROM ${table}`), 'SELECT min(last) FROM holders'];
  const [row] = await store.all(`SELECT min(time) AS time FROM (${tables.join(' UNION ALL ')})`);
  return row?.time == null ? undefined : toNumber(row.time);
}

const removeUpTo = (store: Store, until: number): Promise<number> =>
  store.write(async (connection) => {
    const before = { until: BigInt(until) };
    const numbers = TIMED.map((table) => `SELECT number FROM ${table} WHERE time < $until`).join(' UNION ');
    const { rowsChanged } = await connection.run(`DELETE FROM originals WHERE number IN (${numbers})`, before);
    for (const table of TIMED) await connection.run(`DELETE FROM ${table} WHERE time < $until`, before);
    await connection.run('DELETE FROM holders WHERE last < $until', before);
    return rowsChanged;
  });
