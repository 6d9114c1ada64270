import assert from 'node:assert/strict';
import { test } from 'node:test';
import { roundStarts, socketKey } from '../../server/hunt/polling.js';
import type { Contact } from '../../server/model/observation.js';

const contact = (time: number, fields: Partial<Contact> = {}): Contact => ({
  time,
  evidence: '',
  destination: '10.0.0.1',
  port: 443,
  transport: 'tcp',
  outcome: 'unknown',
  scope: 'own',
  context: null,
  ...fields,
});
const NONE = Number.NEGATIVE_INFINITY;

/** Since when each contact is polling. */
const starts = (times: readonly number[], rounds = 3, gapMs = 20): number[] => [
  ...roundStarts(
    times.map((time) => contact(time)),
    { rounds, gapMs, lookbackMs: 3_600 },
  ),
];

test('the third round is polling since the first', () => {
  assert.deepEqual(starts([0, 20, 40]), [NONE, NONE, 0]);
  assert.deepEqual(starts([0, 20, 39]), [NONE, NONE, NONE]);
  assert.deepEqual(starts([0, 19, 40]), [NONE, NONE, NONE]);
});

test('of many chains the latest counts', () => {
  assert.deepEqual(starts([0, 5, 25, 30, 50]), [NONE, NONE, NONE, NONE, 5]);
  assert.deepEqual(starts([0, 20, 40, 60, 80]), [NONE, NONE, 0, 20, 40]);
});

test('contacts of one instant are one round', () => {
  assert.deepEqual(starts([0, 0, 0, 20, 20, 40]), [NONE, NONE, NONE, NONE, NONE, 0]);
});

test('two rounds, and none', () => {
  assert.deepEqual(starts([0, 20], 2), [NONE, 0]);
  assert.deepEqual(starts([0, 20, 40], 0), [NONE, NONE, NONE]);
});

test('each socket by itself: another address, port or transport is another', () => {
  const others = [
    contact(0),
    contact(20, { port: 80 }),
    contact(20, { transport: 'udp' }),
    contact(20, { destination: '10.0.0.2' }),
    contact(20, { port: null }),
    contact(20, { outcome: 'refused', scope: 'foreign' }), // the same socket
    contact(40),
  ];
  const since = [...roundStarts(others, { rounds: 3, gapMs: 20, lookbackMs: 3_600 })];
  assert.deepEqual(since, [NONE, NONE, NONE, NONE, NONE, NONE, 0]);
  assert.equal(new Set(others.map(socketKey)).size, 5);
});
