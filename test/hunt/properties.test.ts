import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { an1059 } from '../../queries/analytics/an1059.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { findEpisodes } from '../../server/hunt/find-episodes.js';
import type { FoundEpisode } from '../../server/model/episode.js';
import { oracleEpisodes } from '../oracle/episodes.js';
import { cases } from '../oracle/subjects.js';
import { note, type Tally, whatMustShow } from '../oracle/tally.js';

const USUAL_SEED = 20_251_121;
const SEED = Number(process.env.SCANHOUND_SEED ?? USUAL_SEED);

/** Measures have no order of their own. */
const sorted = (episodes: FoundEpisode[]): FoundEpisode[] =>
  episodes.map((episode) => ({
    ...episode,
    measures: episode.measures.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
  }));

const order = ({ name, scope, outcome, windowSeconds }: FoundEpisode['measures'][number]): string =>
  [name, scope, outcome, String(windowSeconds).padStart(8, '0')].join(' ');

test('the window pass finds what brute force finds', () => {
  fc.assert(
    fc.property(cases, ({ plan, kind, seen }) => {
      assert.deepEqual(sorted(findEpisodes(plan, kind, seen)), sorted(oracleEpisodes(plan, kind, seen)));
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

test('the generated cases show every measure, window and edge', () => {
  const tally: Tally = new Map();
  for (const one of fc.sample(cases, { seed: USUAL_SEED, numRuns: 500 })) note(tally, one);
  const plan = toPlan(an1059, tunablesOf(an1059));
  assert.deepEqual(
    whatMustShow(plan).filter((what) => !tally.has(what)),
    [],
  );
});
