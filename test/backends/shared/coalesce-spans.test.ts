import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coalesceSpans } from '../../../server/backends/shared/coalesce-spans.js';

const DAY = 86_400_000;
const days = (from: number, to = from) => ({ from: from * DAY, to: to * DAY });

test('spans up to two days apart are one', () => {
  assert.deepEqual(coalesceSpans([]), []);
  assert.deepEqual(coalesceSpans([days(0), days(2)]), [days(0, 2)]);
  assert.deepEqual(coalesceSpans([days(0), { from: 2 * DAY + 1, to: 3 * DAY }]), [
    days(0),
    { from: 2 * DAY + 1, to: 3 * DAY },
  ]);
  assert.deepEqual(coalesceSpans([days(0, 10), days(1, 2), days(11)]), [days(0, 11)]);
});

test('of many the widest gaps stay, and every span is held', () => {
  const spans = Array.from({ length: 100 }, (_, i) => days(i * i * 3));
  const few = coalesceSpans(spans);
  assert.ok(few.length > 1 && few.length <= 17, String(few.length));
  for (const { from, to } of spans) assert.ok(few.some((one) => one.from <= from && one.to >= to));
});

test('spans may be told apart nearer', () => {
  assert.deepEqual(coalesceSpans([days(0), days(1), days(3)], DAY), [days(0, 1), days(3)]);
});
