import type { EcsDocument } from '../../queries/document.js';
import type { JsonObject } from './format.js';
import { commonFields, part } from './suricata-record.js';
import { address, documentOf } from './zeek-suricata-values.js';

/** An ARP event (Suricata 8, off by default): request or reply; reverse ARP asks for no address and gives none. */
export function arpDocuments(record: JsonObject): EcsDocument[] {
  const arp = part(record, 'arp');
  if (arp.opcode !== 'request' && arp.opcode !== 'reply') return [];
  const document = documentOf(commonFields(record), {
    'event.type': ['protocol'],
    'event.action': `arp-${arp.opcode}`,
    'network.type': 'arp',
    'source.ip': address(arp.src_ip, 'arp.src_ip'),
    'destination.ip': address(arp.dest_ip, 'arp.dest_ip'),
    'suricata.eve.arp.opcode': arp.opcode,
  });
  return [document];
}
