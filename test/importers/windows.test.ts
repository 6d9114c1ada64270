import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import type { Integration } from '../../queries/integration.js';
import { sysmonLinux, windows } from '../../queries/integrations/windows.js';
import { matches } from '../../queries/matches.js';
import { ecs } from '../../server/importers/ecs.js';
import type { JsonObject } from '../../server/importers/format.js';
import { windowsEvents } from '../../server/importers/windows.js';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

/** One event in each shape that exporters give it. */
function shapes(id: number, channel: string, time: string, data: Record<string, unknown>): Record<string, JsonObject> {
  const provider = channel === SYSMON ? 'Microsoft-Windows-Sysmon' : 'Microsoft-Windows-Security-Auditing';
  const host = 'WS1.example.test';
  const named = Object.entries(data);
  return {
    winlogbeat: {
      '@timestamp': time,
      event: { code: String(id), kind: 'event', provider },
      host: { name: host, id: 'host-1', ip: ['10.1.1.1'] },
      winlog: { channel, provider_name: provider, event_id: String(id), computer_name: host, event_data: data },
    },
    'winlogbeat 6': {
      '@timestamp': time,
      log_name: channel,
      source_name: provider,
      event_id: id,
      computer_name: host,
      event_data: data,
    },
    evtx_dump: {
      Event: {
        System: {
          Provider: { '#attributes': { Name: provider } },
          EventID: { '#attributes': { Qualifiers: 0 }, '#text': id },
          TimeCreated: { '#attributes': { SystemTime: time } },
          Channel: channel,
          Computer: host,
        },
        EventData: data,
      },
    },
    xml2json: {
      Event: {
        System: {
          Provider: { '@Name': provider },
          EventID: String(id),
          TimeCreated: { '@SystemTime': time.replace('T', ' ').replace('Z', '') },
          Channel: channel,
          Computer: host,
        },
        EventData: { Data: named.map(([name, value]) => ({ '@Name': name, '#text': String(value) })) },
      },
    },
    flat: { EventID: id, Channel: channel, SourceName: provider, Hostname: host, '@timestamp': time, ...data },
    'Sentinel, data as JSON': {
      EventID: id,
      Channel: channel,
      Provider: provider,
      Computer: host,
      TimeGenerated: time,
      EventData: JSON.stringify(data),
    },
    'Sentinel, data as XML': {
      EventID: id,
      EventLog: channel,
      Source: provider,
      Computer: host,
      TimeGenerated: time,
      EventData: `<DataItem type="System.XmlData"><EventData>${named
        .map(([name, value]) => `<Data Name="${name}">${String(value).replaceAll('"', '&quot;')}</Data>`)
        .join('')}</EventData></DataItem>`,
    },
  };
}

const only = (record: JsonObject): EcsDocument => {
  assert.ok(windowsEvents.recognizes(record));
  const documents = windowsEvents.toDocuments(record);
  assert.equal(documents.length, 1);
  return documents[0] ?? {};
};

/** The same document from each shape, as far as `expected` says. */
function everywhere(id: number, channel: string, data: Record<string, unknown>, expected: EcsDocument): EcsDocument {
  let last: EcsDocument = {};
  for (const [shape, record] of Object.entries(shapes(id, channel, '2026-01-31T12:00:01.500Z', data))) {
    last = only(record);
    for (const [field, value] of Object.entries(expected)) assert.deepEqual(last[field], value, `${shape}: ${field}`);
  }
  return last;
}

const rule = (integration: Integration, document: EcsDocument): string[] => {
  assert.ok(matches(integration.documents, document));
  const { contact, launch, exit, nameQuery } = integration;
  const filters = { ...contact, launch, exit, nameQuery };
  return Object.entries(filters).flatMap(([name, filter]) =>
    typeof filter === 'object' && matches(filter, document) ? [name] : [],
  );
};

