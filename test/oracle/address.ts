import ipaddr from 'ipaddr.js';

/** An address as a number; IPv4 as ::ffff:a.b.c.d. */
export function addressNumber(address: string): bigint {
  const parsed = ipaddr.parse(address);
  const bytes = (parsed instanceof ipaddr.IPv4 ? parsed.toIPv4MappedAddress() : parsed).toByteArray();
  return bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}
