import { createHash } from 'node:crypto';
import type { Connection, Exit, Launch, NameLookup, OfficeEvent } from '../events.js';
import { type Machine, windowsDomain } from '../machines.js';
import type { Office } from '../office.js';
import { commandLine, networkService, type Process, systemUser } from '../processes.js';

type EventData = Record<string, string>;

const sysmon = {
  channel: 'Microsoft-Windows-Sysmon/Operational',
  provider_name: 'Microsoft-Windows-Sysmon',
  provider_guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
};
const security = {
  channel: 'Security',
  provider_name: 'Microsoft-Windows-Security-Auditing',
  provider_guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
};

/**
 * What winlogbeat 8 writes of Sysmon 1, 3, 5 and 22 and of Security 5156 and 5157, before an ingest pipeline, without
 * the message text. Sysmon logs connections that were established and only where they begin; the filtering platform
 * logs every permitted or forbidden attempt, on the machine that begins and on the Windows machine that is reached.
 */
export class Winlogbeat {
  readonly #records = new Map<string, number>();

  constructor(private readonly office: Office) {}

  write(event: OfficeEvent): object[] {
    switch (event.kind) {
      case 'launch':
        return isWindows(event.process.machine) ? [this.#launch(event)] : [];
      case 'exit':
        return isWindows(event.process.machine) ? [this.#exit(event)] : [];
      case 'name_lookup':
        return isWindows(event.process.machine) ? [this.#lookup(event)] : [];
      case 'connection':
        return [...this.#outbound(event), ...this.#inbound(event)];
      default:
        return [];
    }
  }

  #launch({ at, process }: Launch): object {
    const { parent, file } = process;
    return this.#sysmon(process.machine, at, 1, 'Process Create (rule: ProcessCreate)', {
      ...timeAndProcess(at, process),
      FileVersion: '-',
      Description: file.description,
      Product: file.description,
      Company: file.company || '-',
      OriginalFileName: file.originalName,
      CommandLine: commandLine(process.args),
      CurrentDirectory: 'C:\\Windows\\system32\\',
      User: account(process),
      LogonId: process.interactive ? '0x5d1a2' : '0x3e7',
      TerminalSessionId: process.interactive ? '1' : '0',
      IntegrityLevel: process.interactive ? 'Medium' : 'System',
      Hashes: `SHA256=${sha256(file.originalName).toUpperCase()}`, // of the program, whatever its name
      ...(parent
        ? {
            ParentProcessGuid: guid(parent),
            ParentProcessId: String(parent.pid),
            ParentImage: parent.executable,
            ParentCommandLine: commandLine(parent.args),
            ParentUser: account(parent),
          }
        : {}),
    });
  }

  #exit({ at, process }: Exit): object {
    return this.#sysmon(process.machine, at, 5, 'Process terminated (rule: ProcessTerminate)', {
      ...timeAndProcess(at, process),
      User: account(process),
    });
  }

  #lookup({ at, process, name, answer }: NameLookup): object {
    return this.#sysmon(process.machine, at, 22, 'Dns query (rule: DnsQuery)', {
      ...timeAndProcess(at, process),
      QueryName: name,
      QueryStatus: '0',
      QueryResults: answer.includes(':') ? `${answer};` : `::ffff:${answer};`,
      User: account(process),
    });
  }

  #outbound(event: Connection): object[] {
    const { process, at, outcome } = event;
    if (!process || !isWindows(process.machine)) return [];
    const filtered = this.#filtered(event, process.machine, process, outcome !== 'blocked', '%%14593');
    if (outcome !== 'answered') return [filtered];
    const isIpv6 = String(event.destination.includes(':'));
    return [
      filtered,
      this.#sysmon(process.machine, at, 3, 'Network connection detected (rule: NetworkConnect)', {
        ...timeAndProcess(at, process),
        User: account(process),
        Protocol: event.transport,
        Initiated: 'true',
        SourceIsIpv6: isIpv6,
        SourceIp: event.sourceAddress,
        SourceHostname: '-',
        SourcePort: String(event.sourcePort),
        SourcePortName: '-',
        DestinationIsIpv6: isIpv6,
        DestinationIp: event.destination,
        DestinationHostname: '-',
        DestinationPort: String(event.port),
        DestinationPortName: '-',
      }),
    ];
  }

  /** The Windows machine that is reached logs it too: permitted where it answers, else stopped by its firewall. */
  #inbound(event: Connection): object[] {
    const target = this.office.at(event.destination);
    if (!target || !isWindows(target) || event.outcome === 'blocked') return [];
    return [this.#filtered(event, target, null, event.outcome === 'answered', '%%14592')];
  }

  #filtered(
    event: Connection,
    machine: Machine,
    process: Process | null,
    isPermitted: boolean,
    direction: string,
  ): object {
    const listener = listeners.get(event.port) ?? 'System';
    const application = process?.executable ?? listener;
    return this.#record(machine, event.at, security, isPermitted ? 5156 : 5157, 'Filtering Platform Connection', {
      ProcessID: String(process?.pid ?? (listener === 'System' ? 4 : 740)),
      Application: application
        .replace(/^C:/, String.raw`\device\harddiskvolume3`)
        .toLowerCase()
        .replace(/^system$/, 'System'),
      Direction: direction,
      SourceAddress: event.sourceAddress,
      SourcePort: String(event.sourcePort),
      DestAddress: event.destination,
      DestPort: String(event.port),
      Protocol: event.transport === 'tcp' ? '6' : '17',
      FilterRTID: isPermitted ? '71504' : '72110',
      LayerName: direction === '%%14593' ? '%%14611' : '%%14610',
      LayerRTID: direction === '%%14593' ? '48' : '44',
      RemoteUserID: 'S-1-0-0',
      RemoteMachineID: 'S-1-0-0',
    });
  }

  #sysmon(machine: Machine, at: number, id: number, task: string, data: EventData): object {
    return this.#record(machine, at, sysmon, id, task, { RuleName: '-', ...data });
  }

  #record(machine: Machine, at: number, source: typeof sysmon, id: number, task: string, data: EventData): object {
    const counter = `${machine.name} ${source.channel}`;
    const record = (this.#records.get(counter) ?? 1_000) + 1;
    this.#records.set(counter, record);
    const isFailure = id === 5157;
    return {
      '@timestamp': new Date(at).toISOString(),
      agent: { type: 'winlogbeat', version: '8.15.0', name: machine.name },
      ecs: { version: '8.0.0' },
      event: {
        code: String(id),
        kind: 'event',
        provider: source.provider_name,
        action: task,
        ...(source === security ? { outcome: isFailure ? 'failure' : 'success' } : {}),
      },
      host: {
        name: machine.name,
        id: machine.id,
        ip: [machine.address, ...(machine.address6 ? [machine.address6] : [])],
        os: { type: 'windows', family: 'windows', platform: 'windows' },
      },
      log: { level: 'information' },
      winlog: {
        api: 'wineventlog',
        channel: source.channel,
        computer_name: machine.name,
        event_id: String(id),
        provider_guid: source.provider_guid,
        provider_name: source.provider_name,
        record_id: record,
        task,
        opcode: 'Info',
        ...(source === security ? { keywords: [isFailure ? 'Audit Failure' : 'Audit Success'] } : {}),
        event_data: data,
      },
    };
  }
}

