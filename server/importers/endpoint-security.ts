import { type JsonObject, Rejected } from './format.js';
import { numberAt, portAt, textAt, textsAt } from './host-values.js';
import { own, ownObject } from './json-record.js';
import { fileNameOf, timeOf, transportOf } from './windows-values.js';

type Fields = Record<string, unknown>;

/** A message of macOS' Endpoint Security, as eslogger and Jamf Protect print it. */
export const isEndpointSecurity = (record: JsonObject): boolean =>
  Object.hasOwn(record, 'event_type') &&
  ownObject(record, 'event') !== undefined &&
  ownObject(ownObject(record, 'process') ?? {}, 'audit_token') !== undefined;

/**
 * What a message says of a program's start or end, or of a connection (which Jamf adds to Apple's events). Undefined for
 * other events. A fork runs what its parent ran; what it execs is the launch.
 */
export function fieldsOfMessage(record: JsonObject): Fields | undefined {
  const event = ownObject(record, 'event') ?? {};
  const exec = ownObject(event, 'exec');
  const connect = ownObject(event, 'network_connect');
  if (exec) return execFields(exec);
  if (connect) return connectFields(connect, record);
  if (!Object.hasOwn(event, 'exit')) return undefined;
  return {
    'event.action': 'exit',
    'event.category': ['process'],
    'event.type': ['end', 'info'],
    ...processFields(ownObject(record, 'process')),
  };
}

/** When it happened, in UTC. */
export function timeOfMessage(record: JsonObject): string {
  const time = timeOf(textAt(record, 'time'));
  if (time === undefined) throw new Rejected('no_time', 'No time as 2026-01-31T12:00:00.000Z');
  return time;
}

function execFields(exec: JsonObject): Fields {
  const args = textsAt(exec, 'args');
  return {
    'event.action': 'exec',
    'event.category': ['process'],
    'event.type': ['start', 'info'],
    ...processFields(ownObject(exec, 'target')),
    'process.args': args,
    'process.args_count': args?.length,
    'process.command_line': args?.join(' '),
    'process.working_directory': textAt(ownObject(exec, 'cwd'), 'path'),
  };
}

function connectFields(connect: JsonObject, record: JsonObject): Fields {
  const local = ownObject(connect, 'local_endpoint');
  const remote = ownObject(connect, 'remote_endpoint');
  const protocol = textAt(connect, 'socket_protocol');
  return {
    'event.action': 'network_connect',
    'event.category': ['process', 'network'],
    'event.type': ['info'],
    ...processFields(ownObject(connect, 'instigator') ?? ownObject(record, 'process')),
    'source.ip': textAt(local, 'host'),
    'source.port': portAt(local, 'port'),
    'destination.ip': textAt(remote, 'host'),
    'destination.port': portAt(remote, 'port'),
    'destination.domain': textAt(connect, 'remote_hostname'),
    'network.transport': transportOf(protocol),
    'network.direction': textAt(connect, 'direction') ?? textAt(ownObject(connect, 'file'), 'direction'),
  };
}

/** The audit token tells processes apart: Jamf gives it an id, Apple a version for each use of a pid. */
function processFields(process: JsonObject | undefined): Fields {
  if (!process) return {};
  const token = ownObject(process, 'audit_token');
  const parent = ownObject(process, 'parent_audit_token');
  const executable = ownObject(process, 'executable');
  const path = textAt(executable, 'path');
  return {
    'process.executable': path,
    'process.name': fileNameOf(path),
    'process.pid': numberAt(token, 'pid'),
    'process.entity_id': entityOf(token),
    'process.start': textAt(process, 'start_time'),
    'process.interactive': own(process, 'tty') !== undefined && own(process, 'tty') !== null,
    'process.hash.sha1': textAt(executable, 'sha1'),
    'process.hash.sha256': textAt(executable, 'sha256'),
    'process.code_signature.signing_id': textAt(process, 'signing_id'),
    'process.code_signature.team_id': textAt(process, 'team_id'),
    'process.parent.pid': numberAt(parent, 'pid') ?? numberAt(process, 'ppid'),
    'process.parent.entity_id': entityOf(parent),
    'process.parent.executable': textAt(parent, 'exec_path'),
    'user.id': textAt(token, 'ruid'),
    'user.name': textAt(token, 'e_username'),
    'user.effective.id': textAt(token, 'euid'),
    'user.audit.id': textAt(token, 'auid'),
  };
}

function entityOf(token: JsonObject | undefined): string | undefined {
  const id = textAt(token, 'uuid');
  if (id !== undefined) return id;
  const pid = textAt(token, 'pid');
  const version = textAt(token, 'pidversion');
  return pid === undefined || version === undefined ? undefined : `${pid}-${version}`;
}
