import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { oracleAlerts } from '../oracle/alerts.js';
import { SITE_HAPPENINGS, tell } from '../oracle/site-tally.js';
import { huntsBy, type Site, sites, smallSites } from '../oracle/sites.js';
import { expected, final, hunted, NOW, spanOf, told } from './site-hunts.js';

/** Its ten sites show all that `SITE_HAPPENINGS` names. */
const USUAL_SEED = 20_251_124;
const SEED = Number(process.env.SCANHOUND_SEED ?? USUAL_SEED);
/** Of nine crews at most, five or so, each with a story of its own. */
const SITES = 10;
/** Of three at most. With those above and those of `differential`, more than a hundred are hunted. */
const SMALL_SITES = 47;
const open = () => openInMemory(() => NOW);

test('full runs give the alerts that brute force gives, at once and piece by piece', async () => {
  await fc.assert(
    fc.asyncProperty(sites, async (site) => {
      const want = byBruteForce(site);
      const once = await hunted(site, [site.records], open);
      assert.deepEqual(told(once), want, 'one run over everything');
      const pieces = site.pieces.map((places) => places.map((place) => site.records[place]!));
      const inTurn = await hunted(site, pieces, open, spanOf(site));
      assert.deepEqual(told(inTurn), want, 'piece by piece');
      assert.deepEqual(final(inTurn), final(once), 'final alerts of both');
    }),
    { seed: SEED, numRuns: SITES },
  );
});

test('many small sites, each hunted at once, give the alerts that brute force gives', () =>
  fc.assert(
    fc.asyncProperty(smallSites, async (site) => {
      assert.deepEqual(told(await hunted(site, [site.records], open)), byBruteForce(site));
    }),
    { seed: SEED, numRuns: SMALL_SITES, endOnFailure: true },
  ));

test('the generated sites show every analytic, and everything that late records do', () => {
  const told = fc.sample(sites, { seed: USUAL_SEED, numRuns: SITES }).map(tell);
  assert.deepEqual(
    SITE_HAPPENINGS.filter(([, holds]) => !told.some(holds)).map(([name]) => name),
    [],
  );
});

function byBruteForce({ records, settings }: Site): unknown[] {
  const plans = huntsBy(settings).map(({ plan }) => plan);
  return expected(oracleAlerts(records, plans, settings.SharedAddresses));
}
