import type { EcsDocument } from '../../queries/document.js';
import type { JsonObject } from './format.js';
import { commonFields, part, transportFields } from './suricata-record.js';
import { address, asFlag, asNumber, asText, documentOf, isoTime } from './zeek-suricata-values.js';

/**
 * An EVE flow event. `timestamp` is when Suricata gave the flow up, in captures even before it began: the contact's
 * time is flow.start. Packets and bytes count from the link header on.
 */
export function flowDocument(record: JsonObject): EcsDocument {
  const flow = part(record, 'flow');
  const tcp = part(record, 'tcp');
  const state = asText(flow.state);
  return documentOf(commonFields(record), transportFields(record), {
    'event.type': ['connection', ...(state === 'new' ? ['start'] : state === 'closed' ? ['end'] : [])],
    'event.start': flow.start === undefined ? undefined : isoTime(flow.start, 'flow.start'),
    'event.end': flow.end === undefined ? undefined : isoTime(flow.end, 'flow.end'),
    'source.ip': address(record.src_ip, 'src_ip'),
    'source.packets': asNumber(flow.pkts_toserver),
    'source.bytes': asNumber(flow.bytes_toserver),
    'destination.ip': address(record.dest_ip, 'dest_ip'),
    'destination.packets': asNumber(flow.pkts_toclient),
    'destination.bytes': asNumber(flow.bytes_toclient),
    'network.protocol': application(record.app_proto),
    'suricata.eve.flow.state': state,
    'suricata.eve.flow.reason': asText(flow.reason),
    'suricata.eve.flow.alerted': asFlag(flow.alerted),
    'suricata.eve.icmp_type': asNumber(record.icmp_type),
    'suricata.eve.icmp_code': asNumber(record.icmp_code),
    'suricata.eve.tcp.tcp_flags': asText(tcp.tcp_flags),
    'suricata.eve.tcp.tcp_flags_ts': asText(tcp.tcp_flags_ts),
    'suricata.eve.tcp.tcp_flags_tc': asText(tcp.tcp_flags_tc),
    'suricata.eve.tcp.syn': asFlag(tcp.syn),
    'suricata.eve.tcp.rst': asFlag(tcp.rst),
    'suricata.eve.tcp.state': asText(tcp.state),
  });
}

/** `failed` says that Suricata knew none. */
function application(value: unknown): string | undefined {
  const name = asText(value)?.toLowerCase();
  return name === 'failed' ? undefined : name;
}
