import { createHash } from 'node:crypto';
import type { Connection, Exit, Launch, OfficeEvent } from '../events.js';
import type { Machine } from '../machines.js';
import { commandLine, fileName, type Process } from '../processes.js';

/**
 * What Elastic Defend writes on macOS of processes and connections. An attempt says nothing of its end; only a
 * connection that was established gets a second document, when it closes.
 */
export function toDefend(event: OfficeEvent): object[] {
  switch (event.kind) {
    case 'launch':
      return isMac(event.process.machine) ? [launch(event)] : [];
    case 'exit':
      return isMac(event.process.machine) ? [exit(event)] : [];
    case 'connection':
      return event.process && isMac(event.process.machine) ? connection(event, event.process) : [];
    default:
      return [];
  }
}

const isMac = (machine: Machine): boolean => machine.system === 'macos';

const launch = ({ at, process }: Launch): object => ({
  ...document(process, at, 'process', 'exec', 'start'),
  process: { ...identity(process), working_directory: process.interactive ? `/Users/${process.user.name}` : '/' },
});

const exit = ({ at, process }: Exit): object => ({
  ...document(process, at, 'process', 'end', 'end'),
  process: { ...identity(process), exit_code: 0 },
});

function connection(event: Connection, process: Process): object[] {
  const ends = {
    process: {
      entity_id: entityId(process),
      executable: process.executable,
      name: fileName(process.executable),
      pid: process.pid,
    },
    source: { address: event.sourceAddress, ip: event.sourceAddress, port: event.sourcePort },
    destination: { address: event.destination, ip: event.destination, port: event.port },
    network: {
      transport: event.transport,
      type: event.destination.includes(':') ? 'ipv6' : 'ipv4',
      direction: 'egress',
    },
  };
  const attempt = { ...document(process, event.at, 'network', 'connection_attempted', 'start'), ...ends };
  if (event.outcome !== 'answered') return [attempt];
  const closed = document(process, event.at + event.durationMs, 'network', 'disconnect_received', 'end');
  return [
    attempt,
    {
      ...closed,
      ...ends,
      source: { ...ends.source, bytes: event.bytesOut },
      destination: { ...ends.destination, bytes: event.bytesIn },
    },
  ];
}

const document = (
  { machine, user }: Process,
  at: number,
  category: 'process' | 'network',
  action: string,
  type: string,
) => ({
  '@timestamp': new Date(at).toISOString(),
  agent: { id: machine.id, type: 'endpoint', version: '8.15.0' },
  data_stream: { type: 'logs', dataset: `endpoint.events.${category}`, namespace: 'default' },
  ecs: { version: '8.10.0' },
  event: {
    kind: 'event',
    module: 'endpoint',
    dataset: `endpoint.events.${category}`,
    category: [category],
    type: [type],
    action,
  },
  host: {
    name: machine.name,
    hostname: machine.name,
    id: machine.id,
    ip: [machine.address, '127.0.0.1', '::1'],
    os: { type: 'macos', family: 'macos', platform: 'macos', name: 'macOS', version: '14.6' },
  },
  user: { id: user.id, name: user.name },
});

function identity(process: Process): object {
  const leader = sessionLeader(process);
  return {
    ...named(process),
    interactive: process.interactive,
    ...(process.interactive ? { tty: { char_device: { major: 16, minor: 3 } } } : {}),
    ...(process.parent ? { parent: named(process.parent) } : {}),
    session_leader: { ...named(leader), interactive: process.interactive },
    entry_leader: {
      ...named(leader),
      interactive: process.interactive,
      entry_meta: { type: process.interactive ? 'terminal' : 'init' },
    },
  };
}

const named = (process: Process): object => ({
  entity_id: entityId(process),
  pid: process.pid,
  executable: process.executable,
  name: fileName(process.executable),
  args: process.args,
  args_count: process.args.length,
  command_line: commandLine(process.args),
});

/** The shell of a terminal; else what launchd started. */
function sessionLeader(process: Process): Process {
  let leader = process;
  while (leader.parent && leader.parent.pid !== 1 && leader.parent.interactive === process.interactive)
    leader = leader.parent;
  return leader;
}

const entityId = ({ machine, pid, startedAt }: Process): string =>
  createHash('sha256')
    .update(JSON.stringify([machine.id, pid, startedAt]))
    .digest('base64')
    .slice(0, 24);
