import type { EcsDocument } from '../../queries/document.js';
import type { JsonFormat, JsonObject } from './format.js';
import { arpDocuments } from './suricata-arp.js';
import { questionDocuments } from './suricata-dns.js';
import { flowDocument } from './suricata-flow.js';

/**
 * Suricata's EVE log. Flows, DNS and mDNS questions and ARP give documents as Elastic's suricata integration writes
 * them; all other events give none: alerts, http, tls … tell of flows that have their own record, and netflow is each
 * flow twice, once a direction.
 */
export const suricataEve: JsonFormat = {
  name: 'Suricata EVE',
  recognizes: (record) =>
    Object.hasOwn(record, 'event_type') &&
    Object.hasOwn(record, 'timestamp') &&
    typeof record.event_type === 'string' &&
    typeof record.timestamp === 'string',
  toDocuments(record: JsonObject): EcsDocument[] {
    switch (record.event_type) {
      case 'flow':
        return [flowDocument(record)];
      case 'dns':
      case 'mdns':
        return questionDocuments(record, record.event_type);
      case 'arp':
        return arpDocuments(record);
      default:
        return [];
    }
  },
};
