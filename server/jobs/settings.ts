import type { Analytic, AnalyticId, TunableValue } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import { parseTunable, TunableError, tunablesOf } from '../../queries/tunable-values.js';
import { AppError } from '../model/app-error.js';

/**
 * Tunables as users set them, in order: `AN1057.TimeWindow`, or `TimeWindow` for every analytic that has it. A text is
 * read as on the command line (`10m`, `22,23`), everything else stands as it is. The last of two wins.
 */
export type Settings = readonly (readonly [name: string, value: unknown])[];

/** All tunables of each analytic, the settings in place. Throws TUNABLE_INVALID. */
export function applySettings(settings: Settings): ReadonlyMap<AnalyticId, Record<string, TunableValue>> {
  try {
    const set = new Map(analytics.map(({ id }) => [id, {} as Record<string, unknown>]));
    for (const [name, value] of settings) {
      for (const { analytic, tunable } of named(name)) {
        const own = analytic.tunables[tunable]!;
        set.get(analytic.id)![tunable] =
          typeof value === 'string' ? parseTunable(`${analytic.id}.${tunable}`, own, value) : value;
      }
    }
    return new Map(analytics.map((analytic) => [analytic.id, tunablesOf(analytic, set.get(analytic.id))]));
  } catch (error) {
    throw error instanceof TunableError ? new AppError('TUNABLE_INVALID', error.message) : error;
  }
}

function named(name: string): { analytic: Analytic; tunable: string }[] {
  const dot = name.indexOf('.');
  const tunable = name.slice(dot + 1);
  const among = dot < 0 ? analytics : chooseAnalytics([name.slice(0, dot)]);
  const found = among.filter(({ tunables }) => Object.hasOwn(tunables, tunable));
  if (found.length > 0) return found.map((analytic) => ({ analytic, tunable }));
  throw new TunableError(
    dot < 0 ? `No analytic has a tunable ${tunable}.` : `${among[0]!.id} has no tunable ${tunable}.`,
  );
}

/** The analytics of these ids, in any case; all where none is named. Throws ANALYTIC_UNKNOWN. */
export function chooseAnalytics(ids: readonly string[] = []): readonly Analytic[] {
  if (ids.length === 0) return analytics;
  const wanted = new Set(ids.map((id) => id.toUpperCase()));
  for (const { id } of analytics) wanted.delete(id);
  if (wanted.size > 0) {
    const known = analytics.map(({ id }) => id).join(', ');
    throw new AppError('ANALYTIC_UNKNOWN', `No analytic ${[...wanted].join(', ')}. There are: ${known}.`);
  }
  return analytics.filter(({ id }) => ids.some((one) => one.toUpperCase() === id));
}
