import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFolder } from '../../scripts/bench/in-folder.js';
import { assertWhole } from '../torture/ending.js';
import type { UseStore } from '../torture/stores.js';
import { torture } from '../torture/torture.js';

const KILLS = 20;

/** A service that is killed at random moments, and started again, ends in the alerts of one that was not. */
export function killsChangeNothing(
  backend: string,
  options: { skip?: string },
  storesFor: (folder: string) => UseStore,
): void {
  test(`${backend}: killed ${KILLS} times at random, a service ends in the alerts of one that was not`, options, () =>
    inFolder(async (folder) => {
      const { expected, stores } = await torture(1, { kills: KILLS, each: 0 }, folder, storesFor(folder));
      assertWhole(expected);
      assert.equal(expected.alerts.length, 2);
      for (const { ending, fell } of stores) assert.deepEqual(ending, expected, `killed after ${fell.join(', ')}`);
      assert.equal(stores.flatMap(({ fell }) => fell).length, KILLS);
    }),
  );
}
