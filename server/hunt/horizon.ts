import { longestWindowMs, type Plan } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS, type FoundEpisode } from '../model/episode.js';
import type { Documents } from '../model/ports.js';
import { overlaps } from '../model/spans.js';
import type { StoredEpisode } from './reconcile.js';

/** From when on telemetry is kept, epoch ms: what is older may be gone, in part or as a whole. */
interface Horizon {
  time: number;
}

const ID = 'horizon';

/** Undefined where nothing was ever removed. */
export const horizonOf = async (documents: Documents): Promise<number | undefined> =>
  (await documents.get<Horizon>('mark', ID))?.body.time;

/** Moves it on, never back, before anything is removed; gives where it stands. */
export async function moveHorizon(documents: Documents, time: number): Promise<number> {
  const stored = await documents.get<Horizon>('mark', ID);
  if (!stored) await documents.create<Horizon>('mark', ID, { time });
  else if (stored.body.time < time) await documents.update<Horizon>('mark', ID, { time }, stored.version);
  return (await horizonOf(documents))!;
}

/**
 * How long after the horizon an episode must begin to be told as if nothing had been removed: its windows, and those it
 * may be merged with; the rounds of polling before each contact; the whole day before, at whose end it may be cut; and
 * the day before that, in which launches and holders of addresses are looked for.
 */
export function judgeableAfterMs(plan: Plan): number {
  const window = longestWindowMs(plan);
  return window + Math.max(window, plan.polling.lookbackMs) + EPISODE_GAP_MS + 2 * DAY_MS;
}

/**
 * What may be written of a subject: episodes that begin at `from` or later. Older stored ones stay as they are, and what
 * is found where they lie is theirs.
 */
export function judgeable(
  stored: readonly StoredEpisode[],
  found: readonly FoundEpisode[],
  from: number,
): { stored: StoredEpisode[]; found: FoundEpisode[] } {
  const old = stored.filter(({ state, start }) => state !== 'merged' && start < from);
  const isOthers = (one: FoundEpisode) =>
    old.some(({ start, end }) => overlaps({ from: start, to: end }, { from: one.start, to: one.end }));
  return {
    stored: stored.filter(({ start }) => start >= from),
    found: found.filter((one) => one.start >= from && !isOthers(one)),
  };
}
