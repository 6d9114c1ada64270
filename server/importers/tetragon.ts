import type { EcsDocument } from '../../queries/document.js';
import { tetragon as table } from '../../queries/integrations/containers.js';
import { matches } from '../../queries/matches.js';
import { containerFields, fileNameOf, pidOf, podFields, wordsOf } from './container-fields.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';
import { isObject, own, ownObject } from './json-record.js';
import { address, asNumber, asText, documentOf, isoTime, port } from './zeek-suricata-values.js';

const KINDS = ['process_exec', 'process_exit', 'process_kprobe', 'process_tracepoint', 'process_connect'] as const;
/** Events of Tetragon and of its enterprise edition that tell nothing of a hunt. */
const OTHERS = /^process_(?:uprobe|lsm|loader|listen|accept|close|dns|http|tls|throttle|usdt)$/;

/** Tetragon's JSON export: launches and ends as Elastic's cilium_tetragon integration writes them, and connects. */
export const tetragon: JsonFormat = {
  name: 'Tetragon',
  recognizes: (record) => kindOf(record) !== undefined || Object.keys(record).some((key) => OTHERS.test(key)),
  toDocuments(record) {
    const kind = kindOf(record);
    if (kind === undefined) return [];
    const event = ownObject(record, kind) ?? {};
    const process = ownObject(event, 'process');
    if (!process) throw new Rejected('not_this_format', `${kind} has no process`);
    const action = actionOf(kind, event);
    if (action === undefined) return [];
    const document = documentOf(
      { '@timestamp': timeOf(record, process, kind), 'event.action': action },
      ...common(record, process, ownObject(event, 'parent')),
      kind === 'process_exec' || kind === 'process_exit' ? launchFields(kind) : connectFields(event),
    );
    const { contact, launch, exit } = table;
    return [contact?.begun, launch, exit].some((rule) => rule && matches(rule, document)) ? [document] : [];
  },
};

const kindOf = (record: JsonObject) => KINDS.find((kind) => Object.hasOwn(record, kind));

/** Elastic's words for starts and ends; for calls their name, without the architecture's prefix. */
function actionOf(kind: (typeof KINDS)[number], event: JsonObject): string | undefined {
  if (kind === 'process_exec') return 'executed';
  if (kind === 'process_exit') return 'end';
  if (kind === 'process_connect') return kind;
  const call = asText(own(event, 'function_name')) ?? asText(own(event, 'event'));
  return call?.replace(/^__(?:x64|arm64)_/, '').replace(/^(?:__sys|sys_enter|sys_exit)_connect$/, 'sys_connect');
}

/** Processes found at Tetragon's own start (`procFS`) are told then, and began before. */
function timeOf(record: JsonObject, process: JsonObject, kind: string): string {
  const start = own(process, 'start_time');
  const isFound = asText(own(process, 'flags'))?.includes('procFS');
  const time = own(record, 'time');
  if (kind === 'process_exec' && start !== undefined && (isFound || time === undefined))
    return isoTime(start, 'start_time');
  return isoTime(time, 'time');
}

function common(record: JsonObject, process: JsonObject, parent: JsonObject | undefined): Record<string, unknown>[] {
  const pod = ownObject(process, 'pod');
  const container = pod && ownObject(pod, 'container');
  const auid = asText(own(process, 'auid'));
  return [
    {
      'event.kind': 'event',
      'event.module': 'cilium_tetragon',
      'event.dataset': 'cilium_tetragon.log',
      'host.name': asText(own(record, 'node_name')),
      'host.os.type': 'linux',
      'orchestrator.cluster.name': asText(own(record, 'cluster_name')),
    },
    programFields('process', process),
    {
      'process.working_directory': asText(own(process, 'cwd')),
      'user.id': asText(own(process, 'uid')),
      'user.audit.id': auid,
      'container.name': container && asText(own(container, 'name')),
      'container.image.name': container && asText(own(ownObject(container, 'image') ?? {}, 'name')),
    },
    parent ? programFields('process.parent', parent) : {},
    containerFields((container && asText(own(container, 'id'))) ?? asText(own(process, 'docker'))),
    podFields(pod && asText(own(pod, 'namespace')), pod && asText(own(pod, 'name'))),
  ];
}

function programFields(prefix: string, process: JsonObject): Record<string, unknown> {
  const binary = asText(own(process, 'binary'));
  const given = asText(own(process, 'arguments'));
  const args = binary === undefined ? undefined : [binary, ...(given === undefined ? [] : wordsOf(given))];
  return {
    [`${prefix}.entity_id`]: asText(own(process, 'exec_id')),
    [`${prefix}.pid`]: pidOf(own(process, 'pid')),
    [`${prefix}.executable`]: binary,
    [`${prefix}.name`]: fileNameOf(binary),
    [`${prefix}.args`]: args,
    [`${prefix}.command_line`]: args?.join(' '),
  };
}

const launchFields = (kind: string): EcsDocument => ({
  'event.category': ['process'],
  'event.type': [kind === 'process_exec' ? 'start' : 'end'],
});

const CONNECTION = {
  'event.category': ['network'],
  'event.type': ['connection', 'start'],
  'network.direction': 'egress',
};

/** The target of a probed call: its socket or socket address; or of the enterprise edition's own event. */
function connectFields(event: JsonObject): Record<string, unknown> {
  const args = own(event, 'args');
  const holders = Array.isArray(args) ? args.filter(isObject) : [];
  const socket = firstOf(holders, 'sock_arg') ?? firstOf(holders, 'skb_arg');
  const sockaddr = firstOf(holders, 'sockaddr_arg');
  const target = own(event, 'destination_ip') ?? (socket ? own(socket, 'daddr') : sockaddr && sockaddrOf(sockaddr));
  if (target === undefined || target === '') return CONNECTION;
  const part = socket ?? {};
  const source = own(event, 'source_ip') ?? own(part, 'saddr');
  const pod = ownObject(event, 'destination_pod');
  const result = ownObject(event, 'return');
  return {
    ...CONNECTION,
    'source.ip': isAddressGiven(source) ? address(source, 'saddr') : undefined,
    'source.port': port(own(event, 'source_port') ?? own(part, 'sport'), 'sport'),
    'destination.ip': address(target, 'daddr'),
    'destination.port': port(
      own(event, 'destination_port') ?? own(part, 'dport') ?? (sockaddr && own(sockaddr, 'port')),
      'dport',
    ),
    'destination.namespace': pod && asText(own(pod, 'namespace')),
    'network.transport': asText(own(event, 'protocol') ?? own(part, 'protocol'))
      ?.replace(/^IPPROTO_/, '')
      .toLowerCase(),
    'cilium_tetragon.log.process_kprobe.function_name': asText(own(event, 'function_name')),
    'cilium_tetragon.log.process_kprobe.action': asText(own(event, 'action')),
    'cilium_tetragon.log.process_kprobe.return.int_arg': result && asNumber(own(result, 'int_arg')),
  };
}

/** A socket that is not bound yet says 0.0.0.0. */
const isAddressGiven = (value: unknown): boolean =>
  value !== undefined && value !== '' && value !== '0.0.0.0' && value !== '::';

/** Unix sockets have a path in the address' place. */
function sockaddrOf(sockaddr: JsonObject): unknown {
  const family = asText(own(sockaddr, 'family'));
  return family === undefined || family.startsWith('AF_INET') ? own(sockaddr, 'addr') : undefined;
}

const firstOf = (holders: JsonObject[], name: string): JsonObject | undefined =>
  holders.map((holder) => ownObject(holder, name)).find((found) => found !== undefined);
