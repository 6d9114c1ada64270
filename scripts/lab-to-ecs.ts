import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import type { EcsDocument } from '../queries/document.js';
import { isMain } from './is-main.js';

const common = {
  /** Epoch seconds, to the millisecond. */
  ts: z.number(),
  /** Null where the lab could not tell. */
  host: z.string().nullable(),
  pid: z.int(),
  ppid: z.int(),
  auid: z.int(),
  uid: z.int(),
  exe: z.string(),
  comm: z.string(),
  /** A descriptor or 0, or a negative errno. */
  exit: z.int(),
  /** The audit event's number. */
  serial: z.int(),
  container_id: z.string().optional(),
};

/** One line of the lab's procevents.ndjson. */
export const LabEvent = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('exec'), args: z.array(z.string()) }),
  z.object({
    ...common,
    kind: z.literal('connect'),
    family: z.enum(['inet', 'inet6']),
    dest_ip: z.string(),
    dest_port: z.int(),
  }),
  z.object({
    ...common,
    kind: z.literal('socket'),
    family: z.enum(['inet', 'inet6', 'packet']),
    sock_type: z.string(),
  }),
]);
export type LabEvent = z.infer<typeof LabEvent>;

/** The lines of the lab's hosts.ndjson that give a host its address. */
const LabHost = z.object({ host: z.string(), ip: z.string() });

/** Reads JSON lines; a line that is none, or that `schema` does not know, is an error that names file, line and field. */
export const parseLines = <T>(text: string, file: string, schema: z.ZodType<T>): T[] =>
  jsonLines(text, file).map(({ value, place }) => {
    const read = schema.safeParse(value);
    if (!read.success) throw new Error(`${place}: ${z.prettifyError(read.error)}`);
    return read.data;
  });

/** Addresses by host name, from hosts.ndjson. Its other lines (ports, containers) are passed over. */
export const parseHosts = (text: string): Map<string, string> =>
  new Map(
    jsonLines(text, 'hosts.ndjson').flatMap(({ value }) => {
      const read = LabHost.safeParse(value);
      return read.success ? [[read.data.host, read.data.ip] as const] : [];
    }),
  );

function jsonLines(text: string, file: string): { value: unknown; place: string }[] {
  return text.split('\n').flatMap((line, index) => {
    const place = `${file}:${index + 1}`;
    if (line === '') return [];
    try {
      return [{ value: JSON.parse(line) as unknown, place }];
    } catch (error) {
      throw new Error(`${place}: not JSON`, { cause: error });
    }
  });
}

type Exec = Extract<LabEvent, { kind: 'exec' }>;

/**
 * The lab's process events as ECS documents, as auditbeat's auditd module (Elastic's auditd_manager) writes them:
 * errors by name, numbers of `auditd.data` as text. What auditbeat gets from its host and from container metadata
 * (host.*, container.id, process.entity_id) comes from the lab's own knowledge. `events` are in the order of time.
 */
export function labToEcs(events: readonly LabEvent[], hosts: ReadonlyMap<string, string>): EcsDocument[] {
  const running = new Map<string, Exec>();
  return events.map((event) => {
    if (event.kind === 'exec' && event.exit === 0) running.set(programKey(event.host, event.pid), event);
    return {
      ...envelope(event, hosts),
      ...subject(
        event,
        running.get(programKey(event.host, event.pid)),
        running.get(programKey(event.host, event.ppid)),
      ),
      ...act(event),
    };
  });
}

const programKey = (host: string | null, pid: number): string => JSON.stringify([host, pid]);

function envelope(event: LabEvent, hosts: ReadonlyMap<string, string>): EcsDocument {
  const result = event.exit < 0 ? 'fail' : 'success';
  const address = event.host === null ? undefined : hosts.get(event.host);
  return {
    '@timestamp': new Date(Math.round(event.ts * 1000)).toISOString(),
    'ecs.version': '9.0.0',
    'event.kind': 'event',
    'event.module': 'auditd',
    'event.outcome': result === 'fail' ? 'failure' : 'success',
    'service.type': 'auditd',
    'auditd.message_type': 'syscall',
    'auditd.sequence': event.serial,
    'auditd.result': result,
    'auditd.data.arch': 'x86_64',
    'auditd.data.exit': errors.get(event.exit) ?? String(event.exit),
    'host.os.type': 'linux',
    ...(event.host === null
      ? {}
      : { 'host.name': event.host, 'host.id': digest(`lab host ${event.host}`).slice(0, 32) }),
    ...(address === undefined ? {} : { 'host.ip': [address] }),
    ...(event.container_id === undefined ? {} : { 'container.id': event.container_id, 'container.runtime': 'runc' }),
  };
}

