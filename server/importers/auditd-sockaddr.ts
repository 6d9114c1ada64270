import { normalizeAddress } from '../model/address.js';
import { Rejected } from './format.js';

/** Where a connect went. */
export interface InetAddress {
  family: 'ipv4' | 'ipv6';
  ip: string;
  port: number;
}

const AF_INET = 2;
const AF_INET6 = 10;

/**
 * The kernel's sockaddr. Undefined for families that leave no host (unix, netlink, unspec …). Family is in the byte
 * order of the host, port in the network's.
 */
export function readSockaddr(bytes: Buffer): InetAddress | undefined {
  if (bytes.length < 2) throw new Rejected('bad_address', 'saddr has no address family.');
  const family = bytes[0] || bytes[1];
  if (family === AF_INET) {
    if (bytes.length < 8) throw new Rejected('bad_address', `saddr of AF_INET has ${bytes.length} bytes of 8.`);
    return { family: 'ipv4', ip: bytes.subarray(4, 8).join('.'), port: bytes.readUInt16BE(2) };
  }
  if (family === AF_INET6) {
    if (bytes.length < 24) throw new Rejected('bad_address', `saddr of AF_INET6 has ${bytes.length} bytes of 24.`);
    const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((offset) => bytes.readUInt16BE(8 + offset).toString(16));
    return { family: 'ipv6', ip: normalizeAddress(groups.join(':'))!, port: bytes.readUInt16BE(2) };
  }
  return undefined;
}

/** The same from words, as auditd (laddr, lport) and laurel (addr, port) translate it. */
export function readInetWords(family: unknown, address: unknown, port: unknown): InetAddress | undefined {
  if (family !== 'inet' && family !== 'inet6') return undefined;
  const ip = typeof address === 'string' ? normalizeAddress(address) : undefined;
  if (ip === undefined) throw new Rejected('bad_address', 'SADDR has no address.');
  const number = typeof port === 'string' && /^\d{1,5}$/.test(port) ? Number(port) : port;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 65_535) {
    throw new Rejected('bad_port', 'SADDR has no port from 0 to 65535.');
  }
  return { family: family === 'inet' ? 'ipv4' : 'ipv6', ip, port: number };
}
