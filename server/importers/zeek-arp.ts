import type { EcsDocument } from '../../queries/document.js';
import { Rejected } from './format.js';
import type { ZeekRecord } from './zeek-record.js';
import { zeekTime } from './zeek-record.js';
import { address, asText, documentOf, shown } from './zeek-suricata-values.js';

/*
 * Zeek raises ARP events and writes no log of them; sites log them by scripts of their own. These are the names that
 * public scripts use: Slips and others (operation, orig_h, resp_h), those that keep RFC 826's words (SPA, TPA), and
 * plain ones (op, src_ip, dst_ip).
 */
export const ARP_OPERATIONS = ['operation', 'op', 'opcode', 'msg_type'];
export const ARP_SENDERS = ['orig_h', 'id.orig_h', 'SPA', 'spa', 'src_ip', 'sender_ip'];
const TARGETS = ['resp_h', 'id.resp_h', 'TPA', 'tpa', 'dst_ip', 'target_ip'];

const REQUESTS = new Set(['request', 'who_has', 'who-has', 'arp_request', '1']);
const REPLIES = new Set(['reply', 'is_at', 'is-at', 'arp_reply', '2']);

/** A line of such an arp.log. Throws `Rejected` where it doesn't say which of the two it is. */
export function arpDocument(record: ZeekRecord): EcsDocument {
  return documentOf({
    '@timestamp': zeekTime(record),
    'event.kind': 'event',
    'event.category': ['network'],
    'event.type': ['protocol', 'info'],
    'event.module': 'zeek',
    'event.dataset': 'zeek.arp',
    'event.action': action(first(record, ARP_OPERATIONS)),
    'network.type': 'arp',
    'source.ip': address(first(record, ARP_SENDERS), ARP_SENDERS.join(' or ')),
    'destination.ip': address(first(record, TARGETS), TARGETS.join(' or ')),
  });
}

function action(operation: unknown): string {
  const word = asText(operation)?.toLowerCase() ?? '';
  if (REQUESTS.has(word)) return 'arp-request';
  if (REPLIES.has(word)) return 'arp-reply';
  throw new Rejected('not_this_format', `An ARP operation is neither request nor reply: ${shown(operation)}`);
}

function first(record: ZeekRecord, fields: readonly string[]): unknown {
  for (const field of fields) {
    const value = record.get(field);
    if (value !== undefined) return value;
  }
  return undefined;
}
