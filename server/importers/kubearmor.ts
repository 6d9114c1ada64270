import type { EcsDocument } from '../../queries/document.js';
import { kubearmor as table } from '../../queries/integrations/containers.js';
import { matches } from '../../queries/matches.js';
import { containerFields, fileNameOf, pidOf, podFields, wordsOf } from './container-fields.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';
import { own, ownObject } from './json-record.js';
import { address, asNumber, asText, documentOf, isoFromMicroseconds, isoTime, port } from './zeek-suricata-values.js';

const TYPES = new Set(['ContainerLog', 'HostLog', 'MatchedPolicy', 'MatchedHostPolicy', 'SystemEvent']);

/**
 * KubeArmor's logs and alerts: launches, connects, raw sockets and, by a DNS policy, names asked for. No official
 * integration maps them: the fields `kubearmor.…` are ours, after the vendor's names.
 */
export const kubearmor: JsonFormat = {
  name: 'KubeArmor',
  recognizes: (record) =>
    Object.hasOwn(record, 'Operation') &&
    Object.hasOwn(record, 'Resource') &&
    TYPES.has(asText(own(record, 'Type')) ?? ''),
  toDocuments(record) {
    const operation = asText(own(record, 'Operation'));
    if (operation !== 'Process' && operation !== 'Network') return [];
    const fields = { ...judgedFields(record), ...(operation === 'Network' ? networkFields(record) : {}) };
    const { contact, launch, rawSocket, nameQuery } = table;
    if (![contact?.begun, launch, rawSocket, nameQuery].some((rule) => rule && matches(rule, fields))) return [];
    return [
      documentOf(commonFields(record), fields, operation === 'Process' ? launchFields(record) : callFields(record)),
    ];
  },
};

const judgedFields = (record: JsonObject): EcsDocument =>
  documentOf({
    'kubearmor.operation': asText(own(record, 'Operation')),
    'kubearmor.data': asText(own(record, 'Data')),
    'kubearmor.resource': asText(own(record, 'Resource')),
    'kubearmor.result': asText(own(record, 'Result')),
    'kubearmor.action': asText(own(record, 'Action')),
  });

function commonFields(record: JsonObject): Record<string, unknown> {
  const text = (name: string) => asText(own(record, name));
  const isNetwork = own(record, 'Operation') === 'Network';
  return {
    '@timestamp': timeOf(record),
    'event.kind': 'event',
    'event.module': 'kubearmor',
    'event.dataset': 'kubearmor.log',
    'event.category': [isNetwork ? 'network' : 'process'],
    'event.type': [isNetwork ? 'connection' : 'start'],
    'rule.name': text('PolicyName'),
    'host.name': text('HostName'),
    'host.os.type': 'linux',
    'process.executable': text('ProcessName'),
    'process.name': fileNameOf(text('ProcessName')),
    'process.pid': pidOf(own(record, 'HostPID')),
    'process.parent.pid': pidOf(own(record, 'HostPPID')),
    'process.parent.executable': text('ParentProcessName'),
    'process.interactive': text('TTY') === undefined ? undefined : true,
    'user.id': text('UID'),
    'container.name': text('ContainerName'),
    'container.image.name': text('ContainerImage'),
    ...containerFields(text('ContainerID')),
    ...podFields(text('NamespaceName'), text('PodName')),
  };
}

/** `UpdatedTime` has microseconds; `Timestamp` is the same in whole seconds. */
function timeOf(record: JsonObject): string {
  const updated = own(record, 'UpdatedTime');
  if (updated !== undefined) return isoTime(updated, 'UpdatedTime');
  const seconds = asNumber(own(record, 'Timestamp'));
  if (seconds === undefined) throw new Rejected('no_time', 'Neither UpdatedTime nor Timestamp');
  return isoFromMicroseconds(seconds * 1_000_000, 'Timestamp');
}

/** Of a launch, `Resource` is the new command line and `Source` the parent's. */
const launchFields = (record: JsonObject): Record<string, unknown> => ({
  ...commandFields('process', asText(own(record, 'Resource'))),
  ...commandFields('process.parent', asText(own(record, 'Source'))),
});

const callFields = (record: JsonObject): Record<string, unknown> =>
  commandFields('process', asText(own(record, 'Source')));

const commandFields = (prefix: string, commandLine: string | undefined): Record<string, unknown> => ({
  [`${prefix}.command_line`]: commandLine,
  [`${prefix}.args`]: commandLine && wordsOf(commandLine),
});

/**
 * The target stands in `Resource` as words: `remoteip=… port=… protocol=TCP` of a kernel probe, `sa_family=… sin_port=…
 * sin_addr=…` of the system call. One TCP connect leaves both. The system call has no transport, so the probe's is left
 * out too: else each would be two sockets.
 */
function networkFields(record: JsonObject): EcsDocument {
  const event = ownObject(record, 'EventData');
  const domain = event && asText(own(event, 'Domain'));
  if (domain !== undefined) return { 'dns.question.name': domain };
  const words = new Map<string, string>();
  for (const word of wordsOf(asText(own(record, 'Resource')) ?? '')) {
    const equal = word.indexOf('=');
    if (equal > 0) words.set(word.slice(0, equal), word.slice(equal + 1));
  }
  const target = words.get('remoteip') ?? words.get('sin_addr') ?? words.get('sin6_addr');
  if (target === undefined || target === '') return {};
  return documentOf({
    'destination.ip': address(target, 'Resource'),
    'destination.port': port(words.get('port') ?? words.get('sin_port') ?? words.get('sin6_port'), 'Resource'),
    'network.direction': 'egress',
  });
}
