import type { estypes } from '@elastic/elasticsearch';
import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import { every, none, type Query, some } from '../../../queries/compile/query.js';
import { any, type Filter } from '../../../queries/filter.js';
import { records } from '../../../queries/records.js';
import { normalizeAddress } from '../../model/address.js';
import { DAY_MS, HOUR_MS } from '../../model/episode.js';
import type { Arrivals, Span, Touched } from '../../model/ports.js';
import { type NewlyHeld, touchedSpans } from '../shared/touched-spans.js';
import { textIn } from './buckets.js';
import { bucketsInTime, timesIn, timesOf } from './buckets-in-time.js';
import { stampedBy, timeRange } from './event-time.js';
import { HOST, hostOf } from './subject-of-bucket.js';
import { hostQuery } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

const PAGE = 5_000;
const SLICE_MS = 7 * DAY_MS;
/** What a hunt judges times of events by, but for broken clocks: at most a year ahead. */
const FUTURE_MS = 366 * DAY_MS;
const MOST_HOSTS = 10_000;

/** Everything that tells a contact, a launch, an event of a process, a question. */
const acts = any(...[records.contacts, records.launches, records.processEvents, records.serviceQueries, records.arps]);

/** Documents that the engine got after one time and up to another; who does not tell when is taken to be in time. */
const arrivedWithin = ({ after, until }: Arrivals): Query =>
  some(
    timeRange(ARRIVAL, { from: after + 1, to: until }),
    every(none({ exists: { field: ARRIVAL } }), timeRange('@timestamp', { from: after + 1, to: until })),
  );

/**
 * The newest arrival, but none so new that others of its time may not be seen yet. A document without an arrival time
 * arrived at its @timestamp, which may lie in the future: then not yet.
 *
 * @param settlingMs how long after its arrival time a document may become searchable
 */
export async function newestArrival(index: TelemetryIndex, now: number, settlingMs: number): Promise<number> {
  const isTold = { exists: { field: ARRIVAL } };
  const [told = 0, untold = 0] = await Promise.all([
    newestOf(index, isTold, ARRIVAL, Number.MAX_SAFE_INTEGER),
    newestOf(index, none(isTold), '@timestamp', now),
  ]);
  const newest = Math.max(told, untold);
  return Math.min(newest, Math.max(told, now) - settlingMs);
}

/**
 * A week of arrivals from the first one on, so that weeks without any cost nothing. A hunt also reads some days around
 * what arrived: slices of a day take several times as long.
 */
export async function endOfSlice(index: TelemetryIndex, { after, until }: Arrivals): Promise<number> {
  if (until - after <= SLICE_MS) return until;
  const isTold = { exists: { field: ARRIVAL } };
  const range = { from: after + 1, to: until };
  const firsts = await Promise.all([
    edgeOf(index, timeRange(ARRIVAL, range), ARRIVAL, 'asc'),
    edgeOf(index, every(none(isTold), timeRange('@timestamp', range)), '@timestamp', 'asc'),
  ]);
  const first = Math.min(...firsts.map((time) => time ?? until));
  return Math.min(until, first + SLICE_MS);
}

async function newestOf(index: TelemetryIndex, query: Query, field: string, to: number): Promise<number | undefined> {
  return edgeOf(index, every(query, timeRange(field, { from: 0, to })), field, 'desc');
}

/** The first or last time of what matches: an engine finds it without reading the rest. */
async function edgeOf(
  index: TelemetryIndex,
  query: Query,
  field: string,
  order: 'asc' | 'desc',
): Promise<number | undefined> {
  const answer = await index.search({
    query,
    size: 1,
    _source: false,
    sort: [{ [field]: { order, unmapped_type: 'date', numeric_type: 'date' } }],
  });
  const time = (answer.hits.hits[0] as estypes.SearchHit | undefined)?.sort?.[0];
  return time === undefined ? undefined : Number(time);
}

/** From the first to the last event of the records that we know, whatever they say, but for broken clocks. */
export async function extentOf(index: TelemetryIndex, now: number): Promise<Span | undefined> {
  const query = await index.query(records.known);
  const span = { from: 1, to: now + FUTURE_MS };
  const edges = await Promise.all(
    (await index.stamps()).flatMap((stamp) => {
      const own = every(query, stampedBy(stamp), timeRange(stamp, span));
      return [edgeOf(index, own, stamp, 'asc'), edgeOf(index, own, stamp, 'desc')];
    }),
  );
  const times = edges.filter((edge) => edge !== undefined);
  return times.length === 0 ? undefined : { from: Math.min(...times), to: Math.max(...times) };
}

