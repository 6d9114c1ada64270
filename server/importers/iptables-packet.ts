import { isIPv6 } from 'node:net';
import type { EcsDocument } from '../../queries/document.js';
import { address, asNumber, documentOf, port } from './zeek-suricata-values.js';

const FLAGS = new Set(['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN']);
/** A packet with all its options is a few hundred characters. */
const LONGEST_PACKET = 4096;
const LONGEST_PREFIX = 512;

/** Cheap: does the kernel's line tell of an IP packet? (ARP's have other names.) */
export const isPacket = (message: string): boolean =>
  message.includes('IN=') &&
  message.includes(' OUT=') &&
  message.includes(' SRC=') &&
  message.includes(' DST=') &&
  message.includes(' PROTO=');

/**
 * A packet that the kernel logged for a rule of iptables, nftables or ufw, as Elastic's iptables integration writes it.
 * The text before `IN=` is the rule's own prefix. Behind an ICMP error stands, in brackets, the packet it answers.
 */
export function packetFields(message: string): EcsDocument {
  const start = Math.max(message.lastIndexOf('IN=', message.indexOf(' OUT=')), 0); // PHYSIN= comes behind
  const words = (message.slice(start, start + LONGEST_PACKET).split(' [SRC=', 1)[0] ?? '').split(' ');
  const values = new Map<string, string>();
  const flags: string[] = [];
  for (const word of words) {
    const equal = word.indexOf('=');
    if (equal < 0) {
      if (FLAGS.has(word)) flags.push(word);
    } else if (!values.has(word.slice(0, equal))) values.set(word.slice(0, equal), word.slice(equal + 1));
  }
  const source = address(values.get('SRC'), 'SRC');
  const icmpType = asNumber(values.get('TYPE'));
  return documentOf(
    {
      'event.kind': 'event',
      'event.category': ['network'],
      'event.module': 'iptables',
      'event.dataset': 'iptables.log',
      'source.ip': source,
      'source.port': port(values.get('SPT'), 'SPT'),
      'destination.ip': address(values.get('DST'), 'DST'),
      'destination.port': port(values.get('DPT'), 'DPT'),
      'network.type': isIPv6(source) ? 'ipv6' : 'ipv4',
      'iptables.input_device': values.get('IN') || undefined,
      'iptables.output_device': values.get('OUT') || undefined,
      'iptables.tcp.flags': flags.length > 0 ? flags : undefined,
      'iptables.icmp.type': icmpType,
      'iptables.icmp.code': asNumber(values.get('CODE')),
    },
    transportFields(values.get('PROTO') ?? ''),
    verdictFields(message.slice(Math.max(0, start - LONGEST_PREFIX), start)),
  );
}

/** A name, or the IANA number of what the kernel has no name for. */
function transportFields(protocol: string): EcsDocument {
  if (/^\d{1,3}$/.test(protocol)) return { 'network.iana_number': protocol };
  const name = protocol.toLowerCase();
  return { 'network.transport': name === 'icmpv6' ? 'ipv6-icmp' : name };
}

/** Ubiquiti's `[wan-lan-default-D]`: rule set, number, and D, R or A. */
const UBIQUITI = /\[[^\]]{1,100}-([DRA])\]\s*$/;
const LETTERS: Readonly<Record<string, string>> = { D: 'drop', R: 'reject', A: 'accept' };
/** What rules are called that do it, the first that fits; ufw's BLOCK stands for its deny and its reject alike. */
const VERDICTS: readonly (readonly [RegExp, string])[] = [
  [/(?<![a-z])rej(?:ect|ct)?/, 'reject'],
  [/(?<![a-z])(?:drop|den(?:y|ied)|block)/, 'drop'],
  [/(?<![a-z])(?:accept|allow|pass)/, 'accept'],
];
const TYPES: Readonly<Record<string, string>> = { drop: 'denied', reject: 'denied', accept: 'allowed' };

/**
 * The verdict that the prefix tells, in `event.action` with the word it was told by (`drop_input`): where none of the
 * known words stands there, it is unknown.
 */
function verdictFields(prefix: string): EcsDocument {
  const letter = UBIQUITI.exec(prefix)?.[1];
  const rule = ruleOf(prefix).toLowerCase();
  const verdict = letter ? LETTERS[letter] : VERDICTS.find(([word]) => word.test(rule))?.[1];
  if (verdict === undefined) return { 'event.type': ['connection'] };
  const word = rule.split(/[\s:[\]()"']+/, 32).find((part) => part.includes(verdict));
  return { 'event.action': word ?? verdict, 'event.type': ['connection', TYPES[verdict] ?? 'info'] };
}

/** The prefix without the kernel's name and clock, which end in `]` or `:`. */
const ruleOf = (prefix: string): string => prefix.replace(/^.*\bkernel:\s*/s, '').replace(/^\[\s*\d+\.\d+\]\s*/, '');
