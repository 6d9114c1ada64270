import { Random } from '../simulate/random.js';

/**
 * Telemetry of a site of some hundred hosts as one file, as wide as its sensors write it: a seed gives the same lines on
 * every machine. It measures readers; that its hosts do anything sensible is not asked.
 */
type Lines = (lines: number, seed: number) => Generator<string>;

const START_MS = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const HOSTS = 400;
const FOREIGN_ADDRESSES = 20_000;

const PROGRAMS: readonly (readonly [path: string, args: readonly string[], signer: string])[] = [
  ['C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', ['--type=utility', '--lang=en-US'], 'Google LLC'],
  [
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    ['--no-startup-window'],
    'Microsoft Corporation',
  ],
  ['C:\\Windows\\System32\\svchost.exe', ['-k', 'netsvcs', '-p', '-s', 'Schedule'], 'Microsoft Windows Publisher'],
  ['C:\\Windows\\System32\\lsass.exe', [], 'Microsoft Windows Publisher'],
  [
    'C:\\Windows\\System32\\backgroundTaskHost.exe',
    ['-ServerName:App.AppXmtcan0h2tfbfy7k9kn8hbxb6dmzz1zh0.mca'],
    'Microsoft Windows',
  ],
  [
    'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
    ['-NoProfile', '-File', 'inventory.ps1'],
    'Microsoft Windows',
  ],
  ['C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE', [], 'Microsoft Corporation'],
  [
    'C:\\Program Files\\Git\\mingw64\\bin\\git-remote-https.exe',
    ['origin', 'https://git.example/site'],
    'Johannes Schindelin',
  ],
];
const SERVICES: readonly (readonly [port: number, name: string | undefined])[] = [
  [443, 'ssl'],
  [443, 'ssl'],
  [443, 'ssl'],
  [80, 'http'],
  [53, 'dns'],
  [445, 'smb'],
  [389, undefined],
  [88, 'krb_tcp'],
  [3389, 'rdp'],
  [8443, undefined],
];

/** ECS as Elastic Defend writes it, and Sysmon as Winlogbeat's pipeline makes it: connections, and one launch in ten. */
export function* ecsLines(lines: number, seed: number): ReturnType<Lines> {
  const site = new Site(Random.of(seed, 'ecs'), lines);
  for (let line = 0; line < lines; line++) {
    const shape = line % 20;
    const document = shape < 2 ? defendLaunch(site) : shape < 13 ? defendConnection(site) : sysmonConnection(site);
    yield JSON.stringify(document);
  }
}

/** A conn.log as Zeek's own writer makes it. */
export function* zeekLines(lines: number, seed: number): ReturnType<Lines> {
  yield* ZEEK_HEAD;
  const site = new Site(Random.of(seed, 'zeek'), lines);
  for (let line = 0; line < lines; line++) yield zeekConn(site);
}

/** What happens next at the site, in the order of time. */
class Site {
  private time = START_MS;
  private readonly foreign: readonly string[];

  constructor(
    readonly random: Random,
    private readonly lines: number,
  ) {
    const part = () => random.integer(1, 254);
    this.foreign = Array.from(
      { length: FOREIGN_ADDRESSES },
      () => `${random.integer(11, 99)}.${part()}.${part()}.${part()}`,
    );
  }

  tick(): number {
    this.time += this.random.next() * ((2 * DAY_MS) / this.lines);
    return this.time;
  }

  /** From 0 on. */
  host(): number {
    return this.random.integer(0, HOSTS - 1);
  }

  destination(): string {
    return this.random.chance(0.4) ? addressOf(this.host()) : this.random.pick(this.foreign);
  }