/** What arrivals touch, within the extent. */
export async function touchedBy(index: TelemetryIndex, arrivals: Arrivals, extent: Span): Promise<Touched[]> {
  const arrived = arrivedWithin(arrivals);
  const daysWith = async (filter: Filter) => daysOf(index, every(await index.query(filter), arrived), extent);
  if (arrivals.after > 0) {
    const [events, held] = await Promise.all([daysWith(acts), newlyHeld(index, arrivals, extent)]);
    return touchedSpans(events, held, extent);
  }
  const [events, held] = await Promise.all([daysWith(acts), daysWith(holders)]); // at first everything is new
  const around = held.map(({ from, to }) => ({ from: from - DAY_MS, to: to + DAY_MS }));
  return touchedSpans([...events, ...around], [], extent);
}

/** The days of what matches, each from its first to its last event. */
async function daysOf(index: TelemetryIndex, query: Query, extent: Span): Promise<Span[]> {
  const days: Span[] = [];
  for await (const page of bucketsInTime(index, {
    query,
    spans: [extent],
    everyMs: DAY_MS,
    by: [],
    aggs: timesOf,
    page: PAGE,
  }))
    days.push(...page.map(timesIn));
  return days;
}

/** Where documents say who holds an address. */
const HOLDINGS = [
  { field: 'host.ip', filter: records.holdings.own },
  { field: 'source.ip', filter: records.holdings.source },
] as const;
const holders = any(...HOLDINGS.map(({ filter }) => filter));

/** Nearly all who use an address were seen with it so shortly before. */
const SHORTLY_MS = 300_000;

/**
 * When an address is known to be held from now on: a day around, less what earlier arrivals of the same host tell
 * already. A host that goes on using its address touches nothing.
 */
async function newlyHeld(index: TelemetryIndex, arrivals: Arrivals, extent: Span): Promise<NewlyHeld[]> {
  const held = HOLDINGS.map(async ({ field, filter }) =>
    newlyHeldBy(index, field, await index.query(filter), arrivals, extent),
  );
  return (await Promise.all(held)).flat();
}

async function newlyHeldBy(
  index: TelemetryIndex,
  field: string,
  holders: Query,
  arrivals: Arrivals,
  extent: Span,
): Promise<NewlyHeld[]> {
  const fresh = await hoursHeld(index, field, every(holders, arrivedWithin(arrivals)), extent);
  const before = every(holders, arrivedWithin({ after: -1, until: arrivals.after }));
  const seenShortly = await hoursHeld(index, field, before, spanBefore(fresh, SHORTLY_MS));
  const others = new Map([...fresh].filter(([holder]) => !seenShortly.has(holder)));
  const hosts = [...new Set([...others.values()].map(({ host }) => host))];
  const isFew = hosts.length <= MOST_HOSTS;
  const seen = await hoursHeld(
    index,
    field,
    isFew ? every(before, hostQuery(hosts, await index.kinds())) : before,
    spanBefore(others, 2 * DAY_MS),
  );
  return [...fresh].flatMap(([holder, { address, hours }]) =>
    hours.flatMap(({ from, to }) => {
      const known = [...(seenShortly.get(holder)?.hours ?? []), ...(seen.get(holder)?.hours ?? [])];
      const earlier = known.filter((hour) => hour.from <= from);
      const last = earlier.reduce((latest, hour) => Math.max(latest, hour.to), Number.NEGATIVE_INFINITY);
      const since = Math.max(from - DAY_MS, last + DAY_MS + 1);
      return since <= to + DAY_MS ? [{ address, from: since, to: to + DAY_MS }] : [];
    }),
  );
}

/** By who holds which address: the hours in which it was seen with it. */
type Held = ReadonlyMap<string, { host: string; address: string; hours: Span[] }>;

/** From so long before the first of the hours on; undefined where there are none. */
function spanBefore(held: Held, beforeMs: number): Span | undefined {
  const hours = [...held.values()].flatMap((one) => one.hours);
  if (hours.length === 0) return undefined;
  return {
    from: hours.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER) - beforeMs,
    to: hours.reduce((most, { to }) => Math.max(most, to), 0),
  };
}

/** Hours in which each host was seen with each address. */
async function hoursHeld(index: TelemetryIndex, field: string, query: Query, span: Span | undefined): Promise<Held> {
  const held = new Map<string, { host: string; address: string; hours: Span[] }>();
  const by = [...HOST, 'container.id', field];
  const grouping = { query, spans: span ? [span] : [], everyMs: HOUR_MS, by, aggs: timesOf, page: PAGE };
  for await (const page of bucketsInTime(index, grouping))
    for (const bucket of page) {
      const host = hostOf(bucket);
      const address = normalizeAddress(textIn(bucket, field) ?? '');
      if (address === undefined) continue;
      const key = JSON.stringify([host, textIn(bucket, 'host.name'), textIn(bucket, 'container.id'), address]);
      const known = held.get(key);
      if (known) known.hours.push(timesIn(bucket));
      else held.set(key, { host, address, hours: [timesIn(bucket)] });
    }
  return held;
}
