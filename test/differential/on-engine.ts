import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type EngineName, engineNames } from '../../scripts/engines/engine.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Alert } from '../../server/model/alert.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { indexAsAgentsDo } from '../backends/search/agents-indices.js';
import { openDocuments } from '../backends/search/open-documents.js';
import { openEngine } from '../backends/search/open-engine.js';
import { needsEngine } from '../engines.js';
import { final, hunted, NOW, requestsOf, spanOf } from '../hunt/site-hunts.js';
import { toDocument } from '../oracle/records.js';
import { type Site, sites, smallSites } from '../oracle/sites.js';
import { withoutPlaces } from '../scenarios/final.js';
import { alertsIn } from '../scenarios/play.js';

const SEED = Number(process.env.SCANHOUND_SEED ?? 20_261_124);
/** All arrives at once: what crews do to each other by arriving late shows on whole sites, which arrive in pieces. */
const SITES = 10;
/** Hunted after each piece. */
const SITES_IN_PIECES = 1;
const now = () => NOW;

/**
 * Each version of an engine gets sites of its own: 22 are hunted on Elasticsearch and 22 on OpenSearch, and all of them,
 * with more by `properties-runs`, on the embedded store.
 */
const seedOf = (name: EngineName): number => SEED + 100 * engineNames.indexOf(name);

const embedded = (site: Site) => hunted(site, [site.records], () => openInMemory(now));

/** Generated telemetry, many indices and arrivals, gives the same final alerts on an engine as on the embedded store. */
export function sameAlertsOnEngine(name: EngineName): void {
  test(
    `${name}: generated sites over indices of two mappings give the alerts of the embedded store`,
    needsEngine(name),
    () =>
      fc.assert(
        fc.asyncProperty(smallSites, async (site) => {
          assert.deepEqual(withoutPlaces(final(await indexed(name, site))), withoutPlaces(final(await embedded(site))));
        }),
        { seed: seedOf(name), numRuns: SITES, endOnFailure: true },
      ),
  );

  test(`${name}: generated sites, piece by piece, give the alerts of the embedded store`, needsEngine(name), () =>
    fc.assert(
      fc.asyncProperty(sites, async (site) => {
        const pieces = site.pieces.map((places) => places.map((place) => site.records[place]!));
        const found = await hunted(site, pieces, () => openEngine(name, now), spanOf(site));
        assert.deepEqual(final(found), final(await embedded(site)));
      }),
      { seed: seedOf(name) + 1, numRuns: SITES_IN_PIECES, endOnFailure: true },
    ),
  );
}

async function indexed(name: EngineName, site: Site): Promise<Alert[]> {
  const { documents, connection, close } = await openDocuments(name);
  const telemetry = site.records.map(toDocument);
  const { pattern, remove } = await indexAsAgentsDo(connection, telemetry, (_, place) => `part-${place % 3}`);
  try {
    const ports = { telemetry: new SearchTelemetry(connection, pattern, { now, settlingMs: 0 }), documents, now };
    await huntAll(requestsOf(site.settings), ports);
    return await alertsIn(documents);
  } finally {
    await remove();
    await close();
  }
}
