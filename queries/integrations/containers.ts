import { all, any, contains, equals, exists, type Filter, not, oneOf, startsWith } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { answersClient } from './flow-packets.js';
import { answersGroup } from './zeek.js';

const dataset = (name: string): Filter => any(equals('event.dataset', name), equals('data_stream.dataset', name));
/** Port 0: glibc sorts a name's addresses by connecting UDP sockets, to learn the route; no packet leaves. */
const addressed: Filter = all(
  exists('destination.ip'),
  not(oneOf('destination.ip', '0.0.0.0', '::')),
  not(equals('destination.port', 0)),
);

const falcoEvent = (...types: string[]): Filter => oneOf('falco.output_fields.evt.type', ...types);
const falcoResult = (...results: string[]): Filter => oneOf('falco.output_fields.evt.res', ...results);
const falcoSocket = (text: string): Filter => contains('falco.output_fields.evt.args', text);

/**
 * Falco's alerts, of Elastic's integration and as we import them. What is told hangs on the rules: a contact needs one
 * that prints `evt.type` and `fd.name` (or `fd.rip`, `fd.rport`), an outcome one that prints `evt.res`.
 *
 * Quiet on purpose: sends over TCP (of connections told before, and of servers' answers), UDP answers to a client's
 * port, failed launches. What it can't know: Elastic's integration takes addresses from `fd.rip` only, names the host
 * of the agent, and gives processes of the node itself the container id `host`.
 */
export const falco = defineIntegration({
  name: 'falco',
  documents: any(startsWith('event.dataset', 'falco.'), startsWith('data_stream.dataset', 'falco.')),
  platform: 'linux',
  contact: {
    begun: all(
      addressed,
      any(
        falcoEvent('connect'),
        all(
          falcoEvent('sendto', 'sendmsg', 'sendmmsg'),
          equals('falco.output_fields.fd.l4proto', 'udp'),
          not(answersClient),
        ),
      ),
    ),
    refused: falcoResult('ECONNREFUSED'),
    unanswered: falcoResult('ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'),
    accepted: all(falcoEvent('connect'), falcoResult('SUCCESS'), equals('falco.output_fields.fd.l4proto', 'tcp')),
  },
  launch: all(falcoEvent('execve', 'execveat'), not(startsWith('falco.output_fields.evt.res', 'E'))),
  exit: falcoEvent('procexit'),
  rawSocket: all(falcoEvent('socket'), any(falcoSocket('AF_PACKET'), falcoSocket(' type=3 '))), // 3: SOCK_RAW
});

const tetragonReturn = (...numbers: number[]): Filter =>
  oneOf('cilium_tetragon.log.process_kprobe.return.int_arg', ...numbers);

/**
 * Tetragon's events, as we import them. Of what Elastic's integration indexes, launches and ends only are judged: it
 * leaves addresses in the arguments of a probe. Which calls are traced is the site's TracingPolicy's word.
 *
 * Quiet on purpose: accepts, listens, closes and sends over TCP; UDP answers to a client's port. Processes that ran
 * before Tetragon are launches at their own start. What it can't know: `tcp_connect` returns when the SYN is out, so
 * only a traced connect system call has an outcome, and no return value of 0 proves an answer.
 */
export const tetragon = defineIntegration({
  name: 'cilium_tetragon',
  documents: dataset('cilium_tetragon.log'),
  platform: 'linux',
  contact: {
    begun: all(
      addressed,
      any(
        oneOf('event.action', 'tcp_connect', 'process_connect', 'security_socket_connect', 'sys_connect'),
        all(equals('event.action', 'udp_sendmsg'), not(answersClient)),
      ),
    ),
    refused: any(
      tetragonReturn(-111),
      oneOf('cilium_tetragon.log.process_kprobe.action', 'KPROBE_ACTION_OVERRIDE'), // never left the host
    ),
    unanswered: tetragonReturn(-110, -113, -101),
  },
  launch: equals('event.action', 'executed'),
  exit: equals('event.action', 'end'),
});

const traceeEvent = (...names: string[]): Filter => oneOf('tracee.event_name', ...names);
const traceeReturn = (...numbers: number[]): Filter => oneOf('tracee.return_value', ...numbers);

/**
 * Tracee's events, as we import them.
 *
 * Quiet on purpose: `net_packet_…` (each packet, of both directions), accepts, binds, `execve` (its
 * `sched_process_exec` says that it succeeded). What it can't know: `security_socket_connect` is asked before anything
 * is sent; only `connect` has an outcome, and says nothing of the transport where it succeeded.
 */
