import { every, type Query } from '../../../queries/compile/query.js';
import { records } from '../../../queries/records.js';
import { normalizeAddress } from '../../model/address.js';
import { DAY_MS, HOUR_MS } from '../../model/episode.js';
import type { Holding, Span } from '../../model/ports.js';
import type { HoldingsAsked } from '../shared/asked.js';
import { type Bucket, textIn } from './buckets.js';
import { bucketsInTime, timesIn, timesOf } from './buckets-in-time.js';
import { type Hit, seenIn, whatIsRead } from './hits.js';
import { holdingsIn } from './rows-to-records.js';
import { hostQuery, isOneOf } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

const PAGE = 2_000;
/** Addresses or hosts of one request. */
const MOST_ASKED = 5_000;

/** What names a host, and tells its system; the agent knows the rest of it. */
const HOLDER = [
  ...['host.id', 'host.name', 'host.hostname', 'container.id'],
  ...['host.os.type', 'host.os.family', 'host.os.platform', 'event.module'],
];

/** Where documents say who holds an address. */
const kinds = [
  { field: 'host.ip', records: records.holdings.own },
  { field: 'source.ip', records: records.holdings.source },
] as const;

/** Holdings of each question's addresses or hosts, an hour each: all questions are asked together. */
export async function holdingsBy(
  index: TelemetryIndex,
  key: 'address' | 'host',
  asked: readonly HoldingsAsked[],
  now: number,
): Promise<Holding[][]> {
  const wanted = asked.map(({ these, span }) => ({
    these: new Set(these),
    span: { from: span.from - DAY_MS, to: span.to + DAY_MS },
  }));
  const all = [...new Set(wanted.flatMap(({ these }) => [...these]))].filter(
    (one) => key === 'host' || normalizeAddress(one) !== undefined,
  );
  const whole = wanted.reduce(
    ({ from, to }, { span }) => ({ from: Math.min(from, span.from), to: Math.max(to, span.to) }),
    { from: Number.MAX_SAFE_INTEGER, to: 0 },
  );
  const found: Holding[] = [];
  for (let start = 0; start < all.length; start += MOST_ASKED)
    found.push(...(await readHoldings(index, key, all.slice(start, start + MOST_ASKED), whole, now)));
  found.sort(byContent);
  return wanted.map(({ these, span }) =>
    found.filter((holding) => these.has(holding[key]) && holding.to >= span.from && holding.from <= span.to),
  );
}

async function readHoldings(
  index: TelemetryIndex,
  key: 'address' | 'host',
  these: readonly string[],
  span: Span,
  now: number,
): Promise<Holding[]> {
  const fieldKinds = await index.kinds();
  const found: Holding[] = [];
  const asked = new Set(these);
  for (const { field, records: holders } of kinds) {
    const whose: Query = key === 'address' ? isOneOf(fieldKinds, [field], these) : hostQuery(these, fieldKinds);
    const pages = bucketsInTime(index, {
      query: every(await index.query(holders), whose),
      spans: [span],
      everyMs: HOUR_MS,
      by: [...HOLDER, field],
      aggs: (stamp) => ({ ...timesOf(stamp), document: { top_hits: { size: 1, ...whatIsRead } } }),
      page: PAGE,
    });
    for await (const page of pages)
      for (const bucket of page) {
        const address = normalizeAddress(textIn(bucket, field) ?? '');
        if (address === undefined || (key === 'address' && !asked.has(address))) continue;
        const holding = holdingIn(bucket, address, now);
        if (holding && asked.has(holding[key])) found.push(holding);
      }
  }
  return found;
}

/** One document tells whose address it is, all of the bucket's tell when. */
function holdingIn(bucket: Bucket, address: string, now: number): Holding | undefined {
  const { hits } = (bucket.document as { hits: { hits: Hit[] } }).hits;
  const seen = hits[0] && seenIn(hits[0], now);
  const holding = seen && holdingsIn(seen).find((one) => one.address === address);
  return holding && { ...holding, ...timesIn(bucket) };
}

const byContent = (one: Holding, other: Holding): number => (contentOf(one) < contentOf(other) ? -1 : 1);

const contentOf = ({ address, host, hostName, container, platform, from }: Holding): string =>
  JSON.stringify([address, host, hostName, container, platform, from]);
