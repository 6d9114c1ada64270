import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_SUBJECTS, touchedSpans } from '../../../server/backends/shared/touched-spans.js';
import { address } from '../../contract/on-telemetry.js';

const EXTENT = { from: 0, to: 1_000 };
const held = (ip: string, from: number, to: number) => ({ address: ip, from, to });

test('events touch all contacts of their times', () => {
  assert.deepEqual(touchedSpans([{ from: 10, to: 20 }], [], EXTENT), [
    { from: 10, to: 20, parts: [{ from: 10, to: 20 }] },
  ]);
  assert.deepEqual(touchedSpans([], [], EXTENT), []);
});

test('a newly held address touches its own flows, as far as there is telemetry', () => {
  assert.deepEqual(touchedSpans([{ from: 900, to: 950 }], [held('10.0.0.1', -500, 2_000)], EXTENT), [
    {
      ...EXTENT,
      parts: [
        { from: 900, to: 950 },
        { ...EXTENT, subjects: [address('10.0.0.1')] },
      ],
    },
  ]);
});

test('what events touch anyway is not sought twice', () => {
  assert.deepEqual(touchedSpans([EXTENT], [held('10.0.0.1', 100, 200)], EXTENT), [{ ...EXTENT, parts: [EXTENT] }]);
});

test('addresses too many to be named touch the flows of all', () => {
  const many = Array.from({ length: MOST_SUBJECTS + 1 }, (_, i) => held(`10.0.${i >> 8}.${i & 255}`, 0, 1_000));
  assert.deepEqual(touchedSpans([{ from: 900, to: 950 }], many, EXTENT), [{ ...EXTENT, parts: [EXTENT] }]);
});
