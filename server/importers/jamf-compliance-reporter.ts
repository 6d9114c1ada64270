import { type JsonFormat, type JsonObject, Rejected } from './format.js';
import { isoOfSeconds, numberAt, portAt, present, textAt, textsAt } from './host-values.js';
import { own, ownObject } from './json-record.js';
import { fileNameOf } from './windows-values.js';

type Fields = Record<string, unknown>;

/** AUE_ names of the audit events that are read. */
const EVENTS: ReadonlyMap<string, (record: JsonObject) => Fields> = new Map([
  ['AUE_CONNECT', connectFields],
  ['AUE_EXECVE', execFields],
  ['AUE_MAC_EXECVE', execFields],
  ['AUE_POSIX_SPAWN', spawnFields],
  ['AUE_EXIT', exitFields],
]);

/**
 * Jamf Compliance Reporter: records of macOS' audit system (OpenBSM) as JSON. Documents are those of Elastic's
 * jamf_compliance_reporter integration, and hold in ECS what it keeps apart: address, arguments, parent.
 *
 * The audit system does not always name the program of a connect; its signing id stands for it then. Connects to sockets
 * in the file system have no address and are of no interest.
 */
export const jamfComplianceReporter: JsonFormat = {
  name: 'Jamf Compliance Reporter (OpenBSM)',
  provenUnseen: true,
  recognizes: (record) =>
    textAt(ownObject(record, 'header'), 'event_name') !== undefined && ownObject(record, 'host_info') !== undefined,
  toDocuments(record) {
    const header = ownObject(record, 'header');
    const event = textAt(header, 'event_name') ?? '';
    const fields = EVENTS.get(event)?.(record);
    if (!fields || (event === 'AUE_CONNECT' && fields['destination.ip'] === undefined)) return [];
    const host = ownObject(record, 'host_info');
    const name = textAt(host, 'host_name');
    const outcome = ownObject(record, 'return');
    return [
      present({
        '@timestamp': timeOf(header),
        'event.kind': 'event',
        'event.module': 'jamf_compliance_reporter',
        'event.dataset': 'jamf_compliance_reporter.log',
        'event.action': event.toLowerCase().replace('aue_mac_', 'aue_'),
        'event.code': textAt(header, 'event_id'),
        'event.outcome': textAt(outcome, 'description')?.startsWith('success') ? 'success' : 'failure',
        'error.code': textAt(outcome, 'error'),
        ...fields,
        ...userFields(ownObject(record, 'subject')),
        'host.name': name,
        'host.hostname': name,
        'host.id': textAt(host, 'host_uuid'),
        'host.os.type': 'macos',
      }),
    ];
  },
};

function timeOf(header: JsonObject | undefined): string {
  const seconds = numberAt(header, 'time_seconds_epoch');
  const milliseconds = numberAt(header, 'time_milliseconds_offset') ?? 0;
  const time = seconds === undefined ? undefined : isoOfSeconds(seconds + Math.min(milliseconds, 999) / 1000);
  if (time === undefined) throw new Rejected('no_time', 'No header.time_seconds_epoch in seconds since 1970');
  return time;
}

function connectFields(record: JsonObject): Fields {
  const socket = ownObject(record, 'socket_inet');
  return {
    'event.category': ['network'],
    'event.type': ['connection', 'start'],
    ...subjectProcess(record),
    'destination.ip': textAt(socket, 'ip_address'),
    'destination.port': portAt(socket, 'port'),
    'network.direction': 'egress',
  };
}

function execFields(record: JsonObject): Fields {
  const chain = ownObject(record, 'exec_chain_child');
  const parent = textAt(chain, 'parent_path');
  return {
    ...startFields(record),
    ...subjectProcess(record),
    'process.parent.pid': numberAt(chain, 'parent_pid'),
    'process.parent.executable': parent,
    'process.parent.name': fileNameOf(parent),
  };
}

/** Here the subject is who starts; what is started has a pid and its arguments, of which the first names it. */
function spawnFields(record: JsonObject): Fields {
  const subject = ownObject(record, 'subject');
  const program = argumentsOf(record)?.[0];
  const parent = textAt(subject, 'process_name');
  return {
    ...startFields(record),
    'process.executable': program?.startsWith('/') ? program : undefined,
    'process.name': fileNameOf(program),
    'process.pid': numberAt(ownObject(record, 'arguments'), 'child_PID'),
    'process.parent.pid': numberAt(subject, 'process_id'),
    'process.parent.executable': parent,
    'process.parent.name': fileNameOf(parent),
  };
}

function startFields(record: JsonObject): Fields {
  const args = argumentsOf(record);
  return {
    'event.category': ['process'],
    'event.type': ['start'],
    'process.args': args,
    'process.args_count': args?.length,
    'process.command_line': args?.join(' '),
  };
}

function exitFields(record: JsonObject): Fields {
  return { 'event.category': ['process'], 'event.type': ['end'], ...subjectProcess(record) };
}

/** `{"1": "nmap", "2": "-sS"}` */
function argumentsOf(record: JsonObject): string[] | undefined {
  const args = ownObject(ownObject(record, 'exec_args') ?? {}, 'args');
  if (!args) return undefined;
  return Object.keys(args)
    .sort((a, b) => Number(a) - Number(b))
    .map((number) => String(own(args, number)));
}

function subjectProcess(record: JsonObject): Fields {
  const subject = ownObject(record, 'subject');
  const signer = textAt(ownObject(record, 'identity'), 'signer_id');
  const path = textAt(subject, 'process_name') ?? (isExec(record) ? textsAt(record, 'path')?.at(-1) : undefined);
  return {
    'process.executable': path,
    'process.name': fileNameOf(path) ?? signer,
    'process.pid': numberAt(subject, 'process_id'),
    'process.hash.sha1': textAt(subject, 'process_hash')?.toLowerCase(),
    'process.code_signature.signing_id': signer,
  };
}

const isExec = (record: JsonObject): boolean =>
  textAt(ownObject(record, 'header'), 'event_name')?.endsWith('EXECVE') === true;

const userFields = (subject: JsonObject | undefined): Fields => ({
  'user.id': textAt(subject, 'user_id'),
  'user.name': textAt(subject, 'user_name'),
  'user.effective.id': textAt(subject, 'effective_user_id'),
  'user.effective.name': textAt(subject, 'effective_user_name'),
  'user.audit.id': textAt(subject, 'audit_id'),
});
