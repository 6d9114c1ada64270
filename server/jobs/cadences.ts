import type { AnalyticId } from '../../queries/analytic.js';
import { AppError } from '../model/app-error.js';
import { isCadence } from './schedule.js';
import { chooseAnalytics } from './settings.js';

/** When windows are hunted, as people set it. */
export interface CadenceSettings {
  /**
   * A cadence for each window that has none of its own; absent: all are looked at each minute, and longer windows are
   * hunted a quarter of their length apart.
   */
  every?: string | undefined;
  /** The last of two for the same window wins. */
  own?: readonly OwnCadence[] | undefined;
}

/** A cadence of one window, or of all of an analytic. */
export interface OwnCadence {
  analytic: string;
  /** Its length, as `60s`, `10m` or `1h`; absent: each. */
  window?: string;
  /** Cron in UTC, an interval (`2s`, `5m`, `1h`) or `off`. */
  when: string;
  /** Where it was set, for people. */
  place: string;
}

/** When windows of one length are hunted. */
export interface Cadence {
  /** What wakes them: cron in UTC or an interval; undefined: nothing does. */
  when: string | undefined;
  /** How long after they were last hunted, in ms, they are left alone. */
  apartMs: number;
}

/** Cost by event stays the same, whatever the length. */
const QUARTER_MS = 250;

/**
 * The cadence of each window of an analytic.
 * @param windows their lengths in seconds, from short to long
 * @throws AppError CONFIG_INVALID, ANALYTIC_UNKNOWN that name the place
 */
export function cadencesOf(
  analytic: AnalyticId,
  windows: readonly number[],
  { every, own = [] }: CadenceSettings,
): ReadonlyMap<number, Cadence> {
  const byWindow = new Map(windows.map((seconds, rank) => [seconds, usual(seconds, rank, every)]));
  for (const { analytic: id, window, when, place } of own) {
    const [chosen] = chooseAt(place, id);
    if (chosen?.id !== analytic) continue;
    for (const seconds of window === undefined ? windows : [lengthAt(place, window, windows)])
      byWindow.set(seconds, { when: wakingAt(place, when), apartMs: 0 });
  }
  return byWindow;
}

function usual(seconds: number, rank: number, every: string | undefined): Cadence {
  if (every !== undefined) return { when: wakingAt('SCANHOUND_SCHEDULE', every), apartMs: 0 };
  return { when: '* * * * *', apartMs: rank === 0 ? 0 : seconds * QUARTER_MS };
}

function chooseAt(place: string, id: string) {
  try {
    return chooseAnalytics([id]);
  } catch (error) {
    throw new AppError('CONFIG_INVALID', `${place}: ${(error as Error).message}`);
  }
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

function lengthAt(place: string, window: string, windows: readonly number[]): number {
  const [, number, unit = ''] = /^(\d{1,9})([smhd])$/.exec(window) ?? [];
  const seconds = Number(number) * SECONDS[unit]!;
  if (windows.includes(seconds)) return seconds;
  const known = windows.map((one) => `${one}s`).join(', ');
  throw new AppError('CONFIG_INVALID', `${place}: there is no window of ${window}, but of ${known}.`);
}

function wakingAt(place: string, when: string): string | undefined {
  if (when === 'off') return undefined;
  if (isCadence(when)) return when;
  throw new AppError('CONFIG_INVALID', `${place} must be a cron expression, an interval (2s, 5m, 1h), or off.`);
}
