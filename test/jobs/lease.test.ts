import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Lease, leaseMoves, type WatchedLease, watchLease } from '../../server/jobs/lease.js';

const PATIENCE_MS = 20;

/** Leases by their holders, all of whom gave a sign of life at 0. */
const heldBy = (...holders: (string | null)[]): WatchedLease[] =>
  holders.map((holder, i) => ({ id: `l${i}`, since: 0, stored: stored({ holder, fence: 3, beats: 7 }) }));

const stored = (body: Lease) => ({ id: 'l', version: 1, body });

const wanted = (lease: WatchedLease, wantedBy: string): WatchedLease => ({
  ...lease,
  stored: stored({ ...lease.stored!.body, wantedBy }),
});

const told = (leases: readonly WatchedLease[], { now = 0, self = 'me', atWork = [] as string[] } = {}) =>
  Object.fromEntries(
    leaseMoves(leases, { self, now, patienceMs: PATIENCE_MS, atWork: new Set(atWork) }).map(({ id, lease }) => [
      id,
      lease,
    ]),
  );

const taken = { holder: 'me', fence: 4, beats: 0 };
const renewed = { holder: 'me', fence: 3, beats: 8 };

test('what nobody holds is taken, with a higher fence; what one holds is renewed, with the same', () => {
  assert.deepEqual(told(heldBy(null, 'me')), { l0: taken, l1: renewed });
  assert.deepEqual(told([{ id: 'l0', stored: undefined, since: 0 }]), { l0: { ...taken, fence: 1 } });
});

test('what another holds is taken once no sign of life was seen for so long, and not before', () => {
  assert.deepEqual(told(heldBy('other'), { now: PATIENCE_MS - 1 }), {});
  assert.deepEqual(told(heldBy('other'), { now: PATIENCE_MS }), { l0: taken });
});

test('a renewal and a new holder are signs of life, a wish is none', () => {
  const [before] = heldBy('other');
  const after = (change: Partial<Lease>) =>
    watchLease(before, 'l0', stored({ ...before!.stored!.body, ...change }), 9).since;
  assert.equal(after({}), 0);
  assert.equal(after({ wantedBy: 'me' }), 0);
  assert.equal(after({ beats: 8 }), 9);
  assert.equal(after({ fence: 4 }), 9);
  assert.equal(after({ holder: null }), 9);
  assert.equal(watchLease(undefined, 'l0', before!.stored, 9).since, 9, 'what is seen for the first time may be alive');
});

test('who holds at least two fewer asks for one lease, once', () => {
  const wish = { holder: 'other', fence: 3, beats: 7, wantedBy: 'me' };
  const leases = heldBy('other', 'other', 'third', 'third');
  assert.deepEqual(told(leases), { l0: wish });
  assert.deepEqual(told(leases.with(0, wanted(leases[0]!, 'me'))), {});
  assert.deepEqual(told(leases.with(0, wanted(leases[0]!, 'fourth'))), { l1: wish });
  assert.deepEqual(told(heldBy('other', 'third')), {}, 'one fewer is fair');
  assert.deepEqual(told(heldBy('other', 'other', null)), { l2: taken }, 'what is free is taken instead');
});

test('who holds two more hands over what is asked for, unless its hunt is at work', () => {
  const [first, ...others] = heldBy('me', 'me', 'other');
  const asked = [wanted(first!, 'third'), ...others];
  const passed = { holder: 'third', fence: 4, beats: 0 };
  assert.deepEqual(told(asked), { l0: passed, l1: renewed });
  assert.deepEqual(told(asked, { atWork: ['l0'] }), { l0: { ...renewed, wantedBy: 'third' }, l1: renewed });
  assert.deepEqual(told(asked, { atWork: ['l1'] }), { l0: passed, l1: renewed });
});

test('a wish that is fulfilled otherwise, or would only turn things round, is dropped', () => {
  const [first, second] = heldBy('me', 'other');
  assert.deepEqual(told([wanted(first!, 'third'), second!]), { l0: renewed });
  const two = heldBy('me', 'me').map((lease) => wanted(lease, 'third'));
  assert.deepEqual(told(two), { l0: { holder: 'third', fence: 4, beats: 0 }, l1: renewed }, 'one of two is enough');
});
