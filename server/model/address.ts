import ipaddr from 'ipaddr.js';
import { readIpv4 } from './ipv4.js';

/** Telemetry names the same IPv6 addresses again and again: parsing one costs more than all else of a record. */
const MOST_REMEMBERED = 100_000;

function remembering<T>(work: (address: string) => T): (address: string) => T {
  const known = new Map<string, T>();
  return (address) => {
    const result = known.get(address);
    if (result !== undefined) return result;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const fresh = work(address);
    known.set(address, fresh);
    return fresh;
  };
}

/** An address as we compare it: IPv4-mapped IPv6 as IPv4, IPv6 in RFC 5952's short form. Undefined where it is none. */
export const normalizeAddress = (text: string): string | undefined =>
  readIpv4(text) === undefined ? normalizeOther(text) : text;

const normalizeOther = remembering((text): string | undefined => {
  const zone = text.indexOf('%'); // a link-local zone names an interface of the sensor, not a host
  const bare = zone < 0 ? text : text.slice(0, zone);
  if (!isPlainAddress(bare)) return undefined;
  const parsed = ipaddr.process(bare);
  return parsed.kind() === 'ipv6' ? (parsed as ipaddr.IPv6).toRFC5952String() : parsed.toString();
});

/** ipaddr.js also takes 1.2, 0x7f.1 and octal parts: telemetry has none of these, and one would alias another host. */
const isPlainAddress = (text: string): boolean =>
  text.includes(':') ? text.length <= 45 && ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);

/** Text whose order is the numeric order of addresses; IPv4 stands as ::ffff:a.b.c.d. */
export const addressOrder = remembering((address): string => {
  const parsed = ipaddr.parse(address);
  const six = parsed.kind() === 'ipv4' ? (parsed as ipaddr.IPv4).toIPv4MappedAddress() : parsed;
  return Buffer.from(six.toByteArray()).toString('hex');
});

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** A list of addresses and CIDR ranges that can be asked about an address. Throws on an item that is neither. */
export class AddressSet {
  private readonly ranges: readonly Range[];
  /** Of the IPv4 ranges: the first address, and how many there are. */
  private readonly four: readonly { from: number; size: number }[];
  private readonly judgeOther = remembering((address): boolean => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return this.ranges.some(([base, bits]) => base.kind() === parsed.kind() && parsed.match(base, bits));
  });

  constructor(items: readonly string[]) {
    this.ranges = items.map(parseRange);
    this.four = this.ranges
      .filter(([base]) => base.kind() === 'ipv4')
      .map(([base, bits]) => {
        const size = 2 ** (32 - bits);
        const number = readIpv4(base.toString())!;
        return { from: number - (number % size), size };
      });
  }

  has(address: string): boolean {
    if (this.ranges.length === 0) return false;
    const number = readIpv4(address);
    if (number === undefined) return this.judgeOther(address);
    for (const { from, size } of this.four) if (number >= from && number - from < size) return true;
    return false;
  }

  /** Inclusive bounds of each range as unsigned 128-bit numbers, for engines that compare numbers. */
  bounds(): { from: bigint; to: bigint }[] {
    return this.ranges.map(([base, bits]) => {
      const isFour = base.kind() === 'ipv4';
      const size = 1n << BigInt((isFour ? 32 : 128) - bits);
      const number = addressNumber(base.toString());
      const from = number - (number % size);
      return { from, to: from + size - 1n };
    });
  }
}

function parseRange(item: string): Range {
  if (item.includes('/')) return ipaddr.parseCIDR(item);
  const address = ipaddr.process(item);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

/** The address as an unsigned 128-bit number; IPv4 as ::ffff:a.b.c.d. */
export function addressNumber(address: string): bigint {
  const four = readIpv4(address);
  return four === undefined ? numberOfOther(address) : MAPPED + BigInt(four);
}

const MAPPED = 0xffff_0000_0000n;
const numberOfOther = remembering((address): bigint => BigInt(`0x${addressOrder(address)}`));

/** RFC 1918, RFC 6598, ULA, link-local. */
export const PRIVATE_RANGES: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
];
const PRIVATE = new AddressSet(PRIVATE_RANGES);
const LOOPBACK = new AddressSet(['127.0.0.0/8', '::1']);

export const isPrivate = (address: string): boolean => PRIVATE.has(address);
export const isLoopback = (address: string): boolean => LOOPBACK.has(address);

/** The two addresses share an IPv6 /64, or an IPv4 /24. */
export function isSameSubnet(one: string, other: string): boolean {
  const a = addressOrder(one);
  const b = addressOrder(other);
  const isFour = (address: string) => !address.includes(':');
  if (isFour(one) !== isFour(other)) return false;
  const digits = isFour(one) ? 30 : 16;
  return a.slice(0, digits) === b.slice(0, digits);
}

/** Multicast, broadcast, unspecified: reached by nobody in particular. */
export function isGroupAddress(address: string): boolean {
  const four = readIpv4(address);
  return four === undefined ? isOtherGroup(address) : four === 0 || four === ALL_ONES || four >>> 28 === MULTICAST;
}

const ALL_ONES = 0xffff_ffff;
/** 224.0.0.0/4. */
const MULTICAST = 0xe;

const isOtherGroup = remembering((address): boolean => {
  if (address === '::') return true;
  return ipaddr.parse(address).range() === 'multicast';
});
