import { all, exists, type Filter } from '../filter.js';
import type { PlannedMeasure } from '../plan.js';
import { records } from '../records.js';
import { every, none, type Query, some } from './query.js';
import { type FieldKinds, toQuery } from './search.js';

/** What some measures count at most, as an aggregation over the records of one subject and stretch of time. */
export interface Population {
  measures: readonly PlannedMeasure[];
  query: Query;
}

/** Estimates of distinct values are exact below this many, but for two values that look alike. */
const LEAST_PRECISION = 100;
const MOST_PRECISION = 40_000;
/** What such values may be short by, in one bucket. */
const MARGIN = 2;

/** Measures that count contacts. */
const COUNTED: ReadonlySet<string> = new Set(['hosts', 'ports', 'sockets', 'port_run', 'address_run']);

export const countedMeasures = (measures: readonly PlannedMeasure[], kind: 'process' | 'address'): PlannedMeasure[] =>
  measures.filter(({ name, subjects }) => COUNTED.has(name) && (subjects === 'both' || subjects === kind));

/**
 * The populations of the measures, each once. Polling, order and user context only take contacts away and are left to
 * the window pass; scope knows no addresses of the subject itself, which count as what their range is.
 *
 * @param ranges private networks and those of the site
 */
export function toPopulations(
  measures: readonly PlannedMeasure[],
  ranges: readonly string[],
  kinds: FieldKinds,
): Population[] {
  const populations = new Map<string, { measures: PlannedMeasure[]; query: Query }>();
  for (const measure of measures) {
    const query = populationQuery(measure, ranges, kinds);
    const key = JSON.stringify(query);
    const same = populations.get(key);
    if (same) same.measures.push(measure);
    else populations.set(key, { measures: [measure], query });
  }
  return [...populations.values()];
}

function populationQuery(measure: PlannedMeasure, ranges: readonly string[], kinds: FieldKinds): Query {
  const { name, outcome, ports } = measure;
  const conditions: Filter[] = [
    ...(outcome === 'failed' ? [records.failedContacts] : []),
    ...(name === 'hosts' && !ports ? [] : [exists('destination.port')]),
    ...(ports ? [{ kind: 'oneOf' as const, field: 'destination.port', values: ports }] : []),
  ];
  return every(toQuery(all(...conditions), kinds), scopeQuery(measure, ranges, kinds));
}

/** An IPv6 destination may share the /64 of its source, and then be own. */
function scopeQuery({ name, scope }: PlannedMeasure, ranges: readonly string[], kinds: FieldKinds): Query {
  const field = 'destination.ip';
  const types = kinds(field);
  if (types.size !== 1 || !types.has('ip')) return { match_all: {} };
  const inRanges: Query = { terms: { [field]: ranges } };
  if (scope === 'own') return some(inRanges, none({ range: { [field]: { gte: '0.0.0.0', lte: '255.255.255.255' } } }));
  return scope === 'foreign' && name === 'hosts' ? none(inRanges) : { match_all: {} };
}

const DISTINCT = {
  hosts: 'destination.ip',
  ports: 'destination.port',
  transports: 'network.transport',
  protocols: 'network.iana_number',
} as const;

type Distinct = keyof typeof DISTINCT;
type Counts = { doc_count: number } & Record<Distinct, { value: number }>;

/** What a measure is counted by, as few of these as can be: each is kept for every bucket. */
const countedBy = ({ name }: PlannedMeasure): readonly Distinct[] => {
  if (name === 'hosts' || name === 'address_run') return ['hosts'];
  return name === 'sockets' ? ['hosts', 'ports', 'transports', 'protocols'] : ['ports'];
};

/** The aggregations that count the populations, under `p0`, `p1` … */
export function countsOf(populations: readonly Population[], highest: number): Record<string, unknown> {
  const precision_threshold = Math.min(Math.max(LEAST_PRECISION, 2 * highest), MOST_PRECISION);
  const distinct = (measures: readonly PlannedMeasure[]) =>
    Object.fromEntries(
      [...new Set(measures.flatMap(countedBy))].map((name) => [
        name,
        { cardinality: { field: DISTINCT[name], precision_threshold } },
      ]),
    );
  return Object.fromEntries(
    populations.map(({ query, measures }, index) => [`p${index}`, { filter: query, aggs: distinct(measures) }]),
  );
}

/** What each measure counts at most in a bucket with these counts, in the order of the measures. */
export function boundsIn(
  bucket: Readonly<Record<string, unknown>>,
  populations: readonly Population[],
  measures: readonly PlannedMeasure[],
): number[] {
  const bounds = measures.map(() => 0);
  populations.forEach((population, index) => {
    const counts = bucket[`p${index}`] as Counts;
    for (const measure of population.measures) bounds[measures.indexOf(measure)] = boundOf(measure, counts);
  });
  return bounds;
}

function boundOf({ name }: PlannedMeasure, { doc_count, hosts, ports, transports, protocols }: Counts): number {
  return Math.min(doc_count, distinct() + MARGIN);

  function distinct(): number {
    switch (name) {
      case 'hosts':
      case 'address_run':
        return hosts.value;
      case 'sockets': // some may tell no transport
        return hosts.value * ports.value * (transports.value + protocols.value + 1);
      default:
        return ports.value;
    }
  }
}
