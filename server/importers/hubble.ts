import type { EcsDocument } from '../../queries/document.js';
import { podFields } from './container-fields.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';
import { own, ownObject } from './json-record.js';
import { address, asFlag, asNumber, asText, documentOf, isoTime, port } from './zeek-suricata-values.js';

/** Hubble's names of transports and ours. */
const TRANSPORTS: ReadonlyMap<string, string> = new Map([
  ['TCP', 'tcp'],
  ['UDP', 'udp'],
  ['SCTP', 'sctp'],
  ['ICMPv4', 'icmp'],
  ['ICMPv6', 'ipv6-icmp'],
]);

/**
 * Flows of Cilium's Hubble: its exporter's log, and `hubble observe -o json`, with and without the wrapper `flow`.
 * Packets of layers 3 and 4 give documents; requests of layer 7 and sockets tell of packets that have their own.
 * No official integration maps them: the fields `hubble.flow.…` are ours, after the vendor's names.
 */
export const hubble: JsonFormat = {
  name: 'Hubble flows',
  recognizes: (record) => isFlow(ownObject(record, 'flow')) || isFlow(record),
  toDocuments(record) {
    const flow = ownObject(record, 'flow') ?? record;
    const type = asText(own(flow, 'Type'));
    if ((type !== undefined && type !== 'L3_L4') || own(flow, 'l7') !== undefined) return [];
    const l4 = ownObject(flow, 'l4') ?? {};
    const [name] = Object.keys(l4);
    const transport = TRANSPORTS.get(name ?? '');
    return name === undefined || transport === undefined
      ? []
      : [toDocument(record, flow, ownObject(l4, name) ?? {}, transport)];
  },
};

const isFlow = (flow: JsonObject | undefined): boolean =>
  flow !== undefined &&
  Object.hasOwn(flow, 'verdict') &&
  (ownObject(flow, 'l4') !== undefined || ownObject(flow, 'l7') !== undefined) &&
  (Object.hasOwn(flow, 'IP') || Object.hasOwn(flow, 'source'));

function toDocument(record: JsonObject, flow: JsonObject, packet: JsonObject, transport: string): EcsDocument {
  const ip = ownObject(flow, 'IP');
  if (!ip) throw new Rejected('no_address', 'The flow has no IP');
  const source = ownObject(flow, 'source') ?? {};
  const destination = ownObject(flow, 'destination') ?? {};
  const namespace = asText(own(source, 'namespace'));
  const pod = asText(own(source, 'pod_name'));
  const node = asText(own(flow, 'node_name')) ?? asText(own(record, 'node_name'));
  return documentOf(
    {
      '@timestamp': isoTime(own(flow, 'time') ?? own(record, 'time'), 'time'),
      'event.kind': 'event',
      'event.category': ['network'],
      'event.type': ['connection'],
      'event.module': 'hubble',
      'event.dataset': 'hubble.flow',
      'observer.name': node,
      'source.ip': address(own(ip, 'source'), 'IP.source'),
      'source.port': port(own(packet, 'source_port'), 'source_port'),
      'source.namespace': namespace,
      'destination.ip': address(own(ip, 'destination'), 'IP.destination'),
      'destination.port': port(own(packet, 'destination_port'), 'destination_port'),
      'destination.namespace': asText(own(destination, 'namespace')),
      'network.transport': transport,
      'container.id': podId(namespace, pod),
      'hubble.flow.verdict': asText(own(flow, 'verdict')),
      'hubble.flow.drop_reason_desc': asText(own(flow, 'drop_reason_desc')),
      'hubble.flow.is_reply': asFlag(own(flow, 'is_reply') ?? own(flow, 'reply')),
      'hubble.flow.traffic_direction': asText(own(flow, 'traffic_direction')),
      'hubble.flow.trace_reason': traceReason(flow),
      'hubble.flow.tcp_flags': flagsOf(packet),
      'hubble.flow.icmp_type': transport.endsWith('icmp') ? (asNumber(own(packet, 'type')) ?? 0) : undefined,
      'hubble.flow.destination_pod_name': asText(own(destination, 'pod_name')),
    },
    podFields(namespace, pod),
  );
}

/**
 * A flow names no container, yet a pod's network is that of a container: its sandbox. The pod's name stands for it, so
 * that what pods do is hunted as containers' doing, and inside and outside are told apart by namespace.
 */
const podId = (namespace: string | undefined, pod: string | undefined): string | undefined =>
  pod === undefined ? undefined : `${namespace ?? ''}/${pod}`;

/** Absent where connection tracking was not asked (drops), or is unknown. */
function traceReason(flow: JsonObject): string | undefined {
  const reason = asText(own(flow, 'trace_reason'));
  return reason === 'TRACE_REASON_UNKNOWN' ? undefined : reason;
}

const FLAGS = ['SYN', 'ACK', 'RST', 'FIN', 'PSH', 'URG', 'ECE', 'CWR', 'NS'];

function flagsOf(packet: JsonObject): string[] | undefined {
  const flags = ownObject(packet, 'flags');
  return flags && FLAGS.filter((flag) => own(flags, flag) === true);
}
