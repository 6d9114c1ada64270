import { DAY_MS } from '../../model/episode.js';
import type { Arrivals, Span } from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import { inGroups } from './in-groups.js';
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
  const told = ['launches', 'process_events']
    .map((table) => `SELECT time, host, process FROM ${table} WHERE ${ARRIVED} AND process IS NOT NULL`)
    .join(' UNION ALL ');
  const rows = await store.all(
    `SELECT host, min(time) AS low, max(time) AS high FROM (${told}) GROUP BY host`,
    arrived,
  );
  const ranges = new Map(
    rows.map(({ host, low, high }) => [toText(host), { low: toNumber(low), high: toNumber(high) }]),
  );
  const programs = subjects.flatMap((key) => {
    const subject = parseSubjectKey(key);
    const range = subject.kind === 'process' ? ranges.get(subject.host) : undefined;
    return range ? [{ key, ...range }] : [];
  });
  const found: string[] = [];
  for (const group of inGroups(programs)) {
    const keys = group.map(({ key }) => key);
    const theirs = await store.all(
      `WITH told AS MATERIALIZED (SELECT DISTINCT host, process FROM (${told}))
       SELECT subject FROM contacts SEMI JOIN told USING (host, process)
       WHERE time BETWEEN $low AND $high AND list_contains($hashes, subject_hash)
       UNION SELECT subject FROM launches SEMI JOIN told USING (host, process)
       WHERE time BETWEEN $low AND $high AND list_contains($subjects, subject)`,
      {
        ...arrived,
        subjects: texts(keys),
        hashes: hashes(keys),
        low: BigInt(Math.min(...group.map(({ low }) => low)) - TOLD_MS),
        high: BigInt(Math.max(...group.map(({ high }) => high)) + TOLD_MS),
      },
    );
    found.push(...theirs.map(({ subject }) => toText(subject)));
  }
  return found;
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
