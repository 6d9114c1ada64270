import assert from 'node:assert/strict';
import { test } from 'node:test';
import { an1058 } from '../../queries/analytics/an1058.js';
import { an1059 } from '../../queries/analytics/an1059.js';
import { blindSpots } from '../../server/hunt/blind-spots.js';
import { type VolumeKind, type Volumes, volumeKinds } from '../../server/model/volume.js';

/** So many records of each kind, but for these. */
const volumes = (records: number, others: Partial<Record<VolumeKind, number>> = {}): Volumes =>
  Object.fromEntries(volumeKinds.map((kind) => [kind, { records: others[kind] ?? records }])) as Record<
    VolumeKind,
    { records: number }
  >;

const whole = volumes(5, { maskedQueries: 0 });

test('where every kind is told nothing is unseen', () => {
  assert.deepEqual(blindSpots(an1059.telemetry, whole), []);
});

const spots: [others: Partial<Record<VolumeKind, number>>, says: RegExp][] = [
  [{ programContacts: 0, failedProgramContacts: 0 }, /names a program/],
  [{ failedProgramContacts: 0 }, /of a program tells that it failed/],
  [{ launches: 0 }, /No launches/],
  [{ addressContacts: 0, failedAddressContacts: 0 }, /No contacts of addresses/],
  [{ failedAddressContacts: 0 }, /of an address tells that it failed/],
  [{ serviceQueries: 0, maskedQueries: 0 }, /No mDNS questions/],
  [{ maskedQueries: 5 }, /names are masked/],
  [{ arps: 0 }, /No ARP/],
];

for (const [others, says] of spots)
  test(`one thing is missing, and one said: ${Object.keys(others)[0]}`, () => {
    const said = blindSpots(an1059.telemetry, volumes(5, { maskedQueries: 0, ...others }));
    assert.equal(said.length, 1);
    assert.match(said[0]!, says);
  });

test('of questions only the analytic that hunts them tells', () => {
  assert.deepEqual(blindSpots(an1058.telemetry, volumes(5, { serviceQueries: 0, maskedQueries: 0 })), []);
});
