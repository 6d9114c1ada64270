import type { EcsDocument } from '../../../queries/document.js';
import type { Machine } from '../cast.js';
import { iso } from '../times.js';
import { type Act, type Attempt, commandLine, entityOf, fileName, type Start } from './act.js';

const host = ({ id, name, ip }: Machine): EcsDocument => ({
  'host.id': id,
  'host.name': name,
  'host.ip': [ip, 'fe80::1'],
  'host.os.type': 'windows',
});

const sysmon = (act: Act, code: string): EcsDocument => ({
  '@timestamp': iso(act.at),
  'event.kind': 'event',
  'event.code': code,
  'event.provider': 'Microsoft-Windows-Sysmon',
  'event.module': 'sysmon',
  'winlog.provider_name': 'Microsoft-Windows-Sysmon',
  'winlog.channel': 'Microsoft-Windows-Sysmon/Operational',
  ...host(act.machine),
  'process.executable': act.program,
  'process.name': fileName(act.program),
  'process.pid': act.pid ?? 100,
  'process.entity_id': entityOf(act, act.pid ?? 100),
  'user.domain': 'OFFICE',
  'user.name': 'ann',
});

export const sysmonStart = (start: Start): EcsDocument => ({
  ...sysmon(start, '1'),
  'event.category': ['process'],
  'event.type': ['start'],
  'process.args': commandLine(start),
  'process.command_line': commandLine(start).join(' '),
  ...(start.originalName === undefined ? {} : { 'process.pe.original_file_name': start.originalName }),
  ...(start.parent === undefined
    ? {}
    : {
        'process.parent.executable': start.parent.program,
        'process.parent.pid': start.parent.pid,
        'process.parent.entity_id': entityOf(start, start.parent.pid),
      }),
});

/** Sysmon 3: an established connection, of the machine's own or, `isInbound`, from outside. */
export const sysmonConnection = (attempt: Attempt & { from?: string; isInbound?: boolean }): EcsDocument => ({
  ...sysmon(attempt, '3'),
  'event.category': ['network'],
  'event.type': ['start', 'connection', 'protocol'],
  'source.ip': attempt.from ?? attempt.machine.ip,
  'source.port': 50_000,
  'destination.ip': attempt.to,
  'destination.port': attempt.port,
  'network.transport': attempt.transport ?? 'tcp',
  'network.direction': attempt.isInbound ? 'ingress' : 'egress',
});

export const sysmonName = (act: Act & { name: string }): EcsDocument => ({
  ...sysmon(act, '22'),
  'event.category': ['network'],
  'event.type': ['connection', 'protocol', 'info'],
  'network.protocol': 'dns',
  'dns.question.name': act.name,
});

const security = (act: Act, code: string, action: string): EcsDocument => ({
  '@timestamp': iso(act.at),
  'event.kind': 'event',
  'event.code': code,
  'event.action': action,
  'event.provider': 'Microsoft-Windows-Security-Auditing',
  'event.module': 'security',
  'winlog.provider_name': 'Microsoft-Windows-Security-Auditing',
  'winlog.channel': 'Security',
  ...host(act.machine),
  'process.executable': act.program,
  'process.name': fileName(act.program),
  'process.pid': act.pid ?? 100,
});

export const securityStart = (start: Start): EcsDocument => ({
  ...security(start, '4688', 'created-process'),
  'event.category': ['process'],
  'event.type': ['start'],
  'process.args': commandLine(start),
  'process.command_line': commandLine(start).join(' '),
  'user.name': 'ann',
});

/** 5156 (the filter let it pass), or 5157 (it was blocked). */
export const securityConnection = (
  attempt: Attempt & { isBlocked?: boolean; from?: string; isInbound?: boolean },
): EcsDocument => ({
  ...(attempt.isBlocked
    ? security(attempt, '5157', 'windows-firewall-packet-block')
    : security(attempt, '5156', 'windows-firewall-connection')),
  'event.category': ['network'],
  'event.type': ['connection', 'info', attempt.isBlocked ? 'denied' : 'allowed'],
  'source.ip': attempt.from ?? attempt.machine.ip,
  'source.port': 50_000,
  'destination.ip': attempt.to,
  'destination.port': attempt.port,
  'network.transport': attempt.transport ?? 'tcp',
  'network.direction': attempt.isInbound ? 'inbound' : 'outbound',
});
