import { zeekSweep } from '../api/zeek-sweep.js';

const TIME = '2026-01-31T12:00:00.436Z';
const ID = 'a1'.repeat(32);
const FROM = '10.1.1.1';
const TO = '10.1.1.9';

/** Records of one format that give documents as they stand. */
export interface Seed {
  /** As `formats.ts` names it. */
  format: string;
  /** Lines that a reader must have seen before the others; none for JSON. */
  head: readonly string[];
  lines: readonly string[];
}

const xml = (id: number): string =>
  `<Event><System><Provider Name="Linux-Sysmon" Guid="{1}"/><EventID>${id}</EventID><TimeCreated SystemTime="${TIME}"/><Channel>Linux-Sysmon/Operational</Channel><Computer>lx1</Computer></System><EventData><Data Name="UtcTime">2026-01-31 12:00:00.250</Data><Data Name="ProcessId">77</Data><Data Name="Image">/usr/bin/nc</Data><Data Name="CommandLine">nc -zv ${TO} 445</Data><Data Name="Protocol">tcp</Data><Data Name="Initiated">true</Data><Data Name="SourceIp">${FROM}</Data><Data Name="DestinationIp">${TO}</Data><Data Name="DestinationPort">445</Data></EventData></Event>`;

const apple = (event: object, rest: object = {}) => {
  const process = { audit_token: { pid: 77, pidversion: 9, auid: 501 }, executable: { path: '/bin/zsh' }, ppid: 9 };
  return { version: 8, time: TIME, mach_time: 1, event_type: 9, action_type: 1, process, event, ...rest };
};
const nc = { audit_token: { pid: 77, pidversion: 10 }, ppid: 9, executable: { path: '/usr/bin/nc' } };
const exec = { exec: { target: nc, args: ['nc', '-zv', TO, '22'], cwd: { path: '/tmp' } } };
const jamf = {
  metadata: { vendor: 'Jamf', product: 'Device Telemetry Stream', schemaVersion: '1.0' },
  host: { hostname: 'mac1', ips: [FROM], provisioningUDID: 'U-1', protectVersion: '5.5' },
};
const audit = {
  arch: '0xc000003e',
  success: 'no',
  exit: -115,
  ppid: 90,
  pid: 91,
  auid: 1001,
  uid: 0,
  comm: 'nc',
  exe: '/usr/bin/nc',
};
const eve = {
  timestamp: '2026-01-31T12:00:30.000001+0200',
  flow_id: 1,
  src_ip: FROM,
  src_port: 45_000,
  dest_ip: TO,
  dest_port: 22,
  proto: 'TCP',
};
const kprobe = {
  function_name: 'tcp_connect',
  args: [
    { sock_arg: { family: 'AF_INET', protocol: 'IPPROTO_TCP', saddr: FROM, daddr: TO, sport: 40_001, dport: 22 } },
  ],
};
const flow = { src_ip: FROM, src_port: 40_000, dest_ip: TO, dest_port: 22, protocol: 6 };
const vpc = `2 111122223333 eni-0a1b2c3d ${FROM} ${TO} 40001 22 6 1 40 1770091500 1770091560 REJECT OK`;
const packet = `DROP IN=eth0 OUT= MAC=00:11 SRC=${FROM} DST=${TO} LEN=60 TTL=64 ID=7 DF PROTO=TCP SPT=40001 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 `;

