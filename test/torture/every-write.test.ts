import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../../scripts/bench/in-folder.js';
import { inParallel } from '../../scripts/evaluate/in-parallel.js';
import { assertWhole } from './ending.js';
import { killedBefore } from './kills.js';
import { writePieces } from './site.js';
import { work } from './work.js';

/** All others only read: between two of these calls the store stays as it is. */
const isWrite = (call: string | undefined): boolean => /^(events\.append|documents\.(create|update))/.test(call ?? '');

/** Numbers, from 1, of the calls before which the store is in a state of its own: the first, and each after a write. */
const tellingCalls = (calls: readonly string[]): number[] =>
  calls.flatMap((_, index) => (index === 0 || isWrite(calls[index - 1]) ? [index + 1] : []));

test('killed in any state that its writes leave, a service that is started again ends in the same alerts', () =>
  inFolder(async (folder) => {
    const site = join(folder, 'site');
    writePieces(site, 2);
    const calls: string[] = [];
    const expected = await work(site, { data: join(folder, 'undisturbed') }, (call) => calls.push(call));
    assertWhole(expected);
    assert.deepEqual(expected.states, ['active', 'joined', 'merged', 'withdrawn']);
    const places = tellingCalls(calls);
    assert.ok(places.length > 50, `${places.length} places`);
    await inParallel(places, async (place) => {
      const store = { data: join(folder, String(place)) };
      const fell = await killedBefore(place, site, store);
      assert.ok(fell, `nothing was killed at ${place}, ${calls[place - 1]}`);
      assert.deepEqual(await work(site, store), expected, `killed before call ${place}, ${fell}`);
    });
  }));
