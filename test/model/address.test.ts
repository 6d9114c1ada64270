import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AddressSet,
  addressNumber,
  addressOrder,
  isGroupAddress,
  isLoopback,
  isPrivate,
  isSameSubnet,
  normalizeAddress,
} from '../../server/model/address.js';

test('one form for each address', () => {
  const forms: [text: string, expected: string][] = [
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:0A00:0001', '10.0.0.1'],
    ['2001:0DB8:0000::0001', '2001:db8::1'],
    ['2001:db8:0:1:0:0:0:1', '2001:db8:0:1::1'],
    ['fe80::1%en0', 'fe80::1'],
    ['::', '::'],
  ];
  for (const [text, expected] of forms) assert.equal(normalizeAddress(text), expected, text);
});

test('what only looks like an address', () => {
  for (const text of [
    ...['', '%', '%eth0', 'localhost', '10.0.0', '10.0.0.1.2', '10.0.0.256', '10.0.0.1 ', '010.0.0.1', '0x0a.0.0.1'],
    ...['167772161', '10.0.0.1:22', '[::1]', '1::2::3', '::g', ':', '10.0.0.0/8', `${'0'.repeat(100)}::1`],
    ...[`10.0.0.${'0'.repeat(100_000)}1`],
  ])
    assert.equal(normalizeAddress(text), undefined, text.slice(0, 40));
});

test('the order of addresses is that of their numbers', () => {
  const inOrder = [
    '::1',
    '9.255.255.255',
    '10.0.0.2',
    '10.0.0.10',
    '10.0.0.100',
    '255.255.255.255',
    '2001:db8::1',
    'fe80::1',
  ];
  assert.deepEqual(
    inOrder.toReversed().toSorted((a, b) => (addressOrder(a) < addressOrder(b) ? -1 : 1)),
    inOrder,
  );
  assert.equal(addressNumber('10.0.0.1'), 0xffff0a000001n);
  assert.equal(addressNumber('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'), (1n << 128n) - 1n);
});

test('private ranges, to their edges', () => {
  for (const address of [
    ...['10.0.0.0', '10.255.255.255', '172.16.0.0', '172.31.255.255', '192.168.0.0', '192.168.255.255'],
    ...['100.64.0.0', '100.127.255.255', '169.254.0.0', 'fc00::', 'fdff:ffff::1', 'fe80::', 'febf::1'],
  ])
    assert.ok(isPrivate(address), address);
  for (const address of [
    ...[
      '9.255.255.255',
      '11.0.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
      '100.63.255.255',
    ],
    ...['100.128.0.0', '169.253.255.255', '127.0.0.1', 'fbff::', 'fe00::', 'fec0::', '2001:db8::1', '::1'],
  ])
    assert.ok(!isPrivate(address), address);
  assert.ok(isLoopback('127.255.255.255') && isLoopback('::1') && !isLoopback('128.0.0.0'));
});

test('subnets: an IPv6 /64, an IPv4 /24, never one of each', () => {
  assert.ok(isSameSubnet('2001:db8:1:2::1', '2001:db8:1:2:ffff::1'));
  assert.ok(!isSameSubnet('2001:db8:1:2::1', '2001:db8:1:3::1'));
  assert.ok(isSameSubnet('10.0.0.1', '10.0.0.255'));
  assert.ok(!isSameSubnet('10.0.0.1', '10.0.1.1'));
  assert.ok(!isSameSubnet('0.0.0.1', '::1'));
});

test('groups', () => {
  for (const address of ['224.0.0.1', '239.255.255.255', '255.255.255.255', '0.0.0.0', '::', 'ff02::1'])
    assert.ok(isGroupAddress(address), address);
  for (const address of ['223.255.255.255', '240.0.0.1', '10.0.0.255', 'fe80::1']) assert.ok(!isGroupAddress(address));
});

test('lists of addresses and ranges', () => {
  const list = new AddressSet(['10.1.0.0/16', '192.0.2.7', '2001:db8::/32', '::ffff:198.51.100.1']);
  for (const address of ['10.1.255.255', '192.0.2.7', '2001:db8:ffff::1', '198.51.100.1']) assert.ok(list.has(address));
  for (const address of ['10.2.0.0', '192.0.2.8', '2001:db9::', '198.51.100.2', 'nonsense', ''])
    assert.ok(!list.has(address));
  assert.ok(!new AddressSet([]).has('10.0.0.1'));
  assert.throws(() => new AddressSet(['10.0.0.0/33']));
});

test('the bounds of a list are those that it judges by', () => {
  for (const [range, first, last] of [
    ['10.1.2.3/16', '10.1.0.0', '10.1.255.255'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.7'],
    ['0.0.0.0/0', '0.0.0.0', '255.255.255.255'],
    ['2001:db8::5/127', '2001:db8::4', '2001:db8::5'],
  ] as const) {
    const list = new AddressSet([range]);
    assert.deepEqual(list.bounds(), [{ from: addressNumber(first), to: addressNumber(last) }], range);
    assert.ok(list.has(first) && list.has(last), range);
  }
});
