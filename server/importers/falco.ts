import type { EcsDocument } from '../../queries/document.js';
import { falco as table } from '../../queries/integrations/containers.js';
import { matches } from '../../queries/matches.js';
import { containerFields, fileNameOf, pidOf, podFields, sensorTime } from './container-fields.js';
import type { JsonFormat, JsonObject } from './format.js';
import { own, ownObject } from './json-record.js';
import { address, asNumber, asText, documentOf, port } from './zeek-suricata-values.js';

/** The events that the table may read; all others (files, signals …) give no document. */
const READ = new Set(['connect', 'sendto', 'sendmsg', 'sendmmsg', 'execve', 'execveat', 'procexit', 'socket']);

/** Falco's alerts as JSON (`json_output`), as Elastic's falco integration writes them. */
export const falco: JsonFormat = {
  name: 'Falco',
  recognizes: (record) =>
    Object.hasOwn(record, 'rule') &&
    Object.hasOwn(record, 'priority') &&
    ownObject(record, 'output_fields') !== undefined,
  toDocuments(record) {
    const output = ownObject(record, 'output_fields') ?? {};
    const type = asText(own(output, 'evt.type'));
    if (type === undefined || !READ.has(type)) return [];
    const document = toDocument(record, output, type);
    const { contact, launch, exit, rawSocket } = table;
    return [contact?.begun, launch, exit, rawSocket].some((rule) => rule && matches(rule, document)) ? [document] : [];
  },
};

function toDocument(record: JsonObject, output: JsonObject, type: string): EcsDocument {
  const text = (field: string) => asText(own(output, field));
  const executable = text('proc.exepath');
  const tty = asNumber(own(output, 'proc.tty'));
  const host = asText(own(record, 'hostname'));
  return documentOf(
    {
      '@timestamp': timeOf(record, output),
      'event.kind': 'alert',
      'event.module': 'falco',
      'event.dataset': 'falco.alerts',
      'event.provider': asText(own(record, 'source')),
      ...kindOf(type),
      'rule.name': asText(own(record, 'rule')),
      'host.name': host,
      'host.os.type': 'linux',
      'observer.hostname': host,
      'observer.product': 'falco',
      'falco.output_fields.evt.type': type,
      'falco.output_fields.evt.res': text('evt.res'),
      'falco.output_fields.evt.args': text('evt.args'),
    },
    type === 'connect' || type.startsWith('send') ? socketFields(output) : {},
    {
      'process.executable': executable,
      'process.name': text('proc.name') ?? fileNameOf(executable),
      'process.command_line': text('proc.cmdline'),
      'process.pid': pidOf(own(output, 'proc.pid')),
      'process.interactive': tty === undefined ? undefined : tty > 0,
      'process.parent.pid': pidOf(own(output, 'proc.ppid')),
      'process.parent.executable': text('proc.pexepath'),
      'process.parent.name': text('proc.pname'),
      'process.parent.command_line': text('proc.pcmdline'),
      'user.id': text('user.uid'),
      'user.name': text('user.name'),
      'user.audit.id': text('user.loginuid'),
      'container.name': text('container.name'),
      'container.image.name': text('container.image.repository') ?? text('container.image'),
    },
    containerFields(text('container.id')),
    podFields(text('k8s.ns.name'), text('k8s.pod.name')),
  );
}

const kindOf = (type: string): Record<string, unknown> =>
  type.startsWith('exec')
    ? { 'event.category': ['process'], 'event.type': ['start'] }
    : type === 'procexit'
      ? { 'event.category': ['process'], 'event.type': ['end'] }
      : { 'event.category': ['network'], 'event.type': ['connection'] };

/** `time` is the alert's; older outputs have the event's as a number. */
function timeOf(record: JsonObject, output: JsonObject): string {
  const time = own(record, 'time') ?? own(output, 'evt.time') ?? own(output, 'evt.time.iso8601');
  return sensorTime(time, 'time');
}

/**
 * Local and remote address where the rule prints them; else both ends of `fd.name`, which reads `10.0.0.1:4000->10.0.0.2:22`
 * with the client first. A name without an arrow is a unix socket, or one that is not connected.
 */
function socketFields(output: JsonObject): Record<string, unknown> {
  const transport = asText(own(output, 'fd.l4proto'));
  const [client, server] = (asText(own(output, 'fd.name')) ?? '').split('->', 2).map(endOf);
  const remote = own(output, 'fd.rip') ?? own(output, 'fd.sip') ?? server?.ip;
  if (remote === undefined || remote === null) return {};
  const local = own(output, 'fd.lip') ?? own(output, 'fd.cip') ?? client?.ip;
  return {
    'source.ip': local === undefined || local === null ? undefined : address(local, 'fd.lip'),
    'source.port': port(own(output, 'fd.lport') ?? own(output, 'fd.cport') ?? client?.port, 'fd.lport'),
    'destination.ip': address(remote, 'fd.rip'),
    'destination.port': port(own(output, 'fd.rport') ?? own(output, 'fd.sport') ?? server?.port, 'fd.rport'),
    'network.transport': transport,
    'network.direction': 'egress',
    'falco.output_fields.fd.l4proto': transport,
  };
}

/** IPv6 stands without brackets: the port is behind the last colon. */
function endOf(end: string): { ip: string; port: string } | undefined {
  const colon = end.lastIndexOf(':');
  if (colon < 0 || !/^\d{1,5}$/.test(end.slice(colon + 1))) return undefined;
  return { ip: end.slice(0, colon), port: end.slice(colon + 1) };
}
