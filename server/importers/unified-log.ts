import { type JsonFormat, Rejected } from './format.js';
import { numberAt, present, textAt } from './host-values.js';
import { type ServiceRequest, serviceRequestOf } from './unified-log-mdns.js';
import { timeOf } from './windows-values.js';

const RESPONDER = '/usr/sbin/mDNSResponder';

/**
 * macOS' unified log, by `log stream --style ndjson` or `log show --style ndjson` (or `json`). Read are the services
 * that programs ask mDNSResponder for; its messages name the program. Documents are those of Elastic's unifiedlogs
 * integration, except that the process is the program that asked, and that the question stands in ECS.
 *
 * Only mDNSResponder's own messages count: any program can log under its subsystem. The log does not name its host.
 * Quiet on purpose: the network subsystem, for addresses are hidden in all that it says of connections; use a flow log
 * or an endpoint agent for these.
 */
export const unifiedLog: JsonFormat = {
  name: 'macOS unified log (NDJSON)',
  provenUnseen: true,
  recognizes: (record) =>
    Object.hasOwn(record, 'eventMessage') &&
    ['processImagePath', 'senderImagePath', 'machTimestamp'].some((name) => Object.hasOwn(record, name)),
  toDocuments(record) {
    if (textAt(record, 'processImagePath') !== RESPONDER) return [];
    const message = textAt(record, 'eventMessage') ?? '';
    const request = serviceRequestOf(message);
    if (!request) return [];
    const time = timeOf(textAt(record, 'timestamp'));
    if (time === undefined) throw new Rejected('no_time', 'No timestamp as 2026-01-31 12:00:00.000000+0000');
    return [
      present({
        '@timestamp': time,
        'event.kind': 'event',
        'event.module': 'unifiedlogs',
        'event.dataset': 'unifiedlogs.log',
        'event.provider': textAt(record, 'subsystem'),
        'event.category': ['network'],
        'event.type': ['protocol'],
        ...questionFields(request),
        'host.os.type': 'macos',
        message,
        'unified_log.subsystem': textAt(record, 'subsystem'),
        'unified_log.category': textAt(record, 'category'),
        'unified_log.process.pid': numberAt(record, 'processID'),
      }),
    ];
  },
};

const questionFields = ({ kind, pid, client, name, hash }: ServiceRequest) => ({
  'event.action': `mdns-${kind}`,
  'process.name': client || undefined,
  'process.entity_id': client === '' ? `pid:${pid}` : undefined,
  'process.pid': pid,
  'network.protocol': 'mdns',
  'dns.question.name': name,
  'dns.question.type': 'PTR',
  'unified_log.mdns.name_hash': hash,
});
