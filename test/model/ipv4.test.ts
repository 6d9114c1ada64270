import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { AddressSet, addressNumber, addressOrder, isGroupAddress } from '../../server/model/address.js';
import { readIpv4 } from '../../server/model/ipv4.js';

const address = fc.ipV4();
const nearly = fc.string({ unit: fc.constantFrom('0', '1', '2', '5', '9', '.', ' ', 'x', '٣'), maxLength: 17 });

test('what ipaddr.js takes as four decimal parts is read to its number, and nothing else is', () => {
  fc.assert(
    fc.property(fc.oneof(address, nearly), (text) => {
      const expected = ipaddr.IPv4.isValidFourPartDecimal(text)
        ? Buffer.from(ipaddr.IPv4.parse(text).toByteArray()).readUInt32BE()
        : undefined;
      assert.equal(readIpv4(text), expected);
    }),
    { numRuns: 3_000 },
  );
});

test('numbers, groups and ranges of IPv4 addresses are those of ipaddr.js', () => {
  fc.assert(
    fc.property(address, address, fc.integer({ min: 0, max: 32 }), (one, base, bits) => {
      const parsed = ipaddr.IPv4.parse(one);
      assert.equal(addressNumber(one), BigInt(`0x${addressOrder(one)}`));
      assert.equal(isGroupAddress(one), ['multicast', 'broadcast'].includes(parsed.range()) || one === '0.0.0.0');
      assert.equal(new AddressSet([`${base}/${bits}`]).has(one), parsed.match(ipaddr.IPv4.parse(base), bits));
    }),
  );
});
