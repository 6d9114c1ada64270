import { DAY_MS } from '../../model/episode.js';

/**
 * Since when and until when a host is known from now on to hold an address, one row an arrival between $after and $until
 * that tells it: a day around, less what earlier records of the same host tell already. A host that goes on using its
 * address tells only of the day to come.
 */
export const NEWLY_HELD = `SELECT * FROM (
    SELECT fresh.address, fresh.host, fresh.time, fresh.last + ${DAY_MS} AS till,
      greatest(fresh.time - ${DAY_MS}, coalesce(max(known.last) + ${DAY_MS} + 1, 0)) AS since
    FROM (SELECT * FROM holders WHERE number >= $after AND number < $until) AS fresh
    LEFT JOIN (SELECT * FROM holders WHERE number < $after) AS known
      ON known.address = fresh.address AND known.host = fresh.host AND known.container = fresh.container
      AND known.host_name IS NOT DISTINCT FROM fresh.host_name AND known.platform IS NOT DISTINCT FROM fresh.platform
      AND known.time <= fresh.time
    GROUP BY fresh.number, fresh.address, fresh.host, fresh.time, fresh.last
  ) WHERE since <= till`;
