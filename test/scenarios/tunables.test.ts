import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import { tunings } from './tunables.js';

test('every tunable of every analytic has a scenario in which changing it changes the outcome', () => {
  const proven = new Set(tunings.map(({ analytic, tunable }) => `${analytic}.${tunable}`));
  const all = analytics.flatMap(({ id, tunables }) => Object.keys(tunables).map((name) => `${id}.${name}`));
  assert.deepEqual(
    all.filter((name) => !proven.has(name)),
    [],
  );
});

test('a changed tunable is another value than its default, and what it changes is another outcome', () => {
  for (const { analytic, tunable, value, byDefault, changed } of tunings) {
    const { tunables } = analytics.find(({ id }) => id === analytic)!;
    assert.notDeepEqual(value, tunables[tunable]!.default, tunable);
    assert.notDeepEqual(byDefault, changed, `${analytic}.${tunable}`);
  }
});
