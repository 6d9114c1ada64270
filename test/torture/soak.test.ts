import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder } from '../../scripts/bench/in-folder.js';
import { judge, type SoakPlan, soak } from './soak.js';

test('two minutes of telemetry without a pause: memory stays, marks keep up, each scan is one alert', () =>
  inFolder(async (folder) => {
    const plan: SoakPlan = { seconds: 120, rate: 1_000, seed: 1, everySeconds: 5 };
    const soaked = await soak(plan, folder);
    assert.ok(soaked.planted > 5 && soaked.samples.length > 20);
    const { told, faults } = judge(soaked, plan);
    assert.deepEqual(faults, [], told.join('\n'));
  }));
