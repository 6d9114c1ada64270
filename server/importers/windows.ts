import { type EcsDocument, read } from '../../queries/document.js';
import { type JsonFormat, Rejected } from './format.js';
import { isWindowsEvent, type WindowsEvent, windowsEventOf } from './windows-event.js';
import type { EventTable, Fields } from './windows-fields.js';
import { securityEvents } from './windows-security.js';
import { sysmonEvents } from './windows-sysmon.js';
import { textOf, timeOf } from './windows-values.js';

/**
 * Windows events as JSON, from Winlogbeat before its ingest pipeline, evtx_dump, NXLog or Logstash (OTRF's data sets)
 * and Microsoft Sentinel, and Sysmon for Linux in syslog or journald. Read are Sysmon 1, 3, 5 and 22, Security 4688, 4689, 5156 and
 * 5157; others are of no interest. The documents are those of Elastic's Windows, System and Sysmon-for-Linux
 * integrations, except that one process has one spelling of its id and its program in all of them.
 *
 * A Sysmon event happened at its UtcTime, others when they were logged.
 */
export const windowsEvents: JsonFormat = {
  name: 'Windows events (JSON)',
  recognizes: isWindowsEvent,
  toDocuments: (record) => documentsOf(windowsEventOf(record)),
};

/** The document of an event, whatever format brought it; none where the event is of no interest. */
export function documentsOf(event: WindowsEvent | undefined): EcsDocument[] {
  if (!event) throw new Rejected('not_this_format', 'No event id, or neither channel nor source');
  const log = logOf(event);
  const fields = log?.events.get(event.id);
  return log && fields ? [compact({ ...commonFields(event, log), ...fields(event) })] : [];
}

interface Log {
  provider: string;
  module: string;
  dataset: string;
  system: 'windows' | 'linux';
  events: EventTable;
}

const SYSMON: Log = {
  provider: 'Microsoft-Windows-Sysmon',
  module: 'windows',
  dataset: 'windows.sysmon_operational',
  system: 'windows',
  events: sysmonEvents,
};

const LINUX_SYSMON: Log = {
  provider: 'Linux-Sysmon',
  module: 'sysmon_linux',
  dataset: 'sysmon_linux.log',
  system: 'linux',
  events: sysmonEvents,
};

const SECURITY: Log = {
  provider: 'Microsoft-Windows-Security-Auditing',
  module: 'system',
  dataset: 'system.security',
  system: 'windows',
  events: securityEvents,
};

/** By source or channel: exporters leave out either. */
function logOf({ provider, channel }: WindowsEvent): Log | undefined {
  if (provider === LINUX_SYSMON.provider || channel.startsWith('Linux-Sysmon')) return LINUX_SYSMON;
  if (provider === SYSMON.provider || channel.includes('Sysmon')) return SYSMON;
  return provider === SECURITY.provider || channel.toLowerCase() === 'security' ? SECURITY : undefined;
}

function commonFields(event: WindowsEvent, log: Log): Fields {
  const time = timeOf(event.data('UtcTime') ?? event.logged);
  if (time === undefined) throw new Rejected('no_time', 'No time of Windows, as 2026-01-31T12:00:00.000Z');
  return {
    '@timestamp': time,
    'event.start': time,
    'event.kind': 'event',
    'event.module': log.module,
    'event.dataset': log.dataset,
    'event.provider': log.provider,
    'event.code': event.id,
    'winlog.channel': event.channel,
    'winlog.event_id': event.id,
    'winlog.record_id': event.record,
    'winlog.computer_name': event.computer,
    ...hostFields(event),
    'host.os.type': log.system,
  };
}

/** A collector of forwarded events names itself as host: its id and addresses are then another machine's. */
function hostFields({ computer, agentHost = {} }: WindowsEvent): Fields {
  const agentName = textOf(read(agentHost, 'name'));
  const isOwn = agentName !== undefined && agentName.toLowerCase() === computer?.toLowerCase();
  return {
    'host.name': computer ?? agentName,
    ...(isOwn && { 'host.id': read(agentHost, 'id'), 'host.ip': read(agentHost, 'ip') }),
  };
}

const compact = (fields: Fields): EcsDocument =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
