import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve('../shared/data');

/** The folder of real telemetry that is no part of the repository; undefined where it is absent. */
export const sharedData: string | undefined = existsSync(folder) ? folder : undefined;

const isRequired = (process.env.SCANHOUND_REQUIRE ?? '').split(/[\s,]+/).includes('data');

/** Options of a test that needs it: skipped where it is absent, unless SCANHOUND_REQUIRE names `data`. */
export const needsData: { skip?: string } =
  sharedData === undefined && !isRequired ? { skip: 'no ../shared/data here' } : {};
