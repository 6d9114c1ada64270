import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Config, type Overrides, readConfig, type SettingInForce, settingsInForce } from './config.js';
import { AppError } from './model/app-error.js';

/** The configuration as one reading found it. */
export interface ConfigReading {
  config: Config;
  inForce: readonly SettingInForce[];
}

/** Throws CONFIG_INVALID. */
export const readAll = (overrides: Overrides): ConfigReading => ({
  config: readConfig(overrides),
  inForce: settingsInForce(overrides),
});

/**
 * The same, where the file has this hash before and after: one that is being written is not judged by its half.
 * Throws CONFIG_INVALID.
 */
export function readWhole(overrides: Overrides, file: string, sha256: string | null): ConfigReading {
  const reading = readAll(overrides);
  if (hashOf(file) === sha256) return reading;
  throw new AppError('CONFIG_INVALID', `${file} was written while it was read. Send SIGHUP again.`);
}

/** SHA-256 of a file in hexadecimal digits; null where it can't be read. */
export function hashOf(file: string): string | null {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return null;
  }
}

/** Keys, tunables aside, whose settings differ. */
export function changedKeys(before: ConfigReading, after: ConfigReading): string[] {
  const settings = ({ inForce }: ConfigReading) => new Map(inForce.map(({ key, setting }) => [key, setting]));
  const [old, now] = [settings(before), settings(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return cadencesIn(before) === cadencesIn(after) ? keys : [...keys, 'cadences'];
}

/** Where they stand in the file is no difference. */
const cadencesIn = ({ config: { cadences } }: ConfigReading): string =>
  JSON.stringify(cadences.own?.map(({ analytic, window, when }) => [analytic, window, when]));
