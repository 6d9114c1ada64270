import { all, any, equals, exists, type Filter, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

/** The numbers of the system calls we read, by architecture. Of other architectures only ENRICHED logs are read. */
export const syscallNumbers = {
  x86_64: { execve: 59, execveat: 322, connect: 42, socket: 41, exit_group: 231 },
  i386: { execve: 11, execveat: 358, connect: 362, socket: 359, exit_group: 252 },
  aarch64: { execve: 221, execveat: 281, connect: 203, socket: 198, exit_group: 94 },
} as const;

export type SyscallName = keyof (typeof syscallNumbers)['x86_64'];

/** `auditd.log` indexes each line by itself, with the number and, from ENRICHED logs, the name. */
const inLines = (...names: SyscallName[]): Filter =>
  any(
    oneOf('auditd.log.SYSCALL', ...names),
    ...Object.entries(syscallNumbers).map(([architecture, numbers]) =>
      all(
        equals('host.architecture', architecture),
        oneOf('auditd.log.syscall', ...names.map((name) => String(numbers[name]))),
      ),
    ),
  );

const syscall = (...names: SyscallName[]): Filter => any(oneOf('auditd.data.syscall', ...names), inLines(...names));
const succeeded = any(equals('auditd.result', 'success'), equals('auditd.log.success', true));

/** Arguments are hex text. `type` may carry SOCK_NONBLOCK (0x800) and SOCK_CLOEXEC (0x80000). */
const rawSocket = (fields: string): Filter =>
  any(
    equals(`${fields}.a0`, '11'), // AF_PACKET, whatever the type
    all(oneOf(`${fields}.a0`, '2', 'a'), oneOf(`${fields}.a1`, '3', '803', '80003', '80803')), // SOCK_RAW over IPv4, IPv6
  );

/** Raw logs have the negative errno, Auditbeat its name. */
const exitIs = (...errors: [number: string, name: string][]): Filter => oneOf('auditd.data.exit', ...errors.flat());

/**
 * The kernel's audit log: of Auditbeat, of Elastic's auditd_manager and auditd integrations, and as we import it.
 *
 * Quiet on purpose:
 * - Port 0: glibc sorts a name's addresses by connecting UDP sockets, to learn the route; no packet leaves.
 * - `exit`: it ends one thread, but the record has the pid of all. A process that a signal ends leaves no record.
 * - `auditd.log` where lines are not joined: the line with the address has no process and the line with the process no
 *   address, so there are launches (without arguments) and raw sockets, but no contacts.
 *
 * What it can't know: the type of the socket, so a UDP connect, which always succeeds, counts as accepted; and the end
 * of a non-blocking connect (EINPROGRESS), which nmap, nc, curl and browsers all use: their outcome is unknown.
 */
export const auditd = defineIntegration({
  name: 'auditd',
  documents: any(equals('event.module', 'auditd'), oneOf('event.dataset', 'auditd_manager.auditd', 'auditd.log')),
  platform: 'linux',
  contact: {
    begun: all(
      equals('auditd.data.syscall', 'connect'),
      exists('destination.ip'), // a unix socket has a path
      exists('destination.port'),
      not(equals('destination.port', 0)),
    ),
    refused: exitIs(['-111', 'ECONNREFUSED']),
    unanswered: exitIs(['-110', 'ETIMEDOUT'], ['-113', 'EHOSTUNREACH'], ['-101', 'ENETUNREACH']),
    accepted: equals('auditd.data.exit', '0'),
  },
  launch: all(syscall('execve', 'execveat'), succeeded),
  exit: syscall('exit_group'),
  rawSocket: all(syscall('socket'), any(rawSocket('auditd.data'), rawSocket('auditd.log')), succeeded),
});
