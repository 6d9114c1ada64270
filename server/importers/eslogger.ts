import { fieldsOfMessage, isEndpointSecurity, timeOfMessage } from './endpoint-security.js';
import type { JsonFormat } from './format.js';
import { present, textAt } from './host-values.js';

/**
 * macOS' own eslogger, one message of Endpoint Security a line: `exec` is a launch, `exit` an end; Apple has no event for
 * connections. A line does not name its host.
 */
export const eslogger: JsonFormat = {
  name: 'eslogger',
  provenUnseen: true,
  recognizes: (record) => isEndpointSecurity(record) && Object.hasOwn(record, 'schema_version'),
  toDocuments(record) {
    const fields = fieldsOfMessage(record);
    if (!fields) return [];
    const time = timeOfMessage(record);
    return [
      present({
        '@timestamp': time,
        'event.kind': 'event',
        'event.module': 'eslogger',
        'event.dataset': 'eslogger.event',
        'event.code': textAt(record, 'event_type'),
        ...fields,
        'host.os.type': 'macos',
      }),
    ];
  },
};
