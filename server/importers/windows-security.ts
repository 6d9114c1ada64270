import type { WindowsEvent } from './windows-event.js';
import { commandFields, type EventTable, type Fields, processEvent, programFields } from './windows-fields.js';
import { pidOf, portOf, transportOf } from './windows-values.js';

/** Security 4688 and 4689 (process start and end), 5156 and 5157 (connection permitted, blocked). */
export const securityEvents: EventTable = new Map([
  ['4688', start],
  ['4689', end],
  ['5156', (event) => connection(event, 'windows-firewall-connection', 'allowed')],
  ['5157', (event) => connection(event, 'windows-firewall-packet-block', 'denied')],
]);

const subjectFields = ({ data }: WindowsEvent): Fields => ({
  'event.outcome': 'success',
  'user.name': data('SubjectUserName'),
  'user.domain': data('SubjectDomainName'),
  'user.id': data('SubjectUserSid'),
  'winlog.logon.id': data('SubjectLogonId'),
});

function start(event: WindowsEvent): Fields {
  const { data } = event;
  return {
    ...processEvent('start', 'created-process'),
    ...subjectFields(event),
    'user.effective.name': data('TargetUserName'),
    'user.effective.domain': data('TargetDomainName'),
    ...programFields('process', data('NewProcessName')),
    'process.pid': pidOf(data('NewProcessId')),
    ...commandFields('process', data('CommandLine')),
    ...programFields('process.parent', data('ParentProcessName')),
    'process.parent.pid': pidOf(data('ProcessId')),
  };
}

function end(event: WindowsEvent): Fields {
  return {
    ...processEvent('end', 'exited-process'),
    ...subjectFields(event),
    ...programFields('process', event.data('ProcessName')),
    'process.pid': pidOf(event.data('ProcessId')),
  };
}

const DIRECTIONS = new Map([
  ['%%14592', 'inbound'],
  ['%%14593', 'outbound'],
  ['inbound', 'inbound'],
  ['outbound', 'outbound'],
]);

/** For ICMP the platform puts type and code where ports stand: they are none. */
const PORTLESS = new Set(['icmp', 'ipv6-icmp', 'igmp']);

/** Source is who began, also where the connection came in. */
function connection({ data }: WindowsEvent, action: string, type: 'allowed' | 'denied'): Fields {
  const transport = transportOf(data('Protocol'));
  const hasPorts = !PORTLESS.has(transport ?? '');
  return {
    'event.category': ['network'],
    'event.type': ['connection', 'info', type],
    'event.action': action,
    ...programFields('process', data('Application')),
    'process.pid': pidOf(data('ProcessID') ?? data('ProcessId')),
    'source.ip': data('SourceAddress'),
    'destination.ip': data('DestAddress'),
    ...(hasPorts && { 'source.port': portOf(data('SourcePort')), 'destination.port': portOf(data('DestPort')) }),
    'network.transport': transport,
    'network.direction': DIRECTIONS.get(data('Direction')?.toLowerCase() ?? ''),
  };
}
