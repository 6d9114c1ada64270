import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EngineName } from '../../scripts/engines/engine.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { openEngine } from '../backends/search/open-engine.js';
import { needsEngine } from '../engines.js';
import { final, hunted, NOW, spanOf } from '../hunt/site-hunts.js';
import { sites } from '../oracle/sites.js';

const SEED = Number(process.env.SCANHOUND_SEED ?? 20_261_124);
const SITES = 20;
const now = () => NOW;

/** Generated telemetry, arriving late and in pieces, gives the same final alerts on an engine as on the embedded store. */
export function sameAlertsOnEngine(name: EngineName): void {
  test(
    `${name}: generated sites give the alerts of the embedded store, piece by piece`,
    needsEngine(name),
    async () => {
      await fc.assert(
        fc.asyncProperty(sites, async (site) => {
          const pieces = site.pieces.map((places) => places.map((place) => site.records[place]!));
          const embedded = await hunted(site, [site.records], () => openInMemory(now));
          const engine = await hunted(site, pieces, () => openEngine(name, now), spanOf(site));
          assert.deepEqual(final(engine), final(embedded));
        }),
        { seed: SEED, numRuns: SITES, endOnFailure: true },
      );
    },
  );
}
