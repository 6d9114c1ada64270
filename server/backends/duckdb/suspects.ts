import { hasOwnNetworks, toAskersSql, toSuspectsSql } from '../../../queries/compile/duckdb.js';
import { longestWindowMs, type Plan, windowSecondsOf } from '../../../queries/plan.js';
import { AddressSet } from '../../model/address.js';
import { DAY_MS } from '../../model/episode.js';
import type { Span, Suspect } from '../../model/ports.js';
import { inHalves } from './in-halves.js';
import { hashes, hugeNumbers, type Parameters, type Store, texts, toNumber, toText } from './store.js';
import { suspectSearches } from './suspect-searches.js';

/** What so many busy subjects do in a few days fits into memory: 16 of 2,000 contacts an hour are 2 million rows. */
const FEW_SUBJECTS = 16;

/** Windows of so many seconds of the subject that end within `ends` may fire. */
type Region = Suspect['regions'][number] & { subject: string };

/** Who may fire in windows that end in the span, of all subjects or these. */
export async function suspectsIn(
  store: Store,
  plan: Plan,
  span: Span,
  subjects: readonly string[] | undefined,
): Promise<Suspect[]> {
  const suspects = new Map<string, Suspect>();
  const contacts = subjects === undefined ? await contactsIn(store, span) : 0;
  for (const search of suspectSearches(plan, span, contacts)) {
    const regions = await inHalves(search.span, longestWindowMs(search.plan), (part) =>
      regionsIn(store, search.plan, part, subjects),
    );
    for (const { subject, ...region } of regions) {
      const known = suspects.get(subject);
      if (known) known.regions.push(region);
      else suspects.set(subject, { subject, regions: [region] });
    }
  }
  return [...suspects.values()];
}

async function contactsIn(store: Store, { from, to }: Span): Promise<number> {
  const [row] = await store.all('SELECT count(*) AS contacts FROM contacts WHERE time BETWEEN $from AND $to', {
    from: BigInt(from),
    to: BigInt(to),
  });
  return toNumber(row?.contacts);
}

async function regionsIn(
  store: Store,
  plan: Plan,
  span: Span,
  subjects: readonly string[] | undefined,
): Promise<Region[]> {
  const longest = longestWindowMs(plan);
  const range = { from: Math.floor(span.from / longest - 1) * longest, to: span.to };
  const whose = subjects === undefined ? 'all' : subjects.length <= FEW_SUBJECTS ? 'few' : 'many';
  const parameters: Parameters = {
    history: BigInt(range.from - plan.polling.lookbackMs),
    from: BigInt(range.from),
    to: BigInt(range.to),
    held: texts(await heldBy(store, plan, range)),
    ...(subjects && { subjects: texts(subjects), hashes: hashes(subjects) }),
    ...ownBounds(plan),
  };
  const regions: Region[] = [];
  const wanted = subjects && new Set(subjects);
  const add = (subject: string, windowSeconds: number, { from, to }: Span) => {
    const ends = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
    if (ends.from <= ends.to && wanted?.has(subject) !== false) regions.push({ subject, windowSeconds, ends });
  };
  for (const row of await store.all(toSuspectsSql(plan, whose), parameters)) {
    const seconds = toNumber(row.window_seconds);
    const from = toNumber(row.bucket) * seconds * 1_000;
    add(toText(row.subject), seconds, { from, to: from + seconds * 1_000 - 1 });
  }
  const askers = toAskersSql(plan, whose);
  if (askers !== undefined)
    for (const row of await store.all(askers, parameters))
      for (const seconds of windowSecondsOf(plan.measures)) add(toText(row.subject), seconds, span);
  return regions;
}

/** Addresses that hosts of this analytic were seen with: their flows may be its own. */
async function heldBy(store: Store, { telemetry }: Plan, { from, to }: Span): Promise<string[]> {
  if (telemetry.unattributed) return [];
  const condition = telemetry.container ? "container <> ''" : `container = '' AND platform = '${telemetry.platform}'`;
  const rows = await store.all(
    `SELECT DISTINCT address FROM holders WHERE last >= $from AND time <= $to AND ${condition}`,
    { from: BigInt(from - DAY_MS), to: BigInt(to + DAY_MS) },
  );
  return rows.map(({ address }) => toText(address));
}

function ownBounds(plan: Plan): Parameters {
  if (!hasOwnNetworks(plan)) return {};
  const bounds = new AddressSet(plan.tunables.OwnNetworks as readonly string[]).bounds();
  return {
    own_from: hugeNumbers(bounds.map(({ from }) => from)),
    own_to: hugeNumbers(bounds.map(({ to }) => to)),
  };
}