test('Sysmon 1 is a launch', () => {
  const document = everywhere(
    1,
    SYSMON,
    {
      UtcTime: '2026-01-31 12:00:00.250',
      ProcessGuid: '{AB12CD34-0000-0000-0000-000000000001}',
      ProcessId: '4242',
      Image: 'C:\\Tools\\svc.exe',
      OriginalFileName: 'nmap.exe',
      CommandLine: '"C:\\Tools\\svc.exe" -sS 10.0.0.0/24',
      CurrentDirectory: 'C:\\Tools\\',
      User: 'EXAMPLE\\ann',
      LogonId: '0x3e7',
      TerminalSessionId: '2',
      Hashes: 'SHA1=AA,MD5=BB,SHA256=CC,IMPHASH=DD',
      ParentProcessGuid: 'AB12CD34-0000-0000-0000-000000000000',
      ParentProcessId: 7,
      ParentImage: 'C:\\Windows\\System32\\cmd.exe',
      ParentCommandLine: '-',
    },
    {
      '@timestamp': '2026-01-31T12:00:00.250Z',
      'event.start': '2026-01-31T12:00:00.250Z',
      'event.category': ['process'],
      'event.type': ['start'],
      'event.module': 'windows',
      'event.dataset': 'windows.sysmon_operational',
      'event.code': '1',
      'winlog.channel': SYSMON,
      'host.name': 'WS1.example.test',
      'host.os.type': 'windows',
      'process.executable': 'C:\\Tools\\svc.exe',
      'process.name': 'svc.exe',
      'process.pid': 4242,
      'process.entity_id': '{ab12cd34-0000-0000-0000-000000000001}',
      'process.command_line': '"C:\\Tools\\svc.exe" -sS 10.0.0.0/24',
      'process.args': ['C:\\Tools\\svc.exe', '-sS', '10.0.0.0/24'],
      'process.pe.original_file_name': 'nmap.exe',
      'process.hash.sha256': 'cc',
      'process.pe.imphash': 'dd',
      'process.parent.pid': 7,
      'process.parent.entity_id': '{ab12cd34-0000-0000-0000-000000000000}',
      'process.parent.executable': 'C:\\Windows\\System32\\cmd.exe',
      'process.parent.command_line': undefined,
      'user.name': 'ann',
      'user.domain': 'EXAMPLE',
      'winlog.logon.id': '0x3e7',
      'winlog.event_data.TerminalSessionId': '2',
    },
  );
  assert.deepEqual(rule(windows, document), ['launch']);
});

const connection = {
  UtcTime: '2026-01-31 12:00:00.250',
  ProcessGuid: '{ab12cd34-0000-0000-0000-000000000001}',
  ProcessId: 4242,
  Image: 'C:\\Tools\\svc.exe',
  User: 'EXAMPLE\\ann',
  Protocol: 'tcp',
  Initiated: 'true',
  SourceIp: '10.1.1.1',
  SourcePort: 50_001,
  DestinationIp: 'fe80:0:0:0:3b31:a8fa:5adc:7b9e',
  DestinationHostname: '-',
  DestinationPort: '445',
};

test('Sysmon 3 is an accepted contact, of its process or of who came in', () => {
  const document = everywhere(3, SYSMON, connection, {
    'event.category': ['network'],
    'event.type': ['start', 'connection', 'protocol'],
    'source.ip': '10.1.1.1',
    'source.port': 50_001,
    'destination.ip': 'fe80:0:0:0:3b31:a8fa:5adc:7b9e',
    'destination.port': 445,
    'destination.domain': undefined,
    'network.transport': 'tcp',
    'network.direction': 'egress',
    'process.executable': 'C:\\Tools\\svc.exe',
  });
  assert.deepEqual(rule(windows, document), ['begun', 'accepted']);
  for (const Initiated of ['false', false]) {
    const inbound = everywhere(3, SYSMON, { ...connection, Initiated }, { 'network.direction': 'ingress' });
    assert.deepEqual(rule(windows, inbound), ['begun', 'inbound', 'accepted']);
  }
});

test('Sysmon 5 and 22', () => {
  const { UtcTime, ProcessGuid, ProcessId, Image } = connection;
  const process = { UtcTime, ProcessGuid, ProcessId, Image };
  const end = everywhere(5, SYSMON, process, { 'event.type': ['end'], 'process.pid': 4242 });
  assert.deepEqual(rule(windows, end), ['exit']);
  const name = { ...process, QueryName: 'printer.example.test', QueryStatus: '0' };
  const asked = everywhere(22, SYSMON, name, {
    'dns.question.name': 'printer.example.test',
    'network.protocol': 'dns',
    'process.name': 'svc.exe',
  });
  assert.deepEqual(rule(windows, asked), ['nameQuery']);
});

test('Security 4688 and 4689', () => {
  const subject = {
    SubjectUserSid: 'S-1-5-18',
    SubjectUserName: 'WS1$',
    SubjectDomainName: 'EXAMPLE',
    SubjectLogonId: '0x3e7',
  };
  const start = { ...subject, NewProcessId: '0x105c', NewProcessName: 'C:\\Tools\\nc.exe', ProcessId: '0x2bc' };
  const parent = {
    ParentProcessName: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: 'nc -zv 10.0.0.1 22',
    TargetUserName: '-',
  };
  const launch = everywhere(
    4688,
    'Security',
    { ...start, ...parent },
    {
      '@timestamp': '2026-01-31T12:00:01.500Z',
      'event.module': 'system',
      'event.dataset': 'system.security',
      'event.action': 'created-process',
      'process.pid': 4188,
      'process.executable': 'C:\\Tools\\nc.exe',
      'process.args': ['nc', '-zv', '10.0.0.1', '22'],
      'process.parent.pid': 700,
      'process.parent.name': 'cmd.exe',
      'user.id': 'S-1-5-18',
      'user.effective.name': undefined,
    },
  );
  assert.deepEqual(rule(windows, launch), ['launch']);
  const exit = everywhere(
    4689,
    'security',
    { ...subject, ProcessId: '0x105c', ProcessName: 'C:\\Tools\\nc.exe' },
    {
      'event.action': 'exited-process',
      'process.pid': 4188,
    },
  );
  assert.deepEqual(rule(windows, exit), ['exit']);
});

