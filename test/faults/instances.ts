import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder } from '../../scripts/bench/in-folder.js';
import type { EngineName } from '../../scripts/engines/engine.js';
import { needsEngine } from '../engines.js';
import { assertWhole } from '../torture/ending.js';
import { SETTLING_MS, tortureInstances } from '../torture/instances.js';
import { storesOn } from '../torture/stores.js';

const KILLS = 6;

/** Three services share an engine, die and come back: the alerts are those of one that was left alone. */
export function instancesAgree(name: EngineName): void {
  test(
    `${name}: three services, one by a wrong clock, killed ${KILLS} times, end in the alerts of one`,
    needsEngine(name),
    () =>
      inFolder(async (folder) => {
        const { expected, ending, fell } = await tortureInstances(1, KILLS, folder, storesOn(name, SETTLING_MS));
        assertWhole(ending);
        assert.deepEqual(ending.alerts, expected.alerts, `killed after ${fell.join(', ')}`);
        assert.deepEqual(ending.records, expected.records);
      }),
  );
}
