import type { WindowsEvent } from './windows-event.js';
import { commandFields, type EventTable, type Fields, processEvent, programFields } from './windows-fields.js';
import { guidOf, pidOf, portOf, transportOf, userOf } from './windows-values.js';

/** Sysmon 1 (start), 3 (connection), 5 (end) and 22 (name), of Windows and of Linux. */
export const sysmonEvents: EventTable = new Map([
  ['1', start],
  ['3', connection],
  ['5', end],
  ['22', nameQuery],
]);

function process({ data }: WindowsEvent): Fields {
  const user = userOf(data('User'));
  return {
    ...programFields('process', data('Image')),
    'process.pid': pidOf(data('ProcessId')),
    'process.entity_id': guidOf(data('ProcessGuid')),
    'user.name': user.name,
    'user.domain': user.domain,
  };
}

function start(event: WindowsEvent): Fields {
  const { data } = event;
  return {
    ...processEvent('start', 'Process Create (rule: ProcessCreate)'),
    ...process(event),
    ...commandFields('process', data('CommandLine')),
    'process.working_directory': data('CurrentDirectory'),
    'process.pe.original_file_name': data('OriginalFileName'),
    'process.pe.product': data('Product'),
    'process.pe.description': data('Description'),
    'process.pe.company': data('Company'),
    ...hashFields(data('Hashes')),
    ...programFields('process.parent', data('ParentImage')),
    ...commandFields('process.parent', data('ParentCommandLine')),
    'process.parent.pid': pidOf(data('ParentProcessId')),
    'process.parent.entity_id': guidOf(data('ParentProcessGuid')),
    'winlog.logon.id': data('LogonId'),
    'winlog.event_data.TerminalSessionId': data('TerminalSessionId'),
    'winlog.event_data.IntegrityLevel': data('IntegrityLevel'),
  };
}

const HASHES = new Map([
  ['MD5', 'process.hash.md5'],
  ['SHA1', 'process.hash.sha1'],
  ['SHA256', 'process.hash.sha256'],
  ['IMPHASH', 'process.pe.imphash'],
]);

/** `SHA1=…,MD5=…` */
function hashFields(hashes: string | undefined): Fields {
  const fields: Fields = {};
  for (const part of hashes?.split(',') ?? []) {
    const [name = '', value = ''] = part.split('=');
    const field = HASHES.get(name);
    if (field) fields[field] = value.toLowerCase();
  }
  return fields;
}

function connection(event: WindowsEvent): Fields {
  const { data } = event;
  const initiated = data('Initiated')?.toLowerCase();
  return {
    'event.category': ['network'],
    'event.type': ['start', 'connection', 'protocol'],
    'event.action': 'Network connection detected (rule: NetworkConnect)',
    ...process(event),
    'source.ip': data('SourceIp'),
    'source.port': portOf(data('SourcePort')),
    'destination.ip': data('DestinationIp'),
    'destination.port': portOf(data('DestinationPort')),
    'destination.domain': data('DestinationHostname'),
    'network.transport': transportOf(data('Protocol')),
    'network.direction': initiated === undefined ? undefined : initiated === 'false' ? 'ingress' : 'egress',
  };
}

function end(event: WindowsEvent): Fields {
  return { ...processEvent('end', 'Process terminated (rule: ProcessTerminate)'), ...process(event) };
}

function nameQuery(event: WindowsEvent): Fields {
  return {
    'event.category': ['network'],
    'event.type': ['connection', 'protocol', 'info'],
    'event.action': 'Dns query (rule: DnsQuery)',
    ...process(event),
    'network.protocol': 'dns',
    'dns.question.name': event.data('QueryName'),
  };
}
