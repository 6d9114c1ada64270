import { type JsonFormat, type JsonObject, type ParsedDocument, Rejected, type TextFormat } from './format.js';
import { isPacket, packetFields } from './iptables-packet.js';
import { own } from './json-record.js';
import { syslogLine } from './syslog-time.js';
import { asNumber, asText, documentOf, isoFromMicroseconds } from './zeek-suricata-values.js';

/**
 * Packets that iptables, nftables and ufw logged, as syslog wrote them down. Other lines of the file give no document;
 * one packet must be among its first 64 KiB, for that is how the file is recognized.
 * @param now epoch milliseconds: old syslog headers lack the year (`syslogLine`)
 */
export const iptablesSyslog = (now: () => number): TextFormat => ({
  name: 'iptables/nftables (syslog)',
  recognizes: (head) => head.split('\n').some((line) => isPacket(line) && syslogLine(line, now()) !== undefined),
  open: () => ({ line: (text) => packets(text, now()), end: () => [], header: () => [] }),
});

function packets(text: string, now: number): ParsedDocument[] {
  if (!isPacket(text)) return [];
  const line = syslogLine(text, now);
  if (!line) throw new Rejected('no_time', 'The line has no syslog header');
  const fields = { '@timestamp': line.time, 'observer.name': line.host };
  return [{ document: documentOf(fields, packetFields(line.message)) }];
}

/** The same in systemd's journal (`journalctl -k -o json`), with the year and microseconds. */
export const iptablesJournal: JsonFormat = {
  name: 'iptables/nftables (journal)',
  provenUnseen: true,
  recognizes: (record) => isPacket(messageOf(record)),
  toDocuments(record) {
    const microseconds = asNumber(own(record, '_SOURCE_REALTIME_TIMESTAMP') ?? own(record, '__REALTIME_TIMESTAMP'));
    if (microseconds === undefined) throw new Rejected('no_time', 'No __REALTIME_TIMESTAMP');
    const fields = {
      '@timestamp': isoFromMicroseconds(microseconds, '__REALTIME_TIMESTAMP'),
      'observer.name': asText(own(record, '_HOSTNAME')),
    };
    return [documentOf(fields, packetFields(messageOf(record)))];
  },
};

function messageOf(record: JsonObject): string {
  const message = own(record, 'MESSAGE');
  return typeof message === 'string' ? message : '';
}