function subject(event: LabEvent, program: Exec | undefined, parent: Exec | undefined): EcsDocument {
  const uid = String(event.uid);
  const userName = userNames.get(event.uid);
  return {
    'process.pid': event.pid,
    'process.executable': event.exe,
    'process.name': event.comm,
    ...(program ? { 'process.entity_id': entityId(program) } : {}),
    'process.parent.pid': event.ppid,
    ...(parent
      ? {
          'process.parent.entity_id': entityId(parent),
          'process.parent.executable': parent.exe,
          'process.parent.name': parent.comm,
          'process.parent.args': parent.args,
          'process.parent.command_line': parent.args.join(' '),
        }
      : {}),
    'user.id': uid,
    ...(userName === undefined ? {} : { 'user.name': userName }),
    'user.audit.id': String(event.auid),
  };
}

function act(event: LabEvent): EcsDocument {
  switch (event.kind) {
    case 'exec':
      return {
        'event.category': ['process'],
        'event.type': ['start'],
        'event.action': 'executed',
        'auditd.data.syscall': 'execve',
        'process.args': event.args,
        'process.args_count': event.args.length,
        'process.command_line': event.args.join(' '),
      };
    case 'connect':
      return {
        'event.category': ['network'],
        'event.type': ['connection', 'start'],
        'event.action': 'connected-to',
        'auditd.data.syscall': 'connect',
        'auditd.data.socket.family': event.family === 'inet' ? 'ipv4' : 'ipv6',
        'auditd.data.socket.addr': event.dest_ip,
        'auditd.data.socket.port': String(event.dest_port),
        'network.direction': 'egress',
        'destination.ip': event.dest_ip,
        'destination.port': event.dest_port,
      };
    case 'socket':
      return {
        'event.category': ['process'], // auditbeat's catch-all for calls that it has no words for, without an action
        'event.type': ['info'],
        'auditd.data.syscall': 'socket',
        'auditd.data.a0': { inet: '2', inet6: 'a', packet: '11' }[event.family],
        'auditd.data.a1': { raw: '3', dgram: '2' }[event.sock_type] ?? Number(event.sock_type).toString(16),
      };
  }
}

/** One for each program that a pid became: a shell that execs a tool is another process from then on. */
const entityId = ({ host, pid, serial }: Exec): string => digest(JSON.stringify([host, pid, serial])).slice(0, 16);

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

const userNames = new Map([
  [0, 'root'],
  [65534, 'nobody'],
]);

const errors = new Map([
  [-1, 'EPERM'],
  [-2, 'ENOENT'],
  [-13, 'EACCES'],
  [-22, 'EINVAL'],
  [-97, 'EAFNOSUPPORT'],
  [-99, 'EADDRNOTAVAIL'],
  [-101, 'ENETUNREACH'],
  [-110, 'ETIMEDOUT'],
  [-111, 'ECONNREFUSED'],
  [-113, 'EHOSTUNREACH'],
  [-115, 'EINPROGRESS'],
]);

if (isMain(import.meta.url)) {
  const command = new Command('lab-to-ecs')
    .description("Turns the lab's process events into ECS documents, as auditbeat writes them, on stdout.")
    .argument('<procevents>', 'procevents.ndjson')
    .argument('<hosts>', 'hosts.ndjson')
    .parse();
  const [procevents = '', hosts = ''] = command.args;
  const events = parseLines(readFileSync(procevents, 'utf8'), procevents, LabEvent);
  for (const document of labToEcs(events, parseHosts(readFileSync(hosts, 'utf8'))))
    console.log(JSON.stringify(document));
}
