import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { sites } from '../oracle/sites.js';
import { final, hunted, NOW } from './site-hunts.js';

const SEED = Number(process.env.SCANHOUND_SEED ?? 20_261_124);
const SITES = 5;
const MOST_RUNS = 8;
const open = () => openInMemory(() => NOW);
/** What arrived is sorted anew again and again meanwhile. */
const openArranged = () => openInMemory(() => NOW, 50);

/** The places of a site's records in any order of arrival, and where a run hunts what arrived so far; twice the same: nothing new. */
const arrivals = sites.chain((site) => {
  const { length } = site.records;
  const places = site.records.map((_, place) => place);
  return fc.record({
    site: fc.constant(site),
    order: fc.shuffledSubarray(places, { minLength: length, maxLength: length }),
    cuts: fc.array(fc.nat({ max: length }), { maxLength: MOST_RUNS - 1 }),
  });
});

test('telemetry that arrives in any order, hunted in any runs, ends in the final alerts of one run', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async ({ site, order, cuts }) => {
      const arrived = order.map((place) => site.records[place]!);
      const ends = [...cuts.sort((one, other) => one - other), arrived.length];
      const runs = ends.map((end, i) => arrived.slice(ends[i - 1] ?? 0, end));
      assert.deepEqual(final(await hunted(site, runs, openArranged)), final(await hunted(site, [site.records], open)));
    }),
    { seed: SEED, numRuns: SITES, endOnFailure: true },
  );
});
