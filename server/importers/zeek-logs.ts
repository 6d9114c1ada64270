import type { EcsDocument } from '../../queries/document.js';
import { ARP_OPERATIONS, ARP_SENDERS, arpDocument } from './zeek-arp.js';
import { connDocument } from './zeek-conn.js';
import { dnsDocuments } from './zeek-dns.js';
import type { ZeekRecord } from './zeek-record.js';

/** `other`: a log of Zeek's that holds nothing we hunt in (http, ssl, weird …). */
export type ZeekLog = 'conn' | 'dns' | 'arp' | 'other';

/**
 * Which log lines belong to: by the path Zeek gives them (`conn`), else by the fields they have. `conn_long` and the
 * like are `other`: they tell of connections that conn.log tells of again when they end.
 */
export function logOf(path: string | undefined, has: (field: string) => boolean): ZeekLog {
  if (path !== undefined) return path === 'conn' || path === 'dns' || path === 'arp' ? path : 'other';
  if (has('conn_state')) return 'conn';
  if (has('query') && has('trans_id')) return 'dns';
  // ARP has no connection, other protocols with an operation do
  return ARP_OPERATIONS.some(has) && ARP_SENDERS.some(has) && !has('uid') ? 'arp' : 'other';
}

export function documentsOf(log: ZeekLog, record: ZeekRecord): EcsDocument[] {
  switch (log) {
    case 'conn':
      return [connDocument(record)];
    case 'dns':
      return dnsDocuments(record);
    case 'arp':
      return [arpDocument(record)];
    case 'other':
      return [];
  }
}
