import { AppError } from '../../model/app-error.js';

/** What answers say of themselves; the counts of shards and of clusters asked across. */
export interface Answer {
  timed_out: boolean;
  _shards: { total: number; successful: number; failed: number };
  _clusters?: { skipped?: number; partial?: number; failed?: number };
  aggregations?: unknown;
}

/**
 * Throws ENGINE_ANSWER_INCOMPLETE unless the answer is of all that was asked: in time, of every shard and cluster, and
 * with no list of terms that a shard cut where it mattered.
 *
 * No shard at all counts as incomplete. (`terminated_early` says nothing: OpenSearch sets it on whole answers.)
 */
export function assertWhole({ timed_out, _shards, _clusters, aggregations }: Answer): void {
  if (timed_out) throw incomplete('it ran out of time');
  if (_shards.failed > 0 || _shards.successful < _shards.total)
    throw incomplete(`${_shards.total - _shards.successful} of ${_shards.total} shards did not answer`);
  if (_shards.total === 0) throw incomplete('no shard was asked, as the indices are closed or may not be read');
  const { skipped = 0, partial = 0, failed = 0 } = _clusters ?? {};
  if (skipped + partial + failed > 0) throw incomplete(`${skipped + partial + failed} clusters did not answer whole`);
  const cut = findCutTerms(aggregations, 'aggregations');
  if (cut) throw incomplete(`${cut} lacks terms`);
}

const incomplete = (why: string): AppError =>
  new AppError('ENGINE_ANSWER_INCOMPLETE', `The engine's answer is not whole: ${why}.`);

/** Where terms may be missing or counted short: their error bound is not 0. */
function findCutTerms(value: unknown, place: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'doc_count_error_upper_bound' && inner !== 0) return place;
    const found = findCutTerms(inner, `${place}.${name}`);
    if (found) return found;
  }
  return undefined;
}