export const tracee = defineIntegration({
  name: 'tracee',
  documents: dataset('tracee.events'),
  platform: 'linux',
  contact: {
    begun: all(addressed, traceeEvent('security_socket_connect', 'connect', 'net_tcp_connect', 'net_flow_tcp_begin')),
    inbound: equals('network.direction', 'ingress'),
    refused: any(traceeReturn(-111), all(traceeEvent('security_socket_connect'), traceeReturn(-1, -13))),
    unanswered: traceeReturn(-110, -113, -101),
  },
  launch: traceeEvent('sched_process_exec'),
  exit: traceeEvent('sched_process_exit'),
  rawSocket: all(
    traceeEvent('security_socket_create'),
    any(equals('tracee.socket.family', 'AF_PACKET'), startsWith('tracee.socket.type', 'SOCK_RAW')),
  ),
});

const hubbleNew: Filter = any(
  equals('hubble.flow.trace_reason', 'NEW'),
  all(not(exists('hubble.flow.trace_reason')), not(answersClient), not(answersGroup)),
);

/**
 * Flows of Cilium's Hubble, as we import them: single packets, seen at several points of their way, so that one attempt
 * may be told more than once.
 *
 * Begun: a SYN; a UDP or SCTP packet that connection tracking calls new, else by its ports; echo requests. A policy
 * drops silently (a client runs into its timeout), so DROPPED is unanswered; FORWARDED says that the packet went on.
 *
 * Quiet on purpose: replies, packets of known connections, requests of layer 7 and of the socket load balancer.
 */
export const hubble = defineIntegration({
  name: 'hubble',
  documents: dataset('hubble.flow'),
  contact: {
    begun: all(
      not(equals('hubble.flow.is_reply', true)),
      any(
        all(
          equals('network.transport', 'tcp'),
          equals('hubble.flow.tcp_flags', 'SYN'),
          not(equals('hubble.flow.tcp_flags', 'ACK')),
        ),
        all(oneOf('network.transport', 'udp', 'sctp'), hubbleNew),
        all(equals('network.transport', 'icmp'), equals('hubble.flow.icmp_type', 8)),
        all(equals('network.transport', 'ipv6-icmp'), equals('hubble.flow.icmp_type', 128)),
      ),
    ),
    unanswered: equals('hubble.flow.verdict', 'DROPPED'),
  },
});

const kubearmorCall = (name: string): Filter => contains('kubearmor.data', name);

/**
 * KubeArmor's logs and alerts, as we import them. A policy that blocks a connect refuses it as a firewall does.
 *
 * Quiet on purpose: blocked launches (nothing started), accepts (the record lacks the address that was reached). What
 * it can't know: there are no ends of processes, and a result of `Passed` does not prove an answer.
 */
export const kubearmor = defineIntegration({
  name: 'kubearmor',
  documents: dataset('kubearmor.log'),
  platform: 'linux',
  contact: {
    begun: all(addressed, any(kubearmorCall('kprobe=tcp_connect'), kubearmorCall('syscall=SYS_CONNECT'))),
    refused: oneOf('kubearmor.result', 'Connection refused', 'Permission denied', 'Operation not permitted'),
    unanswered: oneOf('kubearmor.result', 'Connection timed out', 'No route to host', 'Network is unreachable'),
  },
  launch: all(equals('kubearmor.operation', 'Process'), equals('kubearmor.result', 'Passed')),
  rawSocket: all(
    kubearmorCall('syscall=SYS_SOCKET'),
    any(contains('kubearmor.resource', 'domain=AF_PACKET'), contains('kubearmor.resource', 'type=SOCK_RAW')),
    equals('kubearmor.result', 'Passed'),
  ),
  nameQuery: all(equals('kubearmor.operation', 'Network'), exists('dns.question.name')),
});

/**
 * containerd's events, as we import them: processes that were started in a container and their ends, by pid. They have
 * no name, so no list matches them: they date what other telemetry tells of the container.
 */
export const containerd = defineIntegration({
  name: 'containerd',
  documents: dataset('containerd.events'),
  platform: 'linux',
  launch: oneOf('event.action', '/tasks/start', '/tasks/exec-started'),
  exit: equals('event.action', '/tasks/exit'),
});
