import type { EcsDocument } from '../../../queries/document.js';
import { iso } from '../times.js';
import { type Act, type Attempt, commandLine, fileName, type Start } from './act.js';

const audited = (act: Act, syscall: string): EcsDocument => ({
  '@timestamp': iso(act.at),
  'event.kind': 'event',
  'event.module': 'auditd',
  'event.dataset': 'auditd_manager.auditd',
  'auditd.message_type': 'syscall',
  'auditd.result': 'success',
  'auditd.data.syscall': syscall,
  'auditd.data.arch': 'x86_64',
  'host.id': act.machine.id,
  'host.name': act.machine.name,
  'host.ip': [act.machine.ip],
  'host.os.type': 'linux',
  'process.executable': act.program,
  'process.name': fileName(act.program).slice(0, 15),
  'process.pid': act.pid ?? 100,
  'user.id': '0',
  ...(act.container === undefined ? {} : { 'container.id': act.container }),
});

export const auditStart = (start: Start): EcsDocument => ({
  ...audited(start, 'execve'),
  'event.category': ['process'],
  'event.type': ['start'],
  'event.action': 'executed',
  'process.args': [fileName(start.program), ...commandLine(start).slice(1)],
  ...(start.parent === undefined
    ? {}
    : { 'process.parent.pid': start.parent.pid, 'process.parent.executable': start.parent.program }),
});

/** A connect: refused or timed out where it waited, unknown (EINPROGRESS) where it did not. */
export function auditConnect(attempt: Attempt & { exit?: string }): EcsDocument {
  const { exit = 'EINPROGRESS' } = attempt;
  return {
    ...audited(attempt, 'connect'),
    'event.category': ['network'],
    'event.type': ['connection', 'start'],
    'event.action': 'connected-to',
    'auditd.result': exit === '0' ? 'success' : 'fail',
    'auditd.data.exit': exit,
    'destination.ip': attempt.to,
    'destination.port': attempt.port,
    'network.direction': 'egress',
  };
}

/** A raw socket over IPv4. */
export const auditRawSocket = (act: Act): EcsDocument => ({
  ...audited(act, 'socket'),
  'event.category': ['process'],
  'event.type': ['info'],
  'auditd.data.a0': '2',
  'auditd.data.a1': '3',
});

export const auditExit = (act: Act): EcsDocument => ({
  ...audited(act, 'exit_group'),
  'event.category': ['process'],
  'event.type': ['end'],
});
