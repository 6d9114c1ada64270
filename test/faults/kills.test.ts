import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder } from '../../scripts/bench/in-folder.js';
import { torture } from '../torture/torture.js';
import { assertWhole } from '../torture/work.js';

const KILLS = 20;

test(`killed ${KILLS} times at random, and started again, a service ends in the alerts of one that was not`, () =>
  inFolder(async (folder) => {
    const { expected, stores } = await torture(1, KILLS, folder);
    assertWhole(expected);
    assert.equal(expected.alerts.length, 2);
    for (const { ending, fell } of stores) assert.deepEqual(ending, expected, `killed after ${fell.join(', ')}`);
    assert.equal(stores.flatMap(({ fell }) => fell).length, KILLS);
  }));
