import { AppError } from '../../model/app-error.js';
import { examineClock } from './doctor-clock.js';
import { examineFields } from './doctor-fields.js';
import { examineIndices } from './doctor-indices.js';
import { examinePrivileges } from './doctor-privileges.js';
import { examineVersion } from './doctor-version.js';
import type { Examined } from './examined.js';
import { type Finding, ok, problem } from './finding.js';
import { indexSteps, templateSteps } from './setup.js';

type Check = (examined: Examined) => Promise<Finding[]>;

/** In the order of what stands on what. */
const checks: readonly Check[] = [
  examineVersion,
  examineClock,
  examinePrivileges,
  examineIndices,
  examineFields,
  examineSetup,
];

/**
 * Looks at everything that a hunt needs of an engine, one check after another, and changes nothing. What the engine
 * refuses is a problem and the next check goes on; an engine that can't be reached, or lets nobody in, ends it.
 */
export async function* examine(examined: Examined): AsyncIterable<Finding> {
  for (const check of checks)
    try {
      yield* await check(examined);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      yield problem(error.message, error.hint);
      if (error.code !== 'ENGINE_REFUSED' || check === examineVersion) return;
    }
}

async function examineSetup({ connection, own }: Examined): Promise<Finding[]> {
  const steps = [...(await templateSteps(connection, own)), ...(await indexSteps(connection, own))];
  if (steps.length === 0) return [ok("Scanhound's own templates, indices and aliases are there")];
  const [first] = steps;
  const more = steps.length > 1 ? ` and ${steps.length - 1} more` : '';
  return [problem(`what Scanhound keeps its state in is missing: ${first!.what}${more}`, 'run scanhound setup')];
}
