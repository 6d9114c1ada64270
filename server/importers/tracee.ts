import type { EcsDocument } from '../../queries/document.js';
import { tracee as table } from '../../queries/integrations/containers.js';
import { matches } from '../../queries/matches.js';
import { containerFields, fileNameOf, pidOf, podFields, sensorTime } from './container-fields.js';
import type { JsonFormat } from './format.js';
import { isObject, own } from './json-record.js';
import { isTraceeEvent, type TraceeEvent, traceeEventOf } from './tracee-event.js';
import { address, asText, documentOf, port } from './zeek-suricata-values.js';

/** The events that are read; packets, files and all else give no document. */
const EVENTS: ReadonlyMap<string, (event: TraceeEvent) => Record<string, unknown>> = new Map([
  ['security_socket_connect', connect],
  ['connect', connect],
  ['net_tcp_connect', (event: TraceeEvent) => target(event.data('dst'), event.data('dst_port'), 'tcp')],
  ['net_flow_tcp_begin', flow],
  ['sched_process_exec', launch],
  ['sched_process_exit', () => kind('process', 'end')],
  ['security_socket_create', socket],
]);

/**
 * Tracee's events as JSON: the flat shape and that of the event API. No official integration maps them: the fields
 * `tracee.…` are ours, after the vendor's names. The host's name is that of the process' UTS namespace: in a container
 * the container's own.
 */
export const tracee: JsonFormat = {
  name: 'Tracee',
  provenUnseen: true,
  recognizes: isTraceeEvent,
  toDocuments(record) {
    const event = traceeEventOf(record);
    const fields = EVENTS.get(event.name)?.(event);
    if (!fields) return [];
    const document = documentOf(commonFields(event), fields);
    const { contact, launch: start, exit, rawSocket } = table;
    return [contact?.begun, start, exit, rawSocket].some((rule) => rule && matches(rule, document)) ? [document] : [];
  },
};

const kind = (category: string, ...types: string[]): EcsDocument => ({
  'event.category': [category],
  'event.type': types,
});

const commonFields = ({ process, parent, container, pod, ...event }: TraceeEvent): Record<string, unknown> => ({
  '@timestamp': sensorTime(event.time, 'timestamp'),
  'event.kind': 'event',
  'event.module': 'tracee',
  'event.dataset': 'tracee.events',
  'event.action': event.name,
  'tracee.event_name': event.name,
  'tracee.return_value': event.returnValue,
  'host.name': event.host,
  'host.os.type': 'linux',
  'process.executable': process.path,
  'process.name': process.name ?? fileNameOf(process.path),
  'process.pid': pidOf(process.pid),
  'process.entity_id': entityOf(process.entity),
  'process.parent.executable': parent.path,
  'process.parent.pid': pidOf(parent.pid),
  'process.parent.entity_id': entityOf(parent.entity),
  'user.id': asText(process.user),
  'container.name': container.name,
  'container.image.name': container.image,
  ...containerFields(container.id),
  ...podFields(pod.namespace, pod.name),
});

/** 0 stands for none. */
const entityOf = (value: unknown): string | undefined => (value === 0 ? undefined : asText(value));

function launch(event: TraceeEvent): Record<string, unknown> {
  const path = asText(event.data('pathname')) ?? asText(event.data('cmdpath'));
  const argv = listOf(event.data('argv'));
  return {
    ...kind('process', 'start'),
    'process.executable': path ?? event.process.path,
    'process.name': fileNameOf(path) ?? event.process.name,
    'process.args': argv,
    'process.command_line': argv?.join(' '),
  };
}

/** An array, or (`strArray`) an object that holds one. */
function listOf(value: unknown): string[] | undefined {
  const list = isObject(value) ? own(value, 'value') : value;
  return Array.isArray(list) ? list.map((item) => asText(item) ?? '') : undefined;
}

/** What a failed connect says of its socket: only TCP is refused, times out or is in progress. */
const TCP_ERRORS = new Set([-111, -110, -113, -115]);

function connect(event: TraceeEvent): Record<string, unknown> {
  const sockaddr = event.data('remote_addr') ?? event.data('addr');
  if (!isObject(sockaddr)) return {};
  const pick = (four: string, six: string, four2: string, six2: string): unknown =>
    own(sockaddr, four) ?? own(sockaddr, four2) ?? own(sockaddr, six) ?? own(sockaddr, six2);
  const ip = pick('sin_addr', 'sin6_addr', 'sinAddr', 'sin6Addr');
  if (ip === undefined || ip === '') return {}; // a unix socket
  const given = typeOf(event.data('type'));
  const transport = given ?? (TCP_ERRORS.has(event.returnValue ?? 0) ? 'tcp' : undefined);
  return target(ip, pick('sin_port', 'sin6_port', 'sinPort', 'sin6Port'), transport);
}

/** SOCK_STREAM is 1, SOCK_DGRAM 2; flags may stand beside them. */
function typeOf(type: unknown): string | undefined {
  const text = asText(type);
  if (text === '1' || text?.startsWith('SOCK_STREAM')) return 'tcp';
  return text === '2' || text?.startsWith('SOCK_DGRAM') ? 'udp' : undefined;
}

const target = (ip: unknown, number: unknown, transport: string | undefined): Record<string, unknown> => ({
  ...kind('network', 'connection', 'start'),
  'destination.ip': address(ip, 'destination'),
  'destination.port': port(number, 'destination port'),
  'network.transport': transport,
  'network.direction': 'egress',
});

function flow(event: TraceeEvent): Record<string, unknown> {
  return {
    ...target(event.data('dst'), event.data('dst_port'), 'tcp'),
    'source.ip': address(event.data('src'), 'source'),
    'source.port': port(event.data('src_port'), 'source port'),
    'network.direction': asText(event.data('conn_direction')) === 'incoming' ? 'ingress' : 'egress',
  };
}

function socket(event: TraceeEvent): Record<string, unknown> {
  return {
    ...kind('process', 'info'),
    'tracee.socket.family': event.data('family') === 17 ? 'AF_PACKET' : asText(event.data('family')),
    'tracee.socket.type': event.data('type') === 3 ? 'SOCK_RAW' : asText(event.data('type')),
  };
}
