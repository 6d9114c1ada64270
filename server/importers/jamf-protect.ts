import { fieldsOfMessage, isEndpointSecurity, timeOfMessage } from './endpoint-security.js';
import type { JsonFormat } from './format.js';
import { present, textAt, textsAt } from './host-values.js';
import { ownObject } from './json-record.js';

/**
 * Jamf Protect's telemetry: messages of macOS' Endpoint Security with the host and with connections. Documents are those
 * of Elastic's jamf_protect integration. Launches were seen in real files, connections only in its documentation.
 */
export const jamfProtect: JsonFormat = {
  name: 'Jamf Protect telemetry',
  recognizes: (record) => isEndpointSecurity(record) && textAt(ownObject(record, 'metadata'), 'vendor') === 'Jamf',
  toDocuments(record) {
    const fields = fieldsOfMessage(record);
    if (!fields) return [];
    const time = timeOfMessage(record);
    const host = ownObject(record, 'host');
    const name = textAt(host, 'hostname');
    return [
      present({
        '@timestamp': time,
        'event.start': time,
        'event.kind': 'event',
        'event.module': 'jamf_protect',
        'event.dataset': 'jamf_protect.telemetry',
        'event.provider': 'Jamf Protect',
        'event.code': textAt(record, 'event_type'),
        'event.id': textAt(record, 'uuid'),
        ...fields,
        'host.name': name,
        'host.hostname': name,
        'host.id': textAt(host, 'provisioningUDID'),
        'host.ip': textsAt(host, 'ips'),
        'host.os.type': 'macos',
        'observer.vendor': 'Jamf',
        'observer.product': 'Jamf Protect',
        'observer.version': textAt(host, 'protectVersion'),
      }),
    ];
  },
};
