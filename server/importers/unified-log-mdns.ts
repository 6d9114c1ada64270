import { nameOfHash } from './mdns-name-hash.js';

/** A program asked mDNSResponder for a service. */
export interface ServiceRequest {
  kind: 'browse' | 'query';
  pid: number;
  /** As the program calls itself, at most 16 characters. */
  client: string;
  /** In clear, or known by its hash. */
  name?: string;
  /** Tells hidden names apart. */
  hash?: string;
}

/** Apple's own lines are far shorter. */
const LONGEST = 4096;
/** `[R123] `, in some releases `R123: `; the operation; then the request's fields. */
const START = /^(?:\[R\d{1,10}\] |R\d{1,10}: )DNSService(Browse|QueryRecord) START -- /;
/** Until macOS 12: `[R123] DNSServiceBrowse(flags, interface, name, domain or type) START PID[45](dns-sd)`. */
const OLD_START =
  /^\[R\d{1,10}\] DNSService(Browse|QueryRecord)\(([\dA-F]{1,8}), -?\d{1,10}, (.+)\) START PID\[(\d{1,10})\]\((.{0,64})\)$/;
const CLIENT = /^(\d{1,10}) \((.*)$/;

const MASKED = /^<(?:mask\.hash: '([^']{1,64})'|private)>(?: (<dn:[\w+/]{6}>))?$/;
const SERVICE = /^(?:[^.]{1,63}\.)*_(?:tcp|udp)(?:\.|$)/i;

/** kDNSServiceFlagsForceMulticast */
const FORCE_MULTICAST = 0x400;

/**
 * Reads a message of mDNSResponder. Undefined where it is no request for a service: other messages, lookups of hosts,
 * and hidden pointer records that may leave the link, for most of these are names of addresses (`traceroute` asks for
 * twenty). A browse is always one.
 *
 * Everything is read from where its writer put it: the client is behind the names, which a program chooses, and its
 * process id before what it calls itself.
 */
export function serviceRequestOf(message: string): ServiceRequest | undefined {
  if (message.length > LONGEST) return undefined;
  const start = START.exec(message);
  return start ? newRequest(start[1] ?? '', message.slice(start[0].length)) : oldRequest(message);
}

function newRequest(operation: string, fields: string): ServiceRequest | undefined {
  const at = fields.lastIndexOf(', client pid: ');
  if (at < 0) return undefined;
  const asked = fields.slice(0, at);
  const [, pid = '', rest] = CLIENT.exec(fields.slice(at + ', client pid: '.length)) ?? [];
  if (rest === undefined) return undefined;
  const end = rest.lastIndexOf('), name hash: ');
  const client = end < 0 ? rest.replace(/\)(?:, )?$/, '') : rest.slice(0, end);
  const hash = end < 0 ? undefined : rest.slice(end + '), name hash: '.length).trim();
  const isBrowse = operation === 'Browse';
  const [name, others] = isBrowse
    ? nameAndRest(asked, 'service type: ', ', domain: ')
    : nameAndRest(asked, 'qname: ', ', qtype: ');
  if (!isBrowse && !others.startsWith('PTR,')) return undefined;
  const flags = Number.parseInt(/, flags: 0x([\dA-F]{1,8})/i.exec(others)?.[1] ?? '0', 16);
  return request(isBrowse, flags, Number(pid), client, name, hash);
}

function oldRequest(message: string): ServiceRequest | undefined {
  const [, operation, flags = '', names = '', pid = '', client = ''] = OLD_START.exec(message) ?? [];
  if (operation === undefined) return undefined;
  const isBrowse = operation === 'Browse';
  const comma = names.lastIndexOf(', ');
  if (comma < 0 || (!isBrowse && names.slice(comma + 2) !== 'PTR')) return undefined;
  const name = names.slice(0, comma).replaceAll('"', '');
  return request(isBrowse, Number.parseInt(flags, 16), Number(pid), client, name, undefined);
}

function request(
  isBrowse: boolean,
  flags: number,
  pid: number,
  client: string,
  asked: string | undefined,
  nameHash: string | undefined,
): ServiceRequest | undefined {
  const masked = MASKED.exec(asked ?? '');
  const clear = masked ? undefined : asked?.replace(/ <dn:[\w+/]{6}>$/, '');
  const hash = [nameHash, masked?.[2], masked?.[1]].find((text) => text !== undefined && text.length <= 64);
  const name = clear ?? (hash === undefined ? undefined : nameOfHash(hash));
  if (name !== undefined && !SERVICE.test(name)) return undefined;
  if (name === undefined && (hash === undefined || !(isBrowse || flags & FORCE_MULTICAST))) return undefined;
  return {
    kind: isBrowse ? 'browse' : 'query',
    pid,
    client,
    ...(name !== undefined ? { name: name.toLowerCase().replace(/\.$/, '') } : { hash: hash! }),
  };
}

/** What stands between two labels, and behind the second. Some releases leave the name out. */
function nameAndRest(text: string, label: string, next: string): [name: string | undefined, rest: string] {
  const end = text.lastIndexOf(next);
  if (end < 0 || !text.startsWith(label)) return [undefined, text];
  return [text.slice(label.length, end), text.slice(end + next.length)];
}