const isWindows = (machine: Machine): boolean => machine.system === 'windows';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const listeners = new Map(
  [
    [53, 'dns.exe'],
    [88, 'lsass.exe'],
    [123, 'svchost.exe'],
    [135, 'svchost.exe'],
    [389, 'lsass.exe'],
    [3389, 'svchost.exe'],
    [49668, 'svchost.exe'],
  ].map(([port, name]) => [Number(port), `C:\\Windows\\System32\\${name}`]),
);

const timeAndProcess = (at: number, process: Process): EventData => ({
  UtcTime: new Date(at).toISOString().replace('T', ' ').replace('Z', ''),
  ProcessGuid: guid(process),
  ProcessId: String(process.pid),
  Image: process.executable,
});

/** As Sysmon makes it: machine, start in seconds (low half first), and a number of the process. */
function guid({ machine, startedAt, pid }: Process): string {
  const seconds = Math.floor(startedAt / 1000)
    .toString(16)
    .padStart(8, '0');
  const number = pid.toString(16).padStart(4, '0').slice(-4);
  return `{${machine.id.slice(0, 8)}-${seconds.slice(4)}-${seconds.slice(0, 4)}-${number}-000000000700}`;
}

const account = ({ user }: Process): string =>
  `${user === systemUser || user === networkService ? 'NT AUTHORITY' : windowsDomain}\\${user.name}`;
