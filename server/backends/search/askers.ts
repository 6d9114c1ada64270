import type { MeasureName } from '../../../queries/analytic.js';
import { every } from '../../../queries/compile/query.js';
import type { Plan } from '../../../queries/plan.js';
import { arpGroups, maskedFields, queryGroups, type SubjectGroup } from '../../../queries/records.js';
import type { Span } from '../../model/ports.js';
import { bucketsOf } from './buckets.js';
import { within } from './event-time.js';
import { subjectOf } from './subject-of-bucket.js';
import { addressOf } from './subject-query.js';
import type { OwnAddresses } from './suspects.js';
import type { TelemetryIndex } from './telemetry-index.js';

const PAGE = 1_000;
/** Names that look alike to the estimate. */
const MARGIN = 2;

/** Subjects that asked by mDNS, or by ARP, for enough distinct names to fire in any window: few such records exist. */
export async function askers(
  index: TelemetryIndex,
  plan: Plan,
  range: Span,
  subjects: readonly string[] | undefined,
  ownOf: OwnAddresses,
): Promise<Set<string>> {
  const { serviceQueries, unattributed } = plan.telemetry;
  const asking = new Set<string>();
  const only = subjects && new Set(subjects);
  const questions = serviceQueries
    ? await askersOf(index, range, queryGroups, ['dns.question.name', ...maskedFields])
    : new Map();
  const least = leastThreshold(plan, ['services', 'service_hashes']);
  for (const [subject, { names }] of questions) if (names + MARGIN >= least) asking.add(subject);

  const arps = await askersOf(index, range, arpGroups, ['destination.ip']);
  const leastArp = leastThreshold(plan, ['arp']);
  const sweeping = [...arps].flatMap(([subject, { names, records }]) =>
    Math.min(records, names + MARGIN) >= leastArp ? [subject] : [],
  );
  const addresses = sweeping.map(addressOf);
  const own = unattributed || addresses.length === 0 ? new Set(addresses) : await ownOf(addresses, range);
  for (const subject of sweeping) if (own.has(addressOf(subject))) asking.add(subject);
  return only ? new Set([...asking].filter((subject) => only.has(subject))) : asking;
}

/** What subjects asked for, at most: records, and distinct values of these fields. */
interface Asked {
  records: number;
  names: number;
}

async function askersOf(
  index: TelemetryIndex,
  range: Span,
  groups: readonly SubjectGroup[],
  fields: readonly string[],
): Promise<Map<string, Asked>> {
  const stamps = await index.stamps();
  const asked = new Map<string, Asked>();
  if (stamps.length === 0) return asked;
  const aggs = Object.fromEntries(fields.map((field) => [field, { cardinality: { field } }]));
  for (const group of groups) {
    const query = every(await index.query(group.records), within(stamps, [range]));
    for await (const page of bucketsOf(index, { query, by: group.fields, aggs, page: PAGE }))
      for (const bucket of page) {
        const subject = subjectOf(group, bucket);
        if (subject === undefined) continue;
        const known = asked.get(subject) ?? { records: 0, names: 0 };
        asked.set(subject, known);
        known.records += bucket.doc_count;
        for (const field of fields) known.names += (bucket[field] as { value: number }).value;
      }
  }
  return asked;
}

const leastThreshold = ({ measures }: Plan, names: readonly MeasureName[]): number =>
  Math.min(
    ...measures
      .filter(({ name }) => names.includes(name))
      .flatMap(({ windows }) => windows.map(({ threshold }) => threshold)),
  );
