import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedOnce } from '../../server/hunt/asked-once.js';
import type { Arrivals } from '../../server/model/ports.js';
import { wholly } from '../../server/model/spans.js';

test('the extent and the same arrivals are asked for once, others by themselves, and again after a failure', async () => {
  const asked: Arrivals[] = [];
  let isAway = true;
  const extent = { from: 1, to: 9 };
  let extents = 0;
  const once = askedOnce({
    extent: async () => {
      extents++;
      return extent;
    },
    touched: async (arrivals) => {
      asked.push(arrivals);
      if (isAway) throw new Error('away');
      return [wholly({ from: arrivals.after, to: arrivals.until })];
    },
  });
  await assert.rejects(once.touched({ after: 0, until: 5 }), /away/);
  isAway = false;
  for (let time = 0; time < 2; time++) {
    assert.deepEqual(await once.touched({ after: 0, until: 5 }), [wholly({ from: 0, to: 5 })]);
    assert.deepEqual(await once.touched({ after: 0, until: 6 }), [wholly({ from: 0, to: 6 })]);
  }
  assert.deepEqual(
    asked.map(({ until }) => until),
    [5, 5, 6],
  );
  assert.deepEqual([await once.extent(), await once.extent(), extents], [extent, extent, 1]);
});
