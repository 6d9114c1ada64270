import { sha256 } from './machines.js';

/** The office is 10.20.0.0/16, its pods 10.42.0.0/16, their services 10.43.0.0/16; subnets share one IPv6 prefix. */
const inside = ['10.20.', '10.42.', '10.43.', '2001:db8:20:'];

/** Whether an address is one of the office's. */
export const isInside = (address: string): boolean => inside.some((prefix) => address.startsWith(prefix));

/** Whether only the cluster's own network leads there: no sensor of the office sees it. */
export const isOfCluster = (address: string): boolean => address.startsWith('10.42.') || address.startsWith('10.43.');

/** The subnet of an office address, which one switch serves: what stays in it passes no sensor. */
export const subnetOf = (address: string): string =>
  address.slice(0, address.includes(':') ? address.indexOf('::') : address.lastIndexOf('.'));

/** Addresses outside are those that RFC 5737 and RFC 3849 keep for documentation: one name has always the same. */
export function foreignAddress(name: string): string {
  const hash = Number.parseInt(sha256(name).slice(0, 8), 16);
  const network = ['192.0.2', '198.51.100', '203.0.113'][hash % 3]!;
  return `${network}.${1 + (Math.floor(hash / 3) % 254)}`;
}

export const foreignAddress6 = (name: string): string =>
  `2001:db8:c0de::${Number.parseInt(sha256(name).slice(0, 4), 16).toString(16)}`;
