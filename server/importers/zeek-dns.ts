import type { EcsDocument } from '../../queries/document.js';
import type { ZeekRecord } from './zeek-record.js';
import { zeekTime } from './zeek-record.js';
import { address, asFlag, asNumber, asText, documentOf, port } from './zeek-suricata-values.js';

const MDNS_PORT = 5353;

/**
 * A line of dns.log as Elastic's zeek integration writes it, without the answers: no measure reads them. Nothing for a
 * line without a name. Over mDNS Zeek writes a line for each question (AA false) and one for each unasked answer, with
 * the answer's name as `query` (AA true).
 */
export function dnsDocuments(record: ZeekRecord): EcsDocument[] {
  const query = asText(record.get('query'));
  if (query === undefined) return [];
  const uid = asText(record.get('uid'));
  const destinationPort = port(record.get('id.resp_p'), 'id.resp_p');
  const document = documentOf({
    '@timestamp': zeekTime(record),
    'event.kind': 'event',
    'event.category': ['network'],
    'event.type': ['connection', 'protocol', 'info'],
    'event.module': 'zeek',
    'event.dataset': 'zeek.dns',
    'event.id': uid,
    'source.ip': address(record.get('id.orig_h'), 'id.orig_h'),
    'source.port': port(record.get('id.orig_p'), 'id.orig_p'),
    'destination.ip': address(record.get('id.resp_h'), 'id.resp_h'),
    'destination.port': destinationPort,
    'network.transport': asText(record.get('proto'))?.toLowerCase(),
    'network.protocol': destinationPort === MDNS_PORT ? 'mdns' : 'dns',
    'dns.type': asNumber(record.get('rcode')) === undefined ? 'query' : 'answer',
    'dns.response_code': asText(record.get('rcode_name')),
    'dns.question.name': query,
    'dns.question.type': asText(record.get('qtype_name')),
    'zeek.session_id': uid,
    'zeek.dns.AA': asFlag(record.get('AA')),
  });
  return [document];
}
