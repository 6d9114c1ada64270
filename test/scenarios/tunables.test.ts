import assert from 'node:assert/strict';
import { test } from 'node:test';
import { an1059 } from '../../queries/analytics/an1059.js';
import { analytics } from '../../queries/analytics/index.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { findEpisodes } from '../../server/hunt/find-episodes.js';
import { at, repeat } from './times.js';
import { tunings } from './tunables.js';

/** No agent that is read so far masks the questions it logs: its scenario is judged by the window pass below. */
const WITHOUT_TELEMETRY = 'AN1059.ServiceHashThreshold';

test('every tunable of every analytic has a scenario in which changing it changes the outcome', () => {
  const proven = new Set(tunings.map(({ analytic, tunable }) => `${analytic}.${tunable}`));
  const all = analytics.flatMap(({ id, tunables }) => Object.keys(tunables).map((name) => `${id}.${name}`));
  assert.deepEqual(
    all.filter((name) => !proven.has(name)),
    [WITHOUT_TELEMETRY],
  );
});

test('a changed tunable is another value than its default, and what it changes is another outcome', () => {
  for (const { analytic, tunable, value, byDefault, changed } of tunings) {
    const { tunables } = analytics.find(({ id }) => id === analytic)!;
    assert.notDeepEqual(value, tunables[tunable]!.default, tunable);
    assert.notDeepEqual(byDefault, changed, `${analytic}.${tunable}`);
  }
});

test(`${WITHOUT_TELEMETRY}: 19 masked types stay quiet by default, and fire with 19`, () => {
  const queries = repeat(19, (i) => ({ time: at(i), evidence: String(i), name: '', hash: `hash${i}` }));
  const seen = { contacts: [], queries, arps: [], launches: [], isShared: false };
  const found = (settings: Record<string, number>) =>
    findEpisodes(toPlan(an1059, tunablesOf(an1059, settings)), 'address', seen).map(({ measures }) =>
      measures.map(({ name, distinct }) => `${name} ${distinct}`),
    );
  assert.deepEqual(found({}), []);
  assert.deepEqual(found({ ServiceHashThreshold: 19 }), [['service_hashes 19', 'service_hashes 19']]);
});
