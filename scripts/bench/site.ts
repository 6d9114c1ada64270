import { SUBJECT_HASH } from '../../mappings/duckdb/tables.js';
import { TRAITS } from '../../queries/compile/traits.js';
import { arrange } from '../../server/backends/duckdb/arrange.js';
import type { Store } from '../../server/backends/duckdb/store.js';

/** What happens at the site of the benchmarks: 10,000 programs on 1,000 Linux hosts, a million contacts an hour. */
export const SITE = {
  /** 2026-11-01T00:00:00Z. */
  start: Date.UTC(2026, 10, 1),
  subjects: 10_000,
  /** Of the subjects: half poll 24 hosts each 43 s, half are proxies before 20 backends; over N in every minute. */
  steady: 100,
  /** Events of one scan and what goes on around it: one scan in each. */
  eventsAScan: 100_000,
  eventMs: 3.6,
  /** One event of so many is a launch. */
  eventsALaunch: 50,
} as const;

/** Events that hold so many contacts, the last scan among them whole. */
export const eventsFor = (contacts: number): number =>
  Math.ceil(contacts / (1 - 1 / SITE.eventsALaunch) / SITE.eventsAScan) * SITE.eventsAScan;

/**
 * Appends the events [from, until) of the site to a store, as an import would have written them: rows are made by SQL,
 * since ten million would take minutes through JSON. The same events are the same rows in every run.
 */
export async function appendSite(store: Store, from: number, until: number): Promise<void> {
  for (let at = from; at < until; at += 1_000_000) {
    const end = Math.min(at + 1_000_000, until);
    const range = { from: BigInt(at), until: BigInt(end) };
    await store.write(async (connection) => {
      for (const statement of [CONTACTS, LAUNCHES, HOLDERS, ORIGINALS]) await connection.run(statement, range);
      await connection.run('INSERT INTO batches VALUES ($key, $from, $events)', {
        key: `site ${at}`,
        from: BigInt(at),
        events: end - at,
      });
    });
    await arrange(store);
  }
}

const TIME = `(${SITE.start} + i * 36 // 10)`;

/** Of each event: who (a number of a subject) and what (a number to draw from). */
const EVENTS = `events AS (
  SELECT i, ${TIME} AS time, hash(i) AS dice, hash(i, 1) AS die2,
    i % ${SITE.eventsAScan} AS place, i // ${SITE.eventsAScan} AS block,
    i % ${SITE.eventsALaunch} = 7 AS is_launch,
    place >= 83333 AND place % 16 = 1 AS is_scan,
    i % 5 = 0 AS is_steady,
    CASE WHEN is_scan THEN ${SITE.steady} + hash(block, 2) % ${SITE.subjects - SITE.steady}
         WHEN is_steady THEN (i // 5) % ${SITE.steady}
         ELSE ${SITE.steady} + dice % ${SITE.subjects - SITE.steady} END::INTEGER AS who
  FROM range($from::BIGINT, $until::BIGINT) AS numbers(i)
)`;

const HOST = "format('host-{:04d}', who // 10)";
const EXECUTABLE = "format('/opt/site/bin/program-{:d}', who % 10)";
const WHO = `format('["process","{}","","{}"]', ${HOST}, ${EXECUTABLE}) AS subject, true AS is_process, 'linux' AS platform, '' AS container,
  ${HOST} AS host, ${HOST} AS host_name, format('pid:{:d}', 1000 + who) AS process`;
const ADDRESS = "format('10.8.{:d}.{:d}', who // 10 // 250, 1 + who // 10 % 250)";

/** A scan's n-th probe: of the ports of a host, of hosts, of hosts by IPv6, slowly, of a block. */
const PROBE = '((place - 83333) // 16)';
const DESTINATION = `CASE
  WHEN is_scan THEN CASE block % 5
    WHEN 0 THEN format('10.9.0.{:d}', 1 + block % 250)
    WHEN 1 THEN format('10.9.{:d}.{:d}', block % 250, 1 + ${PROBE} % 250)
    WHEN 2 THEN format('fd00:9::{:x}', 1 + ${PROBE} % 64)
    WHEN 3 THEN format('10.9.{:d}.{:d}', block % 250, 1 + ${PROBE} // 40)
    ELSE format('10.9.{:d}.{:d}', block % 250, 1 + ${PROBE} % 20) END
  WHEN is_steady THEN format('10.7.{:d}.{:d}', who, 1 + CASE WHEN who < 50 THEN i // 500 % 24 ELSE die2 % 20 END)
  WHEN die2 % 100 < 52 THEN format('{:d}.{:d}.1.7', 20 + dice // 7 % 100, dice // 700 % 200)
  WHEN die2 % 100 < 55 THEN format('2001:db8:{:x}::{:x}', dice // 7 % 4096, 1 + dice % 4096)
  WHEN die2 % 100 < 58 THEN format('fd00:8::{:x}', 1 + (who + die2 // 100 % 4) % 4096)
  WHEN die2 % 100 < 75 THEN format('10.8.200.{:d}', 1 + die2 // 100 % 8)
  ELSE format('10.8.{:d}.{:d}', 100 + who % 50, 1 + (who + die2 // 100 % 6) % 250) END`;
const PORT = `CASE
  WHEN is_scan THEN CASE block % 5 WHEN 0 THEN 1 + ${PROBE} WHEN 4 THEN 1 + ${PROBE} // 20 ELSE 445 END
  WHEN is_steady THEN CASE WHEN who < 50 THEN 9100 ELSE 8443 END
  WHEN die2 % 100 < 55 THEN 443
  ELSE CASE die2 // 100 % 2 WHEN 0 THEN 443 ELSE 445 END END`;

const CONTACTS = `INSERT INTO contacts BY NAME WITH ${EVENTS}
SELECT i AS number, time, ${WHO}, ${ADDRESS} AS source, ${DESTINATION} AS destination,
  NULL::UHUGEINT AS destination_number, (${PORT})::INTEGER AS port, 'tcp' AS transport,
  CASE WHEN is_scan AND dice % 10 < 7 THEN 'refused' WHEN dice % 200 = 0 THEN 'unanswered' ELSE 'accepted' END AS outcome,
  CASE WHEN is_scan OR is_steady OR die2 % 100 >= 55 THEN 'own' ELSE 'foreign' END AS scope,
  'daemon' AS context, 'svc' AS "user", ${SUBJECT_HASH} AS subject_hash, ${TRAITS} AS traits
FROM events WHERE NOT is_launch`;

const LAUNCHES = `INSERT INTO launches BY NAME WITH ${EVENTS}
SELECT i AS number, time, ${WHO}, 'pid:1' AS parent, 1000 + who AS pid, 1 AS parent_pid, ${EXECUTABLE} AS executable,
  format('program-{:d}', who % 10) AS name, format('program-{:d} --serve {:d}', who % 10, dice % 1000) AS arguments,
  '/usr/lib/systemd/systemd' AS parent_executable, 'svc' AS "user", 'daemon' AS context
FROM events WHERE is_launch`;

const HOLDERS = `INSERT INTO holders BY NAME WITH ${EVENTS}
SELECT min(i) AS number, min(time) AS time, max(time) AS last, ${ADDRESS} AS address, ${HOST} AS host, ${HOST} AS host_name,
  '' AS container, 'linux' AS platform FROM events GROUP BY ALL`;

const ORIGINALS = `INSERT INTO originals BY NAME
SELECT i AS number, 'site' AS "index", i::VARCHAR AS id, format('{{"event":{:d}}}', i) AS original FROM range($from::BIGINT, $until::BIGINT) AS numbers(i)`;
