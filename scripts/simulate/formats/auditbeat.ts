import type { Connection, Launch, OfficeEvent, RawSocket } from '../events.js';
import type { Machine } from '../machines.js';
import { fileName, type Process } from '../processes.js';

/**
 * What auditbeat writes of the kernel's audit log with rules for execve, connect and raw sockets, each system call a
 * document. A connect that does not wait ends in EINPROGRESS whatever comes of it; one that a timer cuts short in
 * ERESTARTSYS (512), for which auditbeat has no name. Ends of processes are not audited.
 */
export function toAuditbeat(event: OfficeEvent): object[] {
  switch (event.kind) {
    case 'launch':
      return isAudited(event.process.machine) ? [launch(event)] : [];
    case 'raw_socket':
      return isAudited(event.process.machine) ? [rawSocket(event)] : [];
    case 'connection':
      return event.process && isAudited(event.process.machine) ? [connection(event, event.process)] : [];
    default:
      return [];
  }
}

const isAudited = (machine: Machine): boolean => machine.system === 'linux';

const launch = ({ at, process }: Launch): object => {
  const { args, parent } = process;
  const { auditd, ...rest } = document(process, at, 'execve', '0');
  return {
    ...rest,
    event: event(['process'], ['start'], 'executed', 'success'),
    auditd: { ...auditd, summary: { ...auditd.summary, object: { type: 'file', primary: process.executable } } },
    process: {
      ...identity(process),
      args,
      title: args.join(' '),
      working_directory: process.interactive ? `/home/${process.user.name}` : '/',
      ...(parent && { parent: { pid: parent.pid } }),
    },
  };
};

/** Of what it has no words for, auditbeat says no action. */
function rawSocket({ at, process }: RawSocket): object {
  const { auditd, ...rest } = document(process, at, 'socket', '3');
  return {
    ...rest,
    event: event(['process'], ['info'], undefined, 'success'),
    auditd: { ...auditd, data: { ...auditd.data, a0: '2', a1: '3', a2: '6' } },
    process: identity(process),
  };
}

function connection(attempt: Connection, process: Process): object {
  const exit = exitOf(attempt);
  const { destination, port } = attempt;
  const { auditd, ...rest } = document(process, attempt.at, 'connect', exit);
  return {
    ...rest,
    event: event(['network'], ['connection', 'start'], 'connected-to', exit === '0' ? 'success' : 'failure'),
    auditd: {
      ...auditd,
      data: {
        ...auditd.data,
        socket: { family: destination.includes(':') ? 'ipv6' : 'ipv4', addr: destination, port: String(port) },
      },
      summary: { ...auditd.summary, object: { type: 'socket', primary: destination, secondary: String(port) } },
    },
    destination: { ip: destination, port },
    network: { direction: 'egress' },
    process: identity(process),
  };
}

/** After about two minutes the kernel itself gives up. */
const KERNEL_TIMEOUT_MS = 127_000;

function exitOf({ transport, outcome, waitsMs }: Connection): string {
  if (transport === 'udp') return '0';
  if (waitsMs === undefined) return 'EINPROGRESS';
  if (outcome === 'answered') return '0';
  if (outcome === 'refused') return 'ECONNREFUSED';
  return waitsMs >= KERNEL_TIMEOUT_MS ? 'ETIMEDOUT' : '-512';
}

function document({ machine, user, interactive, executable }: Process, at: number, syscall: string, exit: string) {
  const login = interactive ? (machine.user ?? user) : undefined;
  return {
    '@timestamp': new Date(at).toISOString(),
    agent: { type: 'auditbeat', version: '8.15.0', name: machine.name },
    ecs: { version: '8.0.0' },
    service: { type: 'auditd' },
    host: {
      name: machine.name,
      hostname: machine.name,
      id: machine.id.replaceAll('-', ''),
      ip: [machine.address],
      architecture: 'x86_64',
      os: { type: 'linux', family: 'debian', platform: 'ubuntu', name: 'Ubuntu', version: '24.04' },
    },
    auditd: {
      message_type: 'syscall',
      result: exit === '0' || syscall === 'socket' ? 'success' : 'fail',
      session: login ? '12' : 'unset',
      summary: { actor: { primary: login?.name ?? 'unset', secondary: user.name }, how: executable },
      data: { syscall, exit, arch: 'x86_64', tty: login ? 'pts0' : '(none)' },
    },
    user: { id: user.id, name: user.name, audit: login ? { id: login.id, name: login.name } : { id: 'unset' } },
  };
}

const event = (category: string[], type: string[], action: string | undefined, outcome: string): object => ({
  module: 'auditd',
  kind: 'event',
  category,
  type,
  outcome,
  ...(action && { action }),
});

const identity = ({ pid, executable }: Process) => ({
  pid,
  executable,
  name: fileName(executable).slice(0, 15), // as the kernel keeps it
});
