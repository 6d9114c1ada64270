import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { analytics } from '../queries/analytics/index.js';
import { toAskersSql, toSuspectsSql } from '../queries/compile/duckdb.js';
import { toPlan } from '../queries/plan.js';
import { tunablesOf } from '../queries/tunable-values.js';
import { isMain } from './is-main.js';

/** The repository's folder of compiled queries, from dist/scripts. */
export const compiledFolder = fileURLToPath(new URL('../../queries/compiled/', import.meta.url));

/** Every analytic's queries at its defaults, by file: generated, committed, compared by a test. */
export function compiledQueries(): Map<string, string> {
  const files = new Map<string, string>();
  for (const analytic of analytics) {
    const plan = toPlan(analytic, tunablesOf(analytic));
    files.set(`duckdb/${analytic.id}.suspects.sql`, `${toSuspectsSql(plan, 'all')}\n`);
    const askers = toAskersSql(plan, 'all');
    if (askers !== undefined) files.set(`duckdb/${analytic.id}.askers.sql`, `${askers}\n`);
  }
  return files;
}

if (isMain(import.meta.url))
  for (const [name, text] of compiledQueries()) {
    const file = path.join(compiledFolder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
