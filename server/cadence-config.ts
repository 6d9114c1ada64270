import type { CadenceSettings, OwnCadence } from './jobs/cadences.js';
import { AppError } from './model/app-error.js';

const VARIABLE = 'SCANHOUND_CADENCES';

/**
 * Cadences in force: SCANHOUND_CADENCES comes before the file's, and SCANHOUND_SCHEDULE before both for what the variables
 * leave open. Whether there are such windows is judged later, as tunables set their lengths.
 * @param set the environment
 * @param every of windows that have none of their own; undefined: the defaults
 * @param file those of the configuration file
 */
export function readCadences(
  set: Readonly<Record<string, string>>,
  every: string | undefined,
  file: readonly OwnCadence[],
): CadenceSettings {
  const own = set[VARIABLE] === undefined ? [] : parse(set[VARIABLE]);
  const isOverridden = set[VARIABLE] !== undefined || set.SCANHOUND_SCHEDULE !== undefined;
  return { every, own: isOverridden ? own : file };
}

/** `AN1057.60s=1m; AN1058=0 * * * *`: semicolons part them, as cron has commas. */
function parse(text: string): OwnCadence[] {
  return text.split(';').flatMap((part) => {
    if (part.trim() === '') return [];
    const [, analytic, window, when] = /^\s*(\w+)(?:\.(\w+))?\s*=\s*(.*?)\s*$/.exec(part) ?? [];
    if (analytic === undefined || when === undefined)
      throw new AppError(
        'CONFIG_INVALID',
        `${VARIABLE} must be ANALYTIC.WINDOW=CADENCE; …, as AN1057.60s=1m; AN1058=5m.`,
      );
    const name = window === undefined ? analytic : `${analytic}.${window}`;
    return [{ analytic, ...(window !== undefined && { window }), when, place: `${VARIABLE}, ${name}` }];
  });
}