  letters(length: number): string {
    return Array.from({ length }, () => LETTERS[this.random.integer(0, LETTERS.length - 1)]).join('');
  }
}

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const addressOf = (host: number): string => `10.20.${host >> 6}.${10 + (host & 63)}`;
const nameOf = (path: string): string => path.slice(path.lastIndexOf('\\') + 1);
const hexOf = (number: number, digits: number): string =>
  (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0').repeat(8).slice(0, digits);
const idOf = (host: number): string => `${hexOf(host, 8)}-0c1d-4e2f-8a3b-${hexOf(host, 12)}`;
const entityOf = (host: number, program: number): string =>
  Buffer.from(`${idOf(host)}-${1000 + program * 4}-1795489200.${program}`).toString('base64');

function defendBase(site: Site, host: number, category: 'process' | 'network', type: string, action: string) {
  const time = site.tick();
  const iso = new Date(time).toISOString();
  return {
    '@timestamp': `${iso.slice(0, -1)}${String(Math.floor((time % 1) * 1e4)).padStart(4, '0')}Z`,
    agent: { id: idOf(host + HOSTS), type: 'endpoint', version: '8.15.3' },
    data_stream: { type: 'logs', dataset: `endpoint.events.${category}`, namespace: 'default' },
    ecs: { version: '8.10.0' },
    elastic: { agent: { id: idOf(host + HOSTS) } },
    event: {
      agent_id_status: 'verified',
      sequence: Math.floor(time - START_MS),
      ingested: iso,
      created: iso,
      kind: 'event',
      module: 'endpoint',
      action,
      id: `N${site.letters(15)}++++${site.letters(4)}`,
      category: [category],
      type: [type],
      dataset: `endpoint.events.${category}`,
      ...(category === 'process' ? { outcome: 'unknown' } : {}),
    },
    host: {
      hostname: `WS-${host}`,
      name: `ws-${host}.harborview.example`,
      id: idOf(host),
      ip: [addressOf(host), '127.0.0.1', '::1'],
      mac: [`00-50-56-aa-${hexOf(host, 2)}-${hexOf(host, 4).slice(2)}`],
      architecture: 'x86_64',
      os: {
        Ext: { variant: 'Windows 11 Pro' },
        kernel: '22H2 (10.0.22621.4317)',
        name: 'Windows',
        family: 'windows',
        type: 'windows',
        version: '22H2 (10.0.22621.4317)',
        platform: 'windows',
        full: 'Windows 11 Pro 22H2 (10.0.22621.4317)',
      },
    },
    user: { domain: 'HARBORVIEW', name: `user${host}`, id: `S-1-5-21-2718281828-3141592653-1618033988-${1100 + host}` },
  };
}

function defendConnection(site: Site): object {
  const host = site.host();
  const isEnd = site.random.chance(0.3);
  const program = site.random.integer(0, PROGRAMS.length - 1);
  const [path, , signer] = PROGRAMS[program]!;
  const [port] = site.random.pick(SERVICES);
  const destination = site.destination();
  return {
    ...defendBase(
      site,
      host,
      'network',
      isEnd ? 'end' : 'start',
      isEnd ? 'disconnect_received' : 'connection_attempted',
    ),
    message: 'Endpoint network event',
    process: {
      Ext: {
        ancestry: [entityOf(host, program + 20), entityOf(host, program + 40)],
        code_signature: [{ exists: true, status: 'trusted', subject_name: signer, trusted: true }],
      },
      entity_id: entityOf(host, program),
      executable: path,
      name: nameOf(path),
      pid: 1000 + program * 4,
    },
    source: {
      address: addressOf(host),
      ip: addressOf(host),
      port: site.random.integer(49_152, 65_535),
      ...(isEnd ? { bytes: site.random.integer(200, 9_000) } : {}),
    },
    destination: {
      address: destination,
      ip: destination,
      port,
      ...(isEnd ? { bytes: site.random.integer(200, 90_000) } : {}),
    },
    network: { transport: 'tcp', type: 'ipv4', direction: 'egress' },
  };
}

function defendLaunch(site: Site): object {
  const host = site.host();
  const program = site.random.integer(0, PROGRAMS.length - 1);
  const [path, args, signer] = PROGRAMS[program]!;
  const parent = 'C:\\Windows\\explorer.exe';
  return {
    ...defendBase(site, host, 'process', 'start', 'start'),
    message: 'Endpoint process event',
    process: {
      Ext: {
        ancestry: [entityOf(host, 20), entityOf(host, 40)],
        authentication_id: '0x5d1a2',
        code_signature: [{ exists: true, status: 'trusted', subject_name: signer, trusted: true }],
        token: { integrity_level_name: 'medium', elevation: false, elevation_level: 'limited' },
        session_info: { logon_type: 'Interactive', client_address: addressOf(host), id: 1 },
      },
      entity_id: `${entityOf(host, program)}${site.letters(4)}`,
      executable: path,
      name: nameOf(path),
      pid: site.random.integer(1_000, 30_000),
      args: [path, ...args],
      args_count: args.length + 1,
      command_line: [`"${path}"`, ...args].join(' '),
      hash: { md5: hexOf(program, 32), sha1: hexOf(program, 40), sha256: hexOf(program, 64) },
      pe: { original_file_name: nameOf(path), imphash: hexOf(program, 32) },
      code_signature: { exists: true, status: 'trusted', subject_name: signer, trusted: true },
      parent: {
        entity_id: entityOf(host, 20),
        executable: parent,
        name: nameOf(parent),
        pid: 4_212,
        args: [parent],
        args_count: 1,
        command_line: parent,
      },
    },
  };
}

function sysmonConnection(site: Site): object {
  const host = site.host();
  const program = site.random.integer(0, PROGRAMS.length - 1);
  const [path] = PROGRAMS[program]!;
  const [port, service] = site.random.pick(SERVICES);
  const destination = site.destination();
  const sourcePort = site.random.integer(49_152, 65_535);
  const iso = new Date(site.tick()).toISOString();
  const name = `ws-${host}.harborview.example`;
  return {
    '@timestamp': iso,
    agent: {
      ephemeral_id: idOf(host + 3 * HOSTS),
      id: idOf(host + 2 * HOSTS),
      name,
      type: 'winlogbeat',
      version: '8.15.3',
    },
    ecs: { version: '8.11.0' },
    event: {
      action: 'Network connection detected (rule: NetworkConnect)',
      category: ['network'],
      code: '3',
      created: iso,
      ingested: iso,
      kind: 'event',
      module: 'sysmon',
      provider: 'Microsoft-Windows-Sysmon',
      type: ['connection', 'start', 'protocol'],
    },
    host: {
      name,
      hostname: `WS-${host}`,
      id: idOf(host),
      ip: [addressOf(host), 'fe80::7a3c:11ff:fe22:3344'],
      architecture: 'x86_64',
      os: {
        build: '22621.4317',
        family: 'windows',
        kernel: '10.0.22621.4317',
        name: 'Windows 11 Pro',
        platform: 'windows',
        type: 'windows',
        version: '10.0',
      },
    },
    log: { level: 'information' },
    process: { entity_id: `{${idOf(host)}}`, executable: path, name: nameOf(path), pid: 1000 + program * 4 },
    source: { domain: name, ip: addressOf(host), port: sourcePort },
    destination: { ip: destination, port },
    network: {
      community_id: `1:${site.letters(27)}=`,
      direction: 'egress',
      protocol: service ?? 'unknown',
      transport: 'tcp',
      type: 'ipv4',
    },
    related: { ip: [addressOf(host), destination], user: [`user${host}`] },
    user: { domain: 'HARBORVIEW', name: `user${host}`, id: 'S-1-5-18' },
    winlog: {
      api: 'wineventlog',
      channel: 'Microsoft-Windows-Sysmon/Operational',
      computer_name: name,
      event_data: { DestinationIsIpv6: 'false', Initiated: 'true', SourceIsIpv6: 'false' },
      event_id: '3',
      opcode: 'Info',
      process: { pid: 3_104, thread: { id: 4_812 } },
      provider_guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
      provider_name: 'Microsoft-Windows-Sysmon',
      record_id: String(site.random.integer(1, 9_999_999)),
      user: { domain: 'NT AUTHORITY', identifier: 'S-1-5-18', name: 'SYSTEM', type: 'User' },
      version: 5,
    },
  };
}

/** Names and types of conn.log's columns, as Zeek 6 writes them. */
export const ZEEK_COLUMNS: readonly (readonly [name: string, type: string])[] = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['proto', 'enum'],
  ['service', 'string'],
  ['duration', 'interval'],
  ['orig_bytes', 'count'],
  ['resp_bytes', 'count'],
  ['conn_state', 'string'],
  ['local_orig', 'bool'],
  ['local_resp', 'bool'],
  ['missed_bytes', 'count'],
  ['history', 'string'],
  ['orig_pkts', 'count'],
  ['orig_ip_bytes', 'count'],
  ['resp_pkts', 'count'],
  ['resp_ip_bytes', 'count'],
  ['tunnel_parents', 'set[string]'],
];

