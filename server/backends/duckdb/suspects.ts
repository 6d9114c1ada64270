import { hasOwnNetworks, toAskersSql, toPresenceSql, toSuspectsSql } from '../../../queries/compile/duckdb.js';
import { longestWindowMs, type Plan, windowSecondsOf } from '../../../queries/plan.js';
import { AddressSet } from '../../model/address.js';
import { DAY_MS } from '../../model/episode.js';
import type { Span, Suspect } from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import { inGroups } from './in-groups.js';
import { inHalves } from './in-halves.js';
import { hashes, hugeNumbers, type Parameters, type Store, texts, toNumber, toText } from './store.js';
import { suspectSearches } from './suspect-searches.js';

/** So many contacts of named subjects fit into memory. */
const FEW_CONTACTS = 2_000_000;

/** Windows of so many seconds of the subject that end within `ends` may fire. */
type Region = Suspect['regions'][number] & { subject: string };

interface Named {
  named: readonly string[];
  /** Their contacts fit into memory. */
  areFew: boolean;
}

/** Who may fire in windows that end in the span, of all subjects or these. */
export async function suspectsIn(
  store: Store,
  plan: Plan,
  span: Span,
  subjects: readonly string[] | undefined,
): Promise<Suspect[]> {
  const suspects = new Map<string, Suspect>();
  const those = subjects
    ? await ownOf(store, plan, span, subjects)
    : isShort(plan, span)
      ? await reachingIn(store, plan, span)
      : undefined;
  for (const named of those ? inGroups(those) : [undefined]) {
    const contacts = await contactsIn(store, named ? readBy(plan, span) : span, named);
    const whose = named && { named, areFew: contacts <= FEW_CONTACTS };
    for (const search of suspectSearches(plan, span, contacts)) {
      const regions = await inHalves(search.span, longestWindowMs(search.plan), (part) =>
        regionsIn(store, search.plan, part, whose),
      );
      for (const { subject, ...region } of regions) {
        const known = suspects.get(subject);
        if (known) known.regions.push(region);
        else suspects.set(subject, { subject, regions: [region] });
      }
    }
  }
  return [...suspects.values()];
}

/** Those whose contacts may be the plan's: all programs, and of addresses those that its hosts hold. Anybody may ask by mDNS. */
async function ownOf(store: Store, plan: Plan, span: Span, subjects: readonly string[]): Promise<readonly string[]> {
  if (plan.telemetry.unattributed || plan.telemetry.serviceQueries) return subjects;
  const held = new Set(await heldBy(store, plan, { from: firstBucketMs(plan, span), to: span.to }));
  return subjects.filter((key) => {
    const subject = parseSubjectKey(key);
    return subject.kind === 'process' || held.has(subject.address);
  });
}

/** Whether most that is read of the span is the look-back before it. */
const isShort = (plan: Plan, span: Span): boolean =>
  plan.polling.rounds > 1 && span.to - firstBucketMs(plan, span) < plan.polling.lookbackMs;

/** Who reaches a threshold where polling counts too, so that nobody else's look-back is read: few. */
async function reachingIn(store: Store, plan: Plan, span: Span): Promise<string[]> {
  const polledToo = { ...plan, polling: { ...plan.polling, rounds: 0 } };
  const regions = await inHalves(span, longestWindowMs(plan), (part) => regionsIn(store, polledToo, part, undefined));
  return [...new Set(regions.map(({ subject }) => subject))];
}

async function contactsIn(store: Store, { from, to }: Span, named: readonly string[] | undefined): Promise<number> {
  const [row] = await store.all(
    `SELECT count(*) AS contacts FROM contacts
     ${named ? 'SEMI JOIN (SELECT unnest($hashes) AS hash) ON subject_hash = hash' : ''}
     WHERE time BETWEEN $from AND $to`,
    { from: BigInt(from), to: BigInt(to), ...(named && { hashes: hashes(named) }) },
  );
  return toNumber(row?.contacts);
}

/** Where the buckets of windows that end in the span begin. */
const firstBucketMs = (plan: Plan, { from }: Span): number => {
  const longest = longestWindowMs(plan);
  return Math.floor(from / longest - 1) * longest;
};

const readBy = (plan: Plan, span: Span): Span => ({
  from: firstBucketMs(plan, span) - plan.polling.lookbackMs,
  to: span.to,
});

async function regionsIn(store: Store, plan: Plan, span: Span, these: Named | undefined): Promise<Region[]> {
  const range = { from: firstBucketMs(plan, span), to: span.to };
  const whose = these === undefined ? 'all' : these.areFew ? 'few' : 'many';
  const held = await heldBy(store, plan, range);
  const parameters: Parameters = {
    history: BigInt(readBy(plan, span).from),
    from: BigInt(range.from),
    to: BigInt(range.to),
    held: texts(held),
    ...(these && { subjects: texts(these.named), hashes: hashes(these.named) }),
    ...ownBounds(plan),
  };
  const regions: Region[] = [];
  const wanted = these && new Set(these.named);
  const add = (subject: string, windowSeconds: number, { from, to }: Span) => {
    const ends = { from: Math.max(from, span.from), to: Math.min(to, span.to) };
    if (ends.from <= ends.to && wanted?.has(subject) !== false) regions.push({ subject, windowSeconds, ends });
  };
  // Of systems that a site does not have nothing is counted: everybody's flows would be read to find none of theirs.
  const isThere =
    plan.telemetry.unattributed || held.length > 0 || (await store.all(toPresenceSql(plan), parameters))[0];
  for (const row of isThere ? await store.all(toSuspectsSql(plan, whose), parameters) : []) {
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
