import type { JsonObject } from './format.js';
import { numberAt, portAt, textAt } from './host-values.js';
import { own } from './json-record.js';
import { fileNameOf } from './windows-values.js';

type Fields = Record<string, unknown>;
export type OsqueryPlatform = 'linux' | 'macos';

/** What an event row says, by the columns it has: the name of a query is its author's choice. */
export function fieldsOfRow(row: JsonObject, query: string): Fields | undefined {
  return connection(row) ?? processEvent(row, query);
}

const CALLS = new Map([
  ['connect', 'egress'],
  ['accept', 'ingress'],
  ['accept4', 'ingress'],
]);

/** `socket_events` has an action, `bpf_socket_events` a system call; `process_open_sockets` is a state and has neither. */
function connection(row: JsonObject): Fields | undefined {
  const call = textAt(row, 'action') ?? textAt(row, 'syscall') ?? '';
  const direction = CALLS.get(call);
  const remote = addressAt(row, 'remote_address');
  if (direction === undefined || remote === undefined) return undefined;
  const local = addressAt(row, 'local_address');
  const [source, destination] =
    direction === 'egress' ? (['local', 'remote'] as const) : (['remote', 'local'] as const);
  const addresses = { local, remote };
  return {
    'event.category': ['network'],
    'event.type': ['connection', 'start'],
    ...processFields(row),
    'source.ip': addresses[source],
    'source.port': addresses[source] && portAt(row, `${source}_port`),
    'destination.ip': addresses[destination],
    'destination.port': addresses[destination] && portAt(row, `${destination}_port`),
    'network.transport': transportOf(row),
    'network.direction': direction,
  };
}

/** `0` and nothing stand where the system call names no address; `0.0.0.0` and `::` name none either. */
function addressAt(row: JsonObject, column: string): string | undefined {
  const address = textAt(row, column);
  return address === undefined || ['0', '0.0.0.0', '::'].includes(address) ? undefined : address;
}

const TRANSPORTS = new Map([
  ['6', 'tcp'],
  ['17', 'udp'],
]);
/** SOCK_STREAM, SOCK_DGRAM. */
const TYPES = new Map([
  ['1', 'tcp'],
  ['2', 'udp'],
]);

const transportOf = (row: JsonObject): string | undefined =>
  TRANSPORTS.get(textAt(row, 'protocol') ?? '') ?? TYPES.get(textAt(row, 'type') ?? '');

const EXEC = new Set(['execve', 'execveat']);

/**
 * `process_events`, `bpf_process_events` and `es_process_events`. A fork runs what its parent ran, and a failed exec
 * nothing. `processes` is a state: it has the time of a start, not of an event.
 */
function processEvent(row: JsonObject, query: string): Fields | undefined {
  const event = textAt(row, 'event_type');
  const call = textAt(row, 'syscall');
  if (event === 'exit') {
    return { 'event.category': ['process'], 'event.type': ['end'], ...processFields(row) };
  }
  if (event !== undefined && event !== 'exec') return undefined;
  if (call !== undefined && !EXEC.has(call)) return undefined;
  const hasTime = textAt(row, 'time') !== undefined || query.includes('process_events');
  if (event === undefined && call === undefined && !hasTime) return undefined;
  if (!Object.hasOwn(row, 'path') || !Object.hasOwn(row, 'cmdline') || Object.hasOwn(row, 'start_time'))
    return undefined;
  if ((textAt(row, 'exit_code') ?? '0') !== '0') return undefined;
  return {
    'event.category': ['process'],
    'event.type': ['start'],
    ...processFields(row),
    'process.command_line': textAt(row, 'cmdline'),
    'process.args': argumentsOf(row),
    'process.working_directory': textAt(row, 'cwd'),
  };
}

/** Only `bpf_process_events` tells arguments apart. */
function argumentsOf(row: JsonObject): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(textAt(row, 'json_cmdline') ?? '');
    return Array.isArray(parsed) ? parsed.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function processFields(row: JsonObject): Fields {
  const path = textAt(row, 'path');
  return {
    'process.executable': path,
    'process.name': fileNameOf(path),
    'process.pid': numberAt(row, 'pid'),
    'process.parent.pid': numberAt(row, 'parent'),
    'user.id': textAt(row, 'uid'),
    'user.effective.id': textAt(row, 'euid'),
    'user.audit.id': textAt(row, 'auid'),
    'user.name': textAt(row, 'username'),
    'process.code_signature.signing_id': textAt(row, 'signing_id'),
  };
}

const LINUX_ONLY = ['syscall', 'fsuid', 'suid', 'probe_error', 'cid'];
const MACOS_ONLY = ['signing_id', 'team_id', 'cdhash', 'platform_binary'];
const MACOS_PATHS = /^\/(?:System|Applications|Library|Users|private|opt\/homebrew)\//;
const LINUX_PATHS = /^\/(?:proc|home|snap|memfd:)/;
/** AF_INET6, whose number each system chose for itself. */
const FAMILIES = new Map<string, OsqueryPlatform>([
  ['10', 'linux'],
  ['30', 'macos'],
]);

/** osquery's results don't name the system: some columns, paths and numbers are of one only. */
export function platformOfRow(row: JsonObject): OsqueryPlatform | undefined {
  const has = (column: string) => own(row, column) !== undefined && own(row, column) !== '';
  if (LINUX_ONLY.some(has)) return 'linux';
  if (MACOS_ONLY.some(has)) return 'macos';
  const isConnection = Object.hasOwn(row, 'remote_address');
  if (has('status')) return isConnection ? 'linux' : 'macos'; // macOS has it for processes, Linux for sockets
  const path = textAt(row, 'path') ?? '';
  if (MACOS_PATHS.test(path)) return 'macos';
  if (LINUX_PATHS.test(path)) return 'linux';
  return FAMILIES.get(textAt(row, 'family') ?? '');
}
