import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Polling } from '../../../queries/plan.js';
import { countedIn, countedStretches, looksAt } from '../../../server/backends/search/polled-stretches.js';

const polling: Polling = { rounds: 3, gapMs: 60_000, lookbackMs: 3_000_000 };
const MINUTE_MS = 60_000;

/** As the definition of polling says it, with every choice of earlier contacts tried. */
function isPolling(times: readonly number[], place: number, { rounds, gapMs, lookbackMs }: Polling, windowMs: number) {
  const time = times[place]!;
  const reaches = (later: number, left: number): boolean => {
    if (left === 0) return later >= time - Math.max(lookbackMs, windowMs);
    return times.some((earlier) => later - earlier >= gapMs && reaches(earlier, left - 1));
  };
  return reaches(time, rounds - 1);
}

const stretchesOf = (times: readonly number[], stretchMs: number): number[] => [
  ...new Set(times.map((time) => Math.floor(time / stretchMs))),
];

test('what counts lies in a stretch that counts, whatever the rounds, gaps and windows', () => {
  const plans = fc.record({
    rounds: fc.integer({ min: 2, max: 4 }),
    gapMs: fc.integer({ min: 0, max: 90_000 }),
    lookbackMs: fc.integer({ min: 0, max: 1_200_000 }),
  });
  const contacts = fc.array(fc.integer({ min: 0, max: 2_400_000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(plans, contacts, fc.constantFrom(60_000, 600_000), (plan, unordered, windowMs) => {
      const times = unordered.toSorted((one, other) => one - other);
      for (const { stretchMs } of looksAt(plan, windowMs)) {
        const stretches = stretchesOf(times, stretchMs);
        const counted = new Set(countedStretches({ stretches, sure: stretches }, plan, windowMs, stretchMs));
        times.forEach((time, place) => {
          if (!isPolling(times, place, plan, windowMs)) assert.ok(counted.has(Math.floor(time / stretchMs)));
        });
      }
    }),
    { numRuns: 1_000 },
  );
});

test('who polls each minute counts in the first rounds only, whichever way one looks', () => {
  const times = Array.from({ length: 60 }, (_, round) => round * 65_000);
  for (const { stretchMs } of looksAt(polling, MINUTE_MS)) {
    const stretches = stretchesOf(times, stretchMs);
    const counted = countedStretches({ stretches, sure: stretches }, polling, MINUTE_MS, stretchMs);
    assert.ok(counted.length <= 4, `${counted.length} stretches of ${stretchMs} ms`);
  }
});

test('records that are not sure count, and show no polling', () => {
  const stretches = [0, 2, 4, 6];
  assert.deepEqual(countedStretches({ stretches, sure: [] }, polling, MINUTE_MS, MINUTE_MS), stretches);
  assert.deepEqual(countedStretches({ stretches, sure: [0, 2] }, polling, MINUTE_MS, MINUTE_MS), [0, 2]);
});

test('sockets are counted in the windows that hold them', () => {
  const [look] = looksAt(polling, MINUTE_MS);
  const once = (stretch: number) => ({ stretches: [stretch], sure: [stretch] });
  const counted = countedIn([once(5), once(6)], polling, MINUTE_MS, { ...look!, stretchMs: MINUTE_MS });
  assert.deepEqual([4, 5, 6, 7, 8].map(counted), [0, 1, 2, 1, 0]);
});