test('Security 5156 is a contact of unknown end, 5157 a refused one; the program is that of Sysmon', () => {
  const filtered = {
    ProcessID: '4242',
    Application: '\\device\\harddiskvolume3\\tools\\svc.exe',
    Direction: '%%14593',
    SourceAddress: '10.1.1.1',
    SourcePort: '50001',
    DestAddress: '10.1.1.9',
    DestPort: '445',
    Protocol: '6',
  };
  const expected = {
    'event.category': ['network'],
    'event.type': ['connection', 'info', 'allowed'],
    'event.action': 'windows-firewall-connection',
    'process.executable': 'c:\\tools\\svc.exe',
    'process.pid': 4242,
    'source.ip': '10.1.1.1',
    'destination.ip': '10.1.1.9',
    'destination.port': 445,
    'network.transport': 'tcp',
    'network.direction': 'outbound',
  };
  assert.deepEqual(rule(windows, everywhere(5156, 'Security', filtered, expected)), ['begun']);
  const blocked = {
    ...expected,
    'event.action': 'windows-firewall-packet-block',
    'event.type': ['connection', 'info', 'denied'],
  };
  assert.deepEqual(rule(windows, everywhere(5157, 'Security', filtered, blocked)), ['begun', 'refused']);
  const inbound = everywhere(
    5156,
    'Security',
    { ...filtered, Direction: '%%14592' },
    { 'network.direction': 'inbound' },
  );
  assert.deepEqual(rule(windows, inbound), ['begun', 'inbound']);
  everywhere(
    5156,
    'Security',
    { ...filtered, Protocol: '1', DestPort: '8' },
    {
      'network.transport': 'icmp',
      'destination.port': undefined,
    },
  );
});

test('other events are recognized and of no interest', () => {
  for (const [id, channel] of [
    [7, SYSMON],
    [4624, 'Security'],
    [5158, 'Security'],
  ] as const) {
    for (const record of Object.values(shapes(id, channel, '2026-01-31T12:00:00Z', { ProcessId: 1 }))) {
      assert.ok(windowsEvents.recognizes(record));
      assert.deepEqual(windowsEvents.toDocuments(record), []);
    }
  }
});

test('an event without a time is rejected', () => {
  const record = { EventID: 5156, Channel: 'Security', EventTime: '2026-01-31 12:00:00', Hostname: 'WS1' };
  assert.throws(() => windowsEvents.toDocuments(record), { reason: 'no_time' });
});

test('a collector of forwarded events lends no id to the host', () => {
  const { winlogbeat } = shapes(5, SYSMON, '2026-01-31T12:00:00Z', { ProcessId: 1, Image: 'x' });
  assert.equal(only(winlogbeat ?? {})['host.id'], 'host-1');
  const forwarded = only({ ...winlogbeat, host: { name: 'collector', id: 'host-2', ip: ['10.9.9.9'] } });
  assert.equal(forwarded['host.name'], 'WS1.example.test');
  assert.equal(forwarded['host.id'], undefined);
  assert.equal(forwarded['host.ip'], undefined);
});

test('what an ingest pipeline has mapped is left to the ECS reader, and judged alike', () => {
  const mapped = {
    '@timestamp': '2026-01-31T12:00:00.000Z',
    event: { code: '3', category: ['network'], provider: 'Microsoft-Windows-Sysmon' },
    winlog: { event_id: '3', channel: SYSMON },
    network: { direction: 'ingress' },
  };
  assert.ok(!windowsEvents.recognizes(mapped));
  assert.ok(ecs.recognizes(mapped));
  assert.deepEqual(rule(windows, mapped), ['begun', 'inbound', 'accepted']);
});

test('Sysmon for Linux in syslog', () => {
  const values = { ...connection, Image: '/usr/bin/nc', User: 'root', ProcessId: 77 };
  const data = Object.entries(values).map(([name, value]) => `<Data Name="${name}">${value}</Data>`);
  const document = only({
    TimeGenerated: '2026-01-31T12:00:03Z',
    Computer: 'LX1',
    SyslogMessage: `<Event><System><Provider Name="Linux-Sysmon" Guid="{1}"/><EventID>3</EventID><TimeCreated SystemTime="2026-01-31T12:00:02Z"/><Channel>Linux-Sysmon/Operational</Channel><Computer>LX1</Computer></System><EventData>${data.join('')}</EventData></Event>`,
  });
  assert.equal(document['@timestamp'], '2026-01-31T12:00:00.250Z');
  assert.equal(document['host.os.type'], 'linux');
  assert.equal(document['host.name'], 'LX1');
  assert.equal(document['process.executable'], '/usr/bin/nc');
  assert.equal(document['event.dataset'], 'sysmon_linux.log');
  assert.ok(!matches(windows.documents, document));
  assert.deepEqual(rule(sysmonLinux, document), ['begun', 'accepted']);
});
