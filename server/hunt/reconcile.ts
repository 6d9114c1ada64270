import { createHash } from 'node:crypto';
import type { AnalyticId } from '../../queries/analytic.js';
import { EPISODE_GAP_MS, type FoundEpisode } from '../model/episode.js';
import type { Span } from '../model/ports.js';

/** The episodes of one analytic and subject as stored: the only place where an alert is created or merged. */
export interface Head {
  analytic: AnalyticId;
  subject: string;
  /** Of all its episodes, for finding heads by time. */
  first: number;
  last: number;
  episodes: StoredEpisode[];
}

export interface StoredEpisode {
  /** The alert's id. */
  id: string;
  /** Its first stored start, which does not move. */
  anchor: number;
  start: number;
  end: number;
  state: 'standing' | 'silenced' | 'merged' | 'withdrawn';
  mergedInto?: string;
}

export interface Reconciled {
  head: Head;
  /** What to write for each found episode, created or recounted. */
  written: { stored: StoredEpisode; found: FoundEpisode }[];
  withdrawn: StoredEpisode[];
}

/**
 * Holds what was found in a span against what is stored. The oldest stored episode that a found one overlaps is that
 * episode, and absorbs the others; of several found in one stored, the earliest keeps it; a stored one of which
 * nothing was found is withdrawn. Pure: the same telemetry ends in the same standing episodes by whichever way.
 *
 * @param found all episodes of the subject in the span, whole
 * @param span no episode, found or stored, crosses its edges, but what begins before `judgeableFrom`
 * @param judgeableFrom stored episodes that begin earlier stay as they are, and none that is found overlaps them
 */
export function reconcile(
  head: Head,
  found: readonly FoundEpisode[],
  span: Span,
  judgeableFrom = Number.NEGATIVE_INFINITY,
): Reconciled {
  const inSpan = head.episodes.filter(
    ({ state, start, end }) => state !== 'merged' && start <= span.to && end >= span.from && start >= judgeableFrom,
  );
  const taken = new Set<StoredEpisode>();
  const episodes = [...head.episodes];
  const written = [...found]
    .sort((a, b) => a.start - b.start)
    .map((episode) => {
      const own = inSpan.filter((stored) => !taken.has(stored) && isSame(stored, episode));
      const [oldest, ...absorbed] = own;
      for (const stored of own) taken.add(stored);
      const id = oldest?.id ?? newId(head, episodes, episode.start);
      const stored: StoredEpisode = {
        id,
        anchor: oldest?.anchor ?? episode.start,
        start: episode.start,
        end: episode.end,
        state: 'standing',
      };
      replace(episodes, oldest, stored);
      for (const other of absorbed) replace(episodes, other, { ...other, state: 'merged', mergedInto: id });
      return { stored, found: episode };
    });
  const withdrawn = inSpan
    .filter((stored) => !taken.has(stored) && stored.state !== 'withdrawn')
    .map((stored) => {
      const gone: StoredEpisode = { ...stored, state: 'withdrawn' };
      replace(episodes, stored, gone);
      return gone;
    });
  const first = Math.min(...episodes.map(({ start }) => start));
  const last = Math.max(...episodes.map(({ end }) => end));
  return { head: { ...head, first, last, episodes }, written, withdrawn };
}

/** Parts of a long episode touch at midnight without being one: only what shares time is the same. */
const isSame = (stored: StoredEpisode, found: FoundEpisode): boolean =>
  stored.start <= found.end && found.start <= stored.end;

function replace(episodes: StoredEpisode[], old: StoredEpisode | undefined, by: StoredEpisode): void {
  const at = old ? episodes.indexOf(old) : -1;
  if (at < 0) episodes.push(by);
  else episodes[at] = by;
}

/** An anchor whose id is taken by an episode elsewhere by now moves on: ids never repeat within a subject. */
function newId({ analytic, subject }: Head, episodes: readonly StoredEpisode[], start: number): string {
  for (let anchor = start; ; anchor++) {
    const id = alertId(analytic, subject, anchor);
    if (!episodes.some((episode) => episode.id === id)) return id;
  }
}

/** 128 bits of SHA-256 over analytic, subject and anchor. */
const alertId = (analytic: AnalyticId, subject: string, anchor: number): string =>
  createHash('sha256')
    .update(JSON.stringify([analytic, subject, anchor]))
    .digest('hex')
    .slice(0, 32);

/** The head's id: one of an analytic and subject. */
export const headId = (analytic: AnalyticId, subject: string): string =>
  createHash('sha256')
    .update(JSON.stringify([analytic, subject]))
    .digest('hex')
    .slice(0, 32);

/** Whether stored or found episodes reach over a span's edge, so that more must be read; where to. */
export function reachBeyond(
  span: Span,
  stored: readonly Pick<StoredEpisode, 'start' | 'end' | 'state'>[],
  found: readonly FoundEpisode[],
  longestMs: number,
): Span {
  let { from, to } = span;
  for (const { start, end, state } of stored) {
    if (state === 'merged' || start > span.to + EPISODE_GAP_MS || end < span.from - EPISODE_GAP_MS) continue;
    from = Math.min(from, start);
    to = Math.max(to, end);
  }
  for (const { start, end } of found) {
    from = Math.min(from, start - EPISODE_GAP_MS);
    to = Math.max(to, end + EPISODE_GAP_MS + longestMs);
  }
  return { from, to };
}