/** Records of every JSON format, by its name. */
const records: Readonly<Record<string, readonly object[]>> = {
  'ECS documents': [
    {
      '@timestamp': TIME,
      event: { kind: 'event', category: ['network'], type: ['start'], action: 'connection_attempted' },
      host: { name: 'h1', ip: [FROM], os: { type: 'linux' } },
      process: { name: 'nc', executable: '/usr/bin/nc', pid: 77, args: ['nc', '-zv'] },
      source: { ip: FROM },
      destination: { ip: TO, port: 22 },
      network: { transport: 'tcp', direction: 'egress' },
    },
  ],
  'Zeek JSON logs': [
    ...zeekSweep(2).map((line) => JSON.parse(line)),
    { ts: 1_769_860_800, _path: 'arp', operation: 'request', orig_h: FROM, resp_h: TO },
    {
      ts: 1_769_860_800,
      _path: 'dns',
      uid: 'CsQ7Yx2Ab3',
      'id.orig_h': FROM,
      'id.orig_p': 5353,
      'id.resp_h': '224.0.0.251',
      'id.resp_p': 5353,
      proto: 'udp',
      query: '_ssh._tcp.local',
      AA: false,
    },
  ],
  'Suricata EVE': [
    {
      ...eve,
      event_type: 'flow',
      flow: { pkts_toserver: 1, pkts_toclient: 1, start: eve.timestamp, state: 'closed' },
      tcp: { tcp_flags: '16', tcp_flags_ts: '02', tcp_flags_tc: '14', syn: true, state: 'closed' },
    },
    { ...eve, event_type: 'arp', arp: { opcode: 'request', src_ip: FROM, dest_ip: TO } },
  ],
  laurel: [
    {
      ID: '1769860800.125:7',
      SYSCALL: { ...audit, syscall: 42 },
      SOCKADDR: [{ SADDR: { saddr_fam: 'inet', addr: TO, port: 22 } }],
    },
    {
      ID: '1769860800.125:8',
      SYSCALL: { ...audit, success: 'yes', exit: 0, syscall: 59 },
      EXECVE: { argc: 2, ARGV: ['nc', '%2bshort'] },
    },
  ],
  'Windows events (JSON)': [
    {
      '@timestamp': TIME,
      event: { code: '3', kind: 'event', provider: 'Microsoft-Windows-Sysmon' },
      host: { name: 'WS1' },
      winlog: {
        channel: 'Microsoft-Windows-Sysmon/Operational',
        provider_name: 'Microsoft-Windows-Sysmon',
        event_id: '3',
        computer_name: 'WS1',
        event_data: {
          UtcTime: '2026-01-31 12:00:00.250',
          ProcessId: '4242',
          Image: 'C:\\Tools\\svc.exe',
          Protocol: 'tcp',
          Initiated: 'true',
          SourceIp: FROM,
          DestinationIp: TO,
          DestinationPort: '445',
        },
      },
    },
    {
      Event: {
        System: {
          EventID: 4688,
          Channel: 'Security',
          Computer: 'WS1',
          TimeCreated: { '#attributes': { SystemTime: TIME } },
        },
        EventData: {
          NewProcessId: '0x105c',
          NewProcessName: 'C:\\nc.exe',
          CommandLine: '"C:\\nc.exe" -zv 10.0.0.1 22',
        },
      },
    },
    { TimeGenerated: TIME, Computer: 'LX1', SyslogMessage: xml(3) },
  ],
  'osquery results': [
    {
      name: 'pack_any',
      hostIdentifier: 'host1',
      unixTime: 1_769_860_809,
      decorations: { host_uuid: 'AB-1' },
      columns: {
        action: 'connect',
        pid: '77',
        path: '/usr/bin/nc',
        status: 'failed',
        family: '2',
        remote_address: TO,
        remote_port: '445',
        time: '1769860801',
      },
      action: 'added',
    },
  ],
  'macOS unified log (NDJSON)': [
    {
      timestamp: '2026-01-31 14:00:00.130384+0200',
      eventMessage:
        '[R12] DNSServiceBrowse START -- service type: _ssh._tcp, domain: local, flags: 0x0, interface index: 0, client pid: 77 (dns-sd), ',
      processImagePath: '/usr/sbin/mDNSResponder',
      senderImagePath: '/usr/sbin/mDNSResponder',
      subsystem: 'com.apple.mDNSResponder',
      category: 'Default',
      processID: 300,
      machTimestamp: 1,
    },
  ],
  'Jamf Protect telemetry': [
    apple(exec, jamf),
    apple(
      {
        network_connect: {
          instigator: nc,
          remote_endpoint: { host: TO, port: '445' },
          socket_protocol: 6,
          socket_family: 2,
        },
      },
      jamf,
    ),
  ],
  'Jamf Compliance Reporter (OpenBSM)': [
    {
      header: {
        event_name: 'AUE_CONNECT',
        event_id: 1,
        time_seconds_epoch: 1_769_860_800,
        time_milliseconds_offset: 1,
      },
      host_info: { host_name: 'mac1', host_uuid: 'U-1' },
      return: { description: 'failure : Connection refused', error: 146, return_value: 4_294_967_295 },
      subject: { process_id: 77, process_name: '/usr/local/bin/tool', audit_id: 501 },
      socket_inet: { family: 2, ip_address: TO, port: 445 },
    },
  ],
  eslogger: [apple(exec, { schema_version: 1 })],
  Falco: [
    {
      hostname: 'node-1',
      rule: 'R',
      source: 'syscall',
      priority: 'Notice',
      time: TIME,
      output_fields: {
        'evt.type': 'connect',
        'fd.name': `${FROM}:40001->${TO}:22`,
        'fd.l4proto': 'tcp',
        'container.id': 'a1a1a1a1a1a1',
        'proc.exepath': '/usr/bin/nc',
        'proc.pid': 71,
      },
    },
  ],
  Tetragon: [
    {
      process_kprobe: { process: { exec_id: 'x', pid: 71, binary: '/usr/bin/nc', docker: ID }, ...kprobe },
      node_name: 'node-1',
      time: TIME,
    },
  ],
  Tracee: [
    {
      timestamp: 1_770_091_506_123_456_800,
      hostProcessId: 71,
      processEntityId: 4001,
      processName: 'nc',
      executable: { path: '/bin/nc' },
      hostName: 'web-0',
      container: { id: ID },
      eventName: 'connect',
      returnValue: -111,
      args: [{ name: 'addr', type: 'any', value: { sa_family: 'AF_INET', sin_addr: TO, sin_port: '22' } }],
    },
  ],
  'Hubble flows': [
    {
      flow: {
        time: TIME,
        verdict: 'FORWARDED',
        IP: { source: FROM, destination: TO, ipVersion: 'IPv4' },
        l4: { TCP: { source_port: 40_001, destination_port: 22, flags: { SYN: true } } },
        source: { namespace: 'shop', pod_name: 'web-0' },
        Type: 'L3_L4',
        is_reply: false,
      },
      node_name: 'node-1',
      time: TIME,
    },
  ],
  KubeArmor: [
    {
      Timestamp: 1_770_091_506,
      HostName: 'node-1',
      NamespaceName: 'shop',
      PodName: 'web-0',
      ContainerID: ID,
      HostPID: 71,
      ProcessName: '/usr/bin/curl',
      Type: 'ContainerLog',
      Operation: 'Network',
      Resource: `sa_family=AF_INET sin_port=80 sin_addr=${TO}`,
      Data: 'syscall=SYS_CONNECT fd=3',
      Result: 'Passed',
    },
  ],
  'AWS VPC flow logs (JSON)': [
    { message: vpc },
    {
      srcaddr: FROM,
      dstaddr: TO,
      srcport: 1,
      dstport: 22,
      protocol: 6,
      start: 1_770_091_500,
      action: 'ACCEPT',
      tcp_flags: 2,
    },
  ],
  'Google Cloud VPC flow logs': [
    {
      insertId: 'x',
      timestamp: TIME,
      logName: 'projects/p/logs/compute.googleapis.com%2Fvpc_flows',
      jsonPayload: { reporter: 'SRC', connection: flow, start_time: TIME, packets_sent: '3' },
    },
  ],
  'Azure flow logs': [
    {
      time: TIME,
      category: 'NetworkSecurityGroupFlowEvent',
      properties: {
        Version: 2,
        flows: [{ rule: 'R', flows: [{ mac: '00', flowTuples: [`1770091500,${FROM},${TO},40001,22,T,O,A,B,,,,`] }] }],
      },
    },
  ],
  'iptables/nftables (journal)': [
    { __REALTIME_TIMESTAMP: '1769860801000000', _HOSTNAME: 'gw1', SYSLOG_IDENTIFIER: 'kernel', MESSAGE: packet },
  ],
};