const ZEEK_HEAD = [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  '#path\tconn',
  '#open\t2026-11-24-00-00-00',
  ['#fields', ...ZEEK_COLUMNS.map(([name]) => name)].join('\t'),
  ['#types', ...ZEEK_COLUMNS.map(([, type]) => type)].join('\t'),
];

function zeekConn(site: Site): string {
  const { random } = site;
  const [port, service] = random.pick(SERVICES);
  const isUdp = port === 53;
  const destination = site.destination();
  const isAnswered = random.chance(0.9);
  const sent = random.integer(40, 9_000);
  const received = random.integer(40, 90_000);
  const packets = 4 + Math.ceil(sent / 1_400);
  const answers = 3 + Math.ceil(received / 1_400);
  return [
    (site.tick() / 1000).toFixed(6),
    `C${site.letters(17)}`,
    addressOf(site.host()),
    random.integer(32_768, 65_535),
    destination,
    port,
    isUdp ? 'udp' : 'tcp',
    isAnswered ? (service ?? '-') : '-',
    ...(isAnswered ? [(random.next() * 90).toFixed(6), sent, received] : ['-', '-', '-']),
    isAnswered ? 'SF' : 'S0',
    'T',
    destination.startsWith('10.') ? 'T' : 'F',
    0,
    isUdp ? (isAnswered ? 'Dd' : 'D') : isAnswered ? 'ShADadFf' : 'S',
    ...(isAnswered ? [packets, sent + packets * 40, answers, received + answers * 40] : [1, 60, 0, 0]),
    '-',
  ].join('\t');
}
