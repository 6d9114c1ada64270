import type { Platform } from '../../../queries/integration.js';
import { DAY_MS } from '../../model/episode.js';
import type { Holding, Launch, Original, Place, ProcessEvent, Span } from '../../model/ports.js';
import type { HoldingsAsked, ProcessesAsked } from '../shared/asked.js';
import { LAUNCH_COLUMNS, toLaunch } from './launches.js';
import {
  bigints,
  type DuckDBValue,
  type Parameters,
  type Store,
  type TypedList,
  texts,
  timed,
  toNumber,
  toText,
  toTextOrNull,
} from './store.js';

/** Launches of each question's processes, in time order. */
export const launchesOf = (store: Store, asked: readonly ProcessesAsked[]): Promise<Launch[][]> =>
  ofProcesses(store, asked, 'launches', LAUNCH_COLUMNS, toLaunch);

export const processEventsOf = (store: Store, asked: readonly ProcessesAsked[]): Promise<ProcessEvent[][]> =>
  ofProcesses(
    store,
    asked,
    'process_events',
    'number::DOUBLE AS number, time::DOUBLE AS time, kind, subject, host, process, value',
    (row) => ({
      ...timed(row),
      kind: toText(row.kind) as ProcessEvent['kind'],
      subject: toText(row.subject),
      host: toText(row.host),
      process: toTextOrNull(row.process),
      value: toTextOrNull(row.value),
    }),
  );

/** Rows of each question's processes: one reading of the table for all questions. */
async function ofProcesses<T>(
  store: Store,
  asked: readonly ProcessesAsked[],
  table: string,
  columns: string,
  toRow: (row: Record<string, DuckDBValue>) => T,
): Promise<T[][]> {
  const pairs = asked.flatMap(({ host, processes, span }, place) =>
    [...new Set(processes)].map((process) => ({ place: BigInt(place), host, process, span })),
  );
  const answers: T[][] = asked.map(() => []);
  if (pairs.length === 0) return answers;
  const rows = await store.all(
    `WITH asked AS (SELECT unnest($places) AS place, unnest($hosts) AS asked_host, unnest($processes) AS asked_process,
       unnest($lows) AS low, unnest($highs) AS high)
     SELECT place, ${columns} FROM ${table} JOIN asked ON host = asked_host AND process = asked_process AND time BETWEEN low AND high
     WHERE time BETWEEN $lowest AND $highest ORDER BY time, number`,
    {
      places: bigints(pairs.map(({ place }) => place)),
      hosts: texts(pairs.map(({ host }) => host)),
      processes: texts(pairs.map(({ process }) => process)),
      lows: bigints(pairs.map(({ span }) => BigInt(span.from))),
      highs: bigints(pairs.map(({ span }) => BigInt(span.to))),
      ...rangeOf(asked.map(({ span }) => span)),
    },
  );
  for (const row of rows) answers[toNumber(row.place)]!.push(toRow(row));
  return answers;
}

/** Least and most of all spans: a join alone would read all of a table. */
export const rangeOf = (spans: readonly Span[]): Parameters => ({
  lowest: BigInt(spans.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER)),
  highest: BigInt(spans.reduce((most, { to }) => Math.max(most, to), 0)),
});

export async function holdingsBy(
  store: Store,
  key: 'address' | 'host',
  asked: readonly HoldingsAsked[],
): Promise<Holding[][]> {
  const pairs = asked.flatMap(({ these, span }, place) =>
    [...new Set(these)].map((one) => ({ place: BigInt(place), one, span })),
  );
  const answers: Holding[][] = asked.map(() => []);
  if (pairs.length === 0) return answers;
  const rows = await store.all(
    `WITH asked AS (SELECT unnest($places) AS place, unnest($these) AS one, unnest($lows) AS low, unnest($highs) AS high)
     SELECT place, address, host, min(host_name) AS host_name, container, min(platform) AS platform,
       time::DOUBLE AS since, max(last)::DOUBLE AS until
     FROM holders JOIN asked ON ${key} = one AND last >= low AND time <= high
     GROUP BY place, address, host, container, time ORDER BY ALL`,
    {
      places: bigints(pairs.map(({ place }) => place)),
      these: texts(pairs.map(({ one }) => one)),
      lows: bigints(pairs.map(({ span }) => BigInt(span.from - DAY_MS))),
      highs: bigints(pairs.map(({ span }) => BigInt(span.to + DAY_MS))),
    },
  );
  for (const row of rows)
    answers[toNumber(row.place)]!.push({
      address: toText(row.address),
      host: toText(row.host),
      hostName: toTextOrNull(row.host_name),
      container: toText(row.container),
      platform: toTextOrNull(row.platform) as Platform | null,
      from: toNumber(row.since),
      to: toNumber(row.until),
    });
  return answers;
}

/** Where the records of each list of evidence stand, in the order they came. */
export async function placesOf(store: Store, asked: readonly (readonly string[])[]): Promise<Place[][]> {
  const rows = await store.all(
    'SELECT number, "index", id FROM originals WHERE number IN (SELECT unnest($numbers)) ORDER BY number',
    { numbers: numbersOf(asked.flat()) },
  );
  const places = rows.map(toPlace);
  return asked.map((evidence) => {
    const wanted = new Set(evidence);
    return places.filter((place) => wanted.has(place.evidence));
  });
}

export async function originalsOf(store: Store, evidence: readonly string[]): Promise<Original[]> {
  const rows = await store.all(
    'SELECT number, "index", id, original FROM originals WHERE number IN (SELECT unnest($numbers)) ORDER BY number',
    { numbers: numbersOf(evidence) },
  );
  return rows.map((row) => ({ ...toPlace(row), original: toText(row.original) }));
}

const numbersOf = (evidence: readonly string[]): TypedList =>
  bigints([...new Set(evidence)].filter((one) => /^\d{1,15}$/.test(one)).map(BigInt));

const toPlace = (row: Record<string, DuckDBValue>): Place => ({
  evidence: toText(row.number),
  index: toText(row.index),
  id: toText(row.id),
});