/** Lines of every text format. */
const lines: readonly Seed[] = [
  {
    format: 'Zeek text logs',
    head: [
      '#separator \\x09',
      '#set_separator\t,',
      '#empty_field\t(empty)',
      '#unset_field\t-',
      '#path\tconn',
      '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory',
    ],
    lines: [
      `1700000000.123456\tCAbc1\t${FROM}\t40000\t${TO}\t22\ttcp\tS0\tS`,
      `1700000001.5\tCAbc2\tfe80::1\t40000\tfe80::2\t22\tudp\tSF\t-`,
    ],
  },
  {
    format: 'auditd',
    head: [],
    lines: [
      'type=SYSCALL msg=audit(1700000000.125:7): arch=c000003e syscall=42 success=no exit=-115 a0=3 a1=7ffc ppid=90 pid=91 auid=1001 uid=0 ses=8 comm="nmap" exe="/usr/bin/nmap" key=(null)',
      'type=SOCKADDR msg=audit(1700000000.125:7): saddr=020000160A0101090000000000000000',
      'type=PROCTITLE msg=audit(1700000000.125:7): proctitle=6E6D6170002D7353',
      'node=gw1 type=SYSCALL msg=audit(1700000000.125:8): arch=c000003e syscall=59 success=yes exit=0 ppid=90 pid=91 uid=0 comm="nc" exe="/usr/bin/nc"',
      'node=gw1 type=EXECVE msg=audit(1700000000.125:8): argc=3 a0="nc" a1="-zv" a2_len=8 a2[0]=3130 a2[1]=2E31',
      'node=gw1 type=EOE msg=audit(1700000000.125:8): ',
    ],
  },
  {
    format: 'Santa',
    head: [],
    lines: [
      `[${TIME}] I santad: action=EXEC|decision=ALLOW|reason=CERT|sha256=ab|pid=77|pidversion=9|ppid=9|uid=501|user=ann|mode=M|path=/usr/bin/nc|args=nc -zv ${TO} a=b|c`,
      `[${TIME}] I santad: action=EXIT|pid=77|pidversion=9|ppid=9|uid=501`,
    ],
  },
  {
    format: 'Sysmon for Linux (syslog)',
    head: [],
    lines: [
      `Jan 31 12:00:01 collector sysmon: ${xml(3)}`,
      `<14>1 2026-01-31T12:00:01Z collector sysmon 1590 - - ${xml(1)}`,
    ],
  },
  { format: 'AWS VPC flow logs', head: [], lines: [vpc, `2026-02-03T04:05:00.000Z ${vpc}`] },
  {
    format: 'containerd events',
    head: [],
    lines: [
      `2026-02-03 04:05:06.12345 +0000 UTC k8s.io /tasks/exec-started {"container_id":"${ID}","exec_id":"e1","pid":71}`,
      `2026-02-03 04:05:06.12345 +0000 UTC k8s.io /tasks/exit {"container_id":"${ID}","id":"e1","pid":71}`,
    ],
  },
  {
    format: 'iptables/nftables (syslog)',
    head: [],
    lines: [`Feb  3 04:05:06 gw1 kernel: [ 123.456789] ${packet}`, `2026-01-31T12:00:01.5+00:00 gw1 kernel: ${packet}`],
  },
];

/** Records for every reader of JSON. */
export const jsonSeeds: readonly Seed[] = Object.entries(records).map(([format, some]) => ({
  format,
  head: [],
  lines: some.map((record) => JSON.stringify(record)),
}));

/** Lines for every reader of text. */
export const textSeeds: readonly Seed[] = lines;
