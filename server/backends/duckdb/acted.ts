import { DAY_MS } from '../../model/episode.js';
import type { Arrivals, Span } from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import { NEWLY_HELD, toldOfHolders } from './newly-held.js';
import { hashes, type Parameters, type Store, texts, toNumber, toText } from './store.js';

/** An episode takes less than two days, and what its processes did before it is told for one. */
const TOLD_MS = 3 * DAY_MS;

/**
 * Of these subjects those of whom something arrived: of themselves; of their processes, which records of other programs
 * name too; or of an address that they, or their hosts, are known to hold from now on.
 *
 * @param extent of all event times
 */
export async function actedIn(
  store: Store,
  { after, until }: Arrivals,
  subjects: readonly string[],
  extent: Span,
): Promise<string[]> {
  const arrived = { after: BigInt(after), until: BigInt(until) };
  const acted = new Set([
    ...(await themselves(store, arrived, subjects)),
    ...(await processesOf(store, arrived, subjects)),
  ]);
  const { addresses, hosts } = await newlyHeld(store, arrived, extent);
  return subjects.filter((key) => {
    if (acted.has(key)) return true;
    const subject = parseSubjectKey(key);
    return subject.kind === 'process' ? hosts.has(subject.host) : addresses.has(subject.address);
  });
}

const ARRIVED = 'number >= $after AND number < $until';

async function themselves(store: Store, arrived: Parameters, subjects: readonly string[]): Promise<string[]> {
  const others = ['launches', 'queries', 'arps'].map(
    (table) => `SELECT subject FROM ${table} WHERE ${ARRIVED} AND subject IN (SELECT unnest($subjects))`,
  );
  const rows = await store.all(
    `SELECT subject FROM contacts WHERE ${ARRIVED} AND subject_hash IN (SELECT unnest($hashes)) UNION ${others.join(' UNION ')}`,
    { ...arrived, subjects: texts(subjects), hashes: hashes(subjects) },
  );
  return rows.map(({ subject }) => toText(subject));
}

/** Whose processes, by what they did or what started them, are those of launches, exits, raw sockets or names that arrived. */
async function processesOf(store: Store, arrived: Parameters, subjects: readonly string[]): Promise<string[]> {
  const programs = subjects.flatMap((key) => {
    const subject = parseSubjectKey(key);
    return subject.kind === 'process' ? [{ key, host: subject.host }] : [];
  });
  if (programs.length === 0) return [];
  const keys = programs.map(({ key }) => key);
  const parameters = {
    ...arrived,
    hosts: texts([...new Set(programs.map(({ host }) => host))]),
    subjects: texts(keys),
    hashes: hashes(keys),
  };
  const tables = ['launches', 'process_events'].map(
    (table) =>
      `SELECT time, host, process FROM ${table} WHERE ${ARRIVED} AND process IS NOT NULL AND host IN (SELECT unnest($hosts))`,
  );
  const told = tables.join(' UNION ALL ');
  const [range] = await store.all(`SELECT min(time) AS low, max(time) AS high FROM (${told})`, parameters);
  if (range?.low == null) return [];
  const rows = await store.all(
    `WITH told AS MATERIALIZED (SELECT DISTINCT host, process FROM (${told}))
     SELECT subject FROM contacts SEMI JOIN told USING (host, process)
     WHERE time BETWEEN $low AND $high AND subject_hash IN (SELECT unnest($hashes))
     UNION SELECT subject FROM launches SEMI JOIN told USING (host, process)
     WHERE time BETWEEN $low AND $high AND subject IN (SELECT unnest($subjects))`,
    {
      ...parameters,
      low: BigInt(toNumber(range.low) - TOLD_MS),
      high: BigInt(toNumber(range.high) + TOLD_MS),
    },
  );
  return rows.map(({ subject }) => toText(subject));
}

async function newlyHeld(store: Store, arrived: Parameters, { from, to }: Span) {
  const told = await toldOfHolders(store, arrived);
  const rows = told
    ? await store.all(`SELECT DISTINCT address, host FROM (${NEWLY_HELD}) WHERE since <= $to AND till >= $from`, {
        ...told,
        from: BigInt(from),
        to: BigInt(to),
      })
    : [];
  return {
    addresses: new Set(rows.map(({ address }) => toText(address))),
    hosts: new Set(rows.map(({ host }) => toText(host))),
  };
}
