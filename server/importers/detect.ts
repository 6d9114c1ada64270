import type { BinaryFormat, JsonFormat, TextFormat } from './format.js';

/** All formats that are read, JSON ones in the order in which they are asked. */
export interface Formats {
  json: readonly JsonFormat[];
  text: readonly TextFormat[];
  binary?: readonly BinaryFormat[];
}

/** How a file is to be read, by its beginning; `why` it can't be. */
type Detected = { kind: 'json' } | { kind: 'text'; format: TextFormat } | { kind: 'unknown'; why: string };

/** Characters of a file's beginning that are looked at. */
export const HEAD_LENGTH = 64 * 1024;

/** `{"`, `[{"` or an empty one: a log line that begins with `[2026-` is none. */
const JSON_START = /^\s*(?:\[\s*)?(?:\{\s*["}]|\])/;
/** A file cut at its start, as by rotation: its first line is broken and a later one is not. */
const JSON_LATER = /\n\{"/;

const PACKETS =
  'a packet capture: let Zeek read it (zeek -C -r FILE LogAscii::use_json=T) and import conn.log, dns.log and arp.log, ' +
  'or Suricata (suricata -k none -r FILE -l FOLDER) and import eve.json';
const FLOWS =
  'NetFlow or IPFIX records: start Filebeat with an input of type netflow and a file output, send them there ' +
  '(nfdump: nfreplay -H 127.0.0.1 -p 2055 -r FILE), and import the ECS documents that it writes';
const BINARY: readonly (readonly [magic: string, why: string])[] = [
  ['d4c3b2a1', PACKETS],
  ['a1b2c3d4', PACKETS],
  ['4d3cb2a1', PACKETS], // times in nanoseconds
  ['a1b23c4d', PACKETS],
  ['34cdb2a1', PACKETS], // Kuznetzov's, with more about each packet
  ['a1b2cd34', PACKETS],
  ['0a0d0d0a', PACKETS], // pcapng
  ['736e6f6f70000000', PACKETS], // Solaris' snoop
  ['0ca501', FLOWS], // nfcapd of nfdump 1.6
  ['0ca502', FLOWS], // and of 1.7
  ['a50c', FLOWS],
  ['000a', FLOWS], // an IPFIX file; a NetFlow export as it came by UDP
  ['0009', FLOWS],
  ['0005', FLOWS],
  ['deadbeef', FLOWS], // SiLK
  ['504b0304', 'a zip inside an archive, which is not opened'],
  ['1f8b', 'a gzip inside a gzip, which is not opened'],
];

/** Why a file that begins with these bytes is of no use here; undefined for what may be text. */
export function knownBinary(head: Buffer): string | undefined {
  const start = head.toString('hex');
  return BINARY.find(([magic]) => start.startsWith(magic))?.[1];
}

/** @param head the first `HEAD_LENGTH` characters */
export function detect(head: string, formats: Formats): Detected {
  if (head.trim() === '') return { kind: 'unknown', why: 'empty' };
  if (JSON_START.test(head)) return { kind: 'json' };
  const format = formats.text.find((known) => known.recognizes(head));
  if (format) return { kind: 'text', format };
  if (head.includes('\0')) return { kind: 'unknown', why: 'binary' };
  return JSON_LATER.test(head) ? { kind: 'json' } : { kind: 'unknown', why: 'no known format' };
}
