import { type EngineName, engineOf, urlOf } from '../scripts/engines/engine.js';
import { useEngine } from '../scripts/engines/for-tests.js';
import { whatIsMissing } from '../scripts/engines/java.js';

const isRequired = (process.env.SCANHOUND_REQUIRE ?? '').split(/[\s,]+/).includes('engines');
const started = new Map<EngineName, Promise<void>>();

/** An engine that somebody else runs, e.g. SCANHOUND_TEST_OPENSEARCH_3_URL. */
const givenUrl = (name: EngineName): string | undefined =>
  process.env[`SCANHOUND_TEST_${name.toUpperCase().replaceAll('-', '_')}_URL`];

/**
 * Options of a test that needs this engine: skipped where it can't be had, unless SCANHOUND_REQUIRE names `engines`.
 */
export function needsEngine(name: EngineName): { skip?: string } {
  const missing = givenUrl(name) === undefined && !isRequired ? whatIsMissing() : undefined;
  return missing === undefined ? {} : { skip: `${name} was not asked, there is ${missing}` };
}

/** The URL of a real engine, up as long as this process lives. The first call may wait for it to start. */
export async function engineFor(name: EngineName): Promise<string> {
  const given = givenUrl(name);
  if (given !== undefined) return given;
  const engine = engineOf(name);
  if (!started.has(name)) started.set(name, useEngine(engine));
  await started.get(name);
  return urlOf(engine);
}
