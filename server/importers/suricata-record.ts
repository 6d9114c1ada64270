import type { JsonObject } from './format.js';
import { asText, isObject, isoTime, port } from './zeek-suricata-values.js';

/** The object under a key, or an empty one. */
export function part(record: JsonObject, key: string): JsonObject {
  const value = Object.hasOwn(record, key) ? record[key] : undefined;
  return isObject(value) ? value : {};
}

/** What every event's document holds. */
export function commonFields(record: JsonObject): Record<string, unknown> {
  return {
    '@timestamp': isoTime(record.timestamp, 'timestamp'),
    'event.kind': 'event',
    'event.category': ['network'],
    'event.module': 'suricata',
    'event.dataset': 'suricata.eve',
    'network.community_id': asText(record.community_id),
    'suricata.eve.event_type': record.event_type,
    'suricata.eve.flow_id': asText(record.flow_id),
  };
}

/** Transport and ports; ICMP has a type and a code instead. */
export function transportFields(record: JsonObject): Record<string, unknown> {
  return {
    'source.port': port(record.src_port, 'src_port'),
    'destination.port': port(record.dest_port, 'dest_port'),
    'network.transport': asText(record.proto)?.toLowerCase(),
  };
}
