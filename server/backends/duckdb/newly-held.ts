import { DAY_MS, HOUR_MS } from '../../model/episode.js';
import { type Parameters, type Store, toNumber } from './store.js';

/** Who holds an address, as it was told. */
export const HOLDER = 'address, host, host_name, container, platform';
const FRESH = 'number >= $after AND number < $until';

/** Who was seen holding what, hour by hour: what a host tells within one is known without a gap. */
const hourly = (condition: string): string =>
  `SELECT ${HOLDER}, time // ${HOUR_MS} AS hour, min(time) AS time, max(last) AS last FROM holders WHERE ${condition} GROUP BY ALL`;

/**
 * Since when and until when a host is known from now on to hold an address, by what arrived between $after and $until
 * within an hour: a day around, less what earlier records of the same host tell already. A host that goes on using its
 * address tells only of the day to come. What was last seen before $oldest is not looked at.
 */
export const NEWLY_HELD = `SELECT address, host, hour, since, till FROM (
    SELECT fresh.address, fresh.host, fresh.hour, fresh.last + ${DAY_MS} AS till,
      greatest(fresh.time - ${DAY_MS}, coalesce(max(known.last) + ${DAY_MS} + 1, 0)) AS since
    FROM (${hourly(FRESH)}) AS fresh LEFT JOIN (${hourly('number < $after AND last >= $oldest')}) AS known
      ON known.address = fresh.address AND known.host = fresh.host AND known.container = fresh.container
      AND known.host_name IS NOT DISTINCT FROM fresh.host_name AND known.platform IS NOT DISTINCT FROM fresh.platform
      AND known.time <= fresh.time
    GROUP BY fresh.address, fresh.host, fresh.host_name, fresh.container, fresh.platform, fresh.hour, fresh.time, fresh.last
  ) WHERE since <= till`;

/** What `NEWLY_HELD` takes, where anything arrived that says who holds an address. */
export async function toldOfHolders(store: Store, arrived: Parameters): Promise<Parameters | undefined> {
  const [row] = await store.all(`SELECT min(time) AS first FROM holders WHERE ${FRESH}`, arrived);
  // what ended earlier is known no longer where anything that arrived begins
  return row?.first == null ? undefined : { ...arrived, oldest: BigInt(toNumber(row.first) - 2 * DAY_MS) };
}
