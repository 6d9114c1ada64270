import type { EcsDocument } from '../../queries/document.js';
import { networkType, protocolFields } from './flow-values.js';
import type { JsonFormat, JsonObject } from './format.js';
import { own, ownObject } from './json-record.js';
import { address, asNumber, asText, documentOf, isoTime, port } from './zeek-suricata-values.js';

/**
 * Google Cloud's VPC flow logs: entries of Cloud Logging, as Elastic's gcp integration writes them. Where both ends are
 * virtual machines each tells the flow (`reporter`): the same contact twice. Namespaces of GKE's pods are told.
 */
export const gcpVpcFlow: JsonFormat = {
  name: 'Google Cloud VPC flow logs',
  recognizes(record) {
    const connection = ownObject(ownObject(record, 'jsonPayload') ?? {}, 'connection');
    return connection !== undefined && Object.hasOwn(connection, 'src_ip') && Object.hasOwn(connection, 'dest_ip');
  },
  toDocuments(record): EcsDocument[] {
    const payload = ownObject(record, 'jsonPayload') ?? {};
    const connection = ownObject(payload, 'connection') ?? {};
    const source = address(own(connection, 'src_ip'), 'src_ip');
    const target = address(own(connection, 'dest_ip'), 'dest_ip');
    const packets = asNumber(own(payload, 'packets_sent'));
    const bytes = asNumber(own(payload, 'bytes_sent'));
    const reporter = asText(own(payload, 'reporter'));
    const [from, to] = [ownObject(payload, 'src_instance'), ownObject(payload, 'dest_instance')];
    const document = documentOf(
      {
        '@timestamp': isoTime(own(record, 'timestamp') ?? own(payload, 'end_time'), 'timestamp'),
        'event.start': optionalTime(payload, 'start_time'),
        'event.end': optionalTime(payload, 'end_time'),
        'event.kind': 'event',
        'event.category': ['network'],
        'event.type': ['connection'],
        'event.module': 'gcp',
        'event.dataset': 'gcp.vpcflow',
        'event.id': asText(own(record, 'insertId')),
        'cloud.provider': 'gcp',
        'source.ip': source,
        'source.port': port(own(connection, 'src_port'), 'src_port'),
        'source.packets': packets,
        'source.bytes': bytes,
        'source.domain': from && asText(own(from, 'vm_name')),
        'destination.ip': target,
        'destination.port': port(own(connection, 'dest_port'), 'dest_port'),
        'destination.domain': to && asText(own(to, 'vm_name')),
        'network.type': networkType(source),
        'network.packets': packets,
        'network.bytes': bytes,
        'network.direction': from ? (to ? 'internal' : 'outbound') : to ? 'inbound' : 'unknown',
        'gcp.vpcflow.reporter': reporter,
        'orchestrator.namespace': namespaceOf(payload, 'src_gke_details'),
        'destination.namespace': namespaceOf(payload, 'dest_gke_details'),
      },
      protocolFields(own(connection, 'protocol')),
    );
    return [document];
  },
};

const optionalTime = (payload: JsonObject, name: string): string | undefined =>
  own(payload, name) === undefined ? undefined : isoTime(own(payload, name), name);

function namespaceOf(payload: JsonObject, details: string): string | undefined {
  const pod = ownObject(ownObject(payload, details) ?? {}, 'pod');
  return pod && asText(own(pod, 'pod_namespace'));
}
