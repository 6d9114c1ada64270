import { every, type Query } from '../../../queries/compile/search.js';
import { AppError } from '../../model/app-error.js';
import { HOUR_MS } from '../../model/episode.js';
import type { Span } from '../../model/ports.js';
import { EngineOverload } from './engine-error.js';
import { within } from './event-time.js';
import { isAbsent } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

const FIELD = 'host.id';
/** In longer ranges nearly every host has so many records. */
const MOST_RANGE_MS = HOUR_MS;
/** An engine gives some 65,000 buckets at most, unless told otherwise. */
const MOST_HOSTS = 50_000;

interface Hosts {
  unnamed: { doc_count: number };
  busy: { sum_other_doc_count: number; buckets: { key: string }[] };
}

/**
 * Contacts of hosts that have so many of these within a short range: on those that have fewer, no program has enough. All
 * where not all hosts are told by `host.id`, or are too many to be counted at once.
 */
export async function onBusyHosts(index: TelemetryIndex, contacts: Query, range: Span, least: number): Promise<Query> {
  if (least === Number.POSITIVE_INFINITY) return { match_none: {} };
  const all = { match_all: {} };
  if (range.to - range.from > MOST_RANGE_MS || (await index.kinds())(FIELD).size === 0) return all;
  const hosts = await hostsWithin(index, every(contacts, within(await index.stamps(), [range])), least);
  if (!hosts) return all;
  return hosts.length === 0 ? { match_none: {} } : { terms: { [FIELD]: hosts } };
}

async function hostsWithin(index: TelemetryIndex, query: Query, least: number): Promise<string[] | undefined> {
  try {
    const { aggregations } = await index.search<never, Hosts>({
      query,
      size: 0,
      aggs: {
        unnamed: { filter: isAbsent(await index.kinds(), FIELD) },
        busy: { terms: { field: FIELD, size: MOST_HOSTS, shard_size: MOST_HOSTS, min_doc_count: least } },
      },
    } as Parameters<typeof index.search>[0]);
    if (!aggregations) return [];
    const { unnamed, busy } = aggregations;
    if (unnamed.doc_count > 0 || busy.sum_other_doc_count > 0) return undefined;
    return busy.buckets.map(({ key }) => key);
  } catch (error) {
    if (error instanceof EngineOverload || isCut(error)) return undefined;
    throw error;
  }
}

/** Either the hosts were cut, or the next search is as incomplete and says so. */
const isCut = (error: unknown): boolean => error instanceof AppError && error.code === 'ENGINE_ANSWER_INCOMPLETE';
