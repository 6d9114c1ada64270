import type { Query } from '../../../queries/compile/query.js';
import type { SubjectGroup } from '../../../queries/records.js';
import { AppError } from '../../model/app-error.js';
import { HOUR_MS } from '../../model/episode.js';
import type { Span } from '../../model/ports.js';
import { EngineOverload } from './engine-error.js';
import { within } from './event-time.js';
import { isAbsent, isTooLong } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

const FIELD = 'host.id';
/** In longer ranges nearly every host has enough contacts, and each group some. */
const MOST_RANGE_MS = HOUR_MS;
/** An engine gives some 65,000 buckets at most, unless told otherwise. */
const MOST_HOSTS = 50_000;

/** What one question tells of a short range before subjects are counted in it. */
export interface Glance {
  /** Which contacts are of hosts that have enough of them: on the others no program has. */
  busy: Query;
  /** How many those are at most. */
  records: number;
  /** Those that may have contacts. */
  groups: readonly SubjectGroup[];
  /** Whether names may be too long for an index. */
  hasLongNames: boolean;
}

/** Nothing is told of hosts. */
export const ANYWHERE: Pick<Glance, 'busy' | 'records'> = {
  busy: { match_all: {} },
  records: Number.POSITIVE_INFINITY,
};

/**
 * A glance at a range in which a program needs so many contacts at least. Where it tells nothing, anything may be: of long
 * ranges, where hosts are told by something else than `host.id`, or are too many to be counted at once.
 *
 * @param contacts of programs
 */
export async function glanceAt(
  index: TelemetryIndex,
  contacts: Query,
  groups: readonly SubjectGroup[],
  range: Span,
  least: number,
): Promise<Glance> {
  const blind = { ...ANYWHERE, groups, hasLongNames: true };
  const isWorthwhile =
    least < Number.POSITIVE_INFINITY && range.to - range.from <= MOST_RANGE_MS && (await index.kinds())(FIELD).size > 0;
  const seen = isWorthwhile ? await look(index, contacts, groups, range, least) : undefined;
  if (!seen) return blind;
  const { programs, ...others } = seen;
  const { unnamed, long, busy } = programs;
  const told = {
    groups: groups.filter(({ kind }, place) => (kind === 'process' ? programs : others)[nameOf(place)]!.doc_count > 0),
    hasLongNames: long.doc_count > 0,
  };
  if (unnamed.doc_count > 0 || busy.sum_other_doc_count > 0) return { ...ANYWHERE, ...told };
  const hosts = busy.buckets.map(({ key }) => key);
  return {
    ...told,
    busy: hosts.length === 0 ? { match_none: {} } : { terms: { [FIELD]: hosts } },
    records: busy.buckets.reduce((sum, { doc_count }) => sum + doc_count, 0),
  };
}

interface Counted {
  doc_count: number;
}

type Groups = Record<`group${number}`, Counted>;

const nameOf = (place: number) => `group${place}` as const;

type Seen = Groups & {
  programs: Groups & {
    unnamed: Counted;
    long: Counted;
    busy: { sum_other_doc_count: number; buckets: { key: string; doc_count: number }[] };
  };
};

/** Undefined where that is too much at once. */
async function look(
  index: TelemetryIndex,
  contacts: Query,
  groups: readonly SubjectGroup[],
  range: Span,
  least: number,
): Promise<Seen | undefined> {
  const filters = await Promise.all(
    groups.map(async ({ kind, naming, records }, place) => ({
      kind,
      agg: [nameOf(place), { filter: await index.query(kind === 'process' ? naming : records) }] as const,
    })),
  );
  const ofKind = (wanted: SubjectGroup['kind']) =>
    Object.fromEntries(filters.filter(({ kind }) => kind === wanted).map(({ agg }) => agg));
  try {
    const { aggregations } = await index.search<never, Seen>({
      query: within(await index.stamps(), [range]),
      size: 0,
      aggs: {
        ...ofKind('address'),
        programs: {
          filter: contacts,
          aggs: {
            ...ofKind('process'),
            unnamed: { filter: isAbsent(await index.kinds(), FIELD) },
            long: { filter: isTooLong },
            busy: { terms: { field: FIELD, size: MOST_HOSTS, shard_size: MOST_HOSTS, min_doc_count: least } },
          },
        },
      },
    } as Parameters<typeof index.search>[0]);
    return aggregations;
  } catch (error) {
    if (error instanceof EngineOverload || isCut(error)) return undefined;
    throw error;
  }
}

/** Either the hosts were cut, or the next search is as incomplete and says so. */
const isCut = (error: unknown): boolean => error instanceof AppError && error.code === 'ENGINE_ANSWER_INCOMPLETE';
