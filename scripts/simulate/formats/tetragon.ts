import type { Connection, OfficeEvent } from '../events.js';
import type { Machine } from '../machines.js';
import type { Process } from '../processes.js';

/**
 * Tetragon's JSON export on every node of the cluster: starts and ends of processes, and `tcp_connect` by a tracing
 * policy, which returns when the SYN is out and so tells no outcome. UDP is not traced.
 */
export function toTetragon(event: OfficeEvent): object[] {
  switch (event.kind) {
    case 'launch':
      return isTraced(event.process.machine) ? [record('process_exec', event.at, event.process)] : [];
    case 'exit':
      return isTraced(event.process.machine) ? [record('process_exit', event.at, event.process)] : [];
    case 'connection':
      return event.process && isTraced(event.process.machine) && event.transport === 'tcp'
        ? [connection(event, event.process)]
        : [];
    default:
      return [];
  }
}

const isTraced = (machine: Machine): boolean => machine.system === 'kubernetes';

const nodeOf = (machine: Machine): string => machine.container?.node.name ?? machine.name;

function record(kind: string, at: number, process: Process, more: object = {}): object {
  const time = new Date(at).toISOString();
  return {
    [kind]: { process: identity(process), ...(process.parent && { parent: identity(process.parent) }), ...more },
    node_name: nodeOf(process.machine),
    time,
    cluster_name: 'harborview',
  };
}

const connection = (attempt: Connection, process: Process): object =>
  record('process_kprobe', attempt.at, process, {
    function_name: 'tcp_connect',
    args: [
      {
        sock_arg: {
          family: attempt.destination.includes(':') ? 'AF_INET6' : 'AF_INET',
          type: 'SOCK_STREAM',
          protocol: 'IPPROTO_TCP',
          saddr: attempt.sourceAddress,
          daddr: attempt.destination,
          sport: attempt.sourcePort,
          dport: attempt.port,
          state: 'TCP_SYN_SENT',
        },
      },
    ],
    action: 'KPROBE_ACTION_POST',
    policy_name: 'connections',
  });

function identity(process: Process): object {
  const { machine, pid, startedAt, executable, args, user } = process;
  const { container } = machine;
  return {
    exec_id: execId(process),
    pid,
    uid: Number(user.id),
    cwd: '/',
    binary: executable,
    arguments: args.slice(1).join(' '),
    flags: 'execve',
    start_time: new Date(startedAt).toISOString(),
    auid: 4_294_967_295,
    ...(process.parent && { parent_exec_id: execId(process.parent) }),
    ...(container && {
      pod: {
        namespace: container.namespace,
        name: container.pod,
        workload: container.workload,
        workload_kind: 'Deployment',
        container: {
          id: `containerd://${container.id}`,
          name: container.name,
          image: { name: container.image },
        },
      },
      docker: container.id.slice(0, 31),
    }),
  };
}

/** As Tetragon makes it: node, nanoseconds since it started, pid. */
const execId = ({ machine, startedAt, pid }: Process): string =>
  Buffer.from(`${nodeOf(machine)}:${startedAt}000000:${pid}`).toString('base64');
