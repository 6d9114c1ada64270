import type { KnownScan } from './known-scan.js';
import type { Truth } from './truth.js';

/** A scan by its source and times (ISO 8601, UTC). */
function scan(who: string, start: string, end: string, says: string): KnownScan {
  return { name: who, who: [who], start: Date.parse(start), end: Date.parse(end), isGoal: true, says };
}

/** One that makes fewer than 10 distinct sockets in any 10 minutes, or only a launch: reported. */
const slower = (...of: Parameters<typeof scan>): KnownScan => ({ ...scan(...of), isGoal: false });

/** Syslog times name no year. */
const anyYear = (who: string, says: string): KnownScan =>
  scan(who, '1990-01-01T00:00:00Z', '2100-01-01T00:00:00Z', says);

const psadScans = [
  ['psad/syn_scan_1000_1500', '192.168.10.55', '501 ports in 102 s'],
  ['psad/udp_scan_1000_1150', '192.168.10.55', '151 UDP ports in 32 s'],
  ['psad/ipv6_tcp_connect_nmap_default_scan', '2001:db8:0:f101::2', '1000 ports over IPv6'],
  ['psad/syn_sweep', '192.168.10.55', 'one port of 11 hosts'],
] as const;

const nmapConnect = scan('192.168.1.10', '2009-01-03T19:20:35Z', '2009-01-03T19:21:32Z', '1000 TCP ports of a host');
const nmapUdp = scan('192.168.1.10', '2009-01-04T04:08:34Z', '2009-01-04T04:08:38Z', '1000 UDP ports of a host');
const portscan = scan('10.100.25.14', '2006-08-24T14:35:25Z', '2006-08-24T14:35:29Z', '29 ports of a host');
const synscan = scan('172.16.0.8', '2010-07-04T20:24:16Z', '2010-07-04T20:24:22Z', '1000 ports of a foreign host');
const icmpSweep = scan('192.168.1.109', '2022-09-24T21:23:16Z', '2022-09-24T21:23:18Z', 'ICMP to 18 hosts');
const xscan = scan('192.168.1.125', '2009-01-16T15:41:42Z', '2009-01-16T15:47:30Z', 'X-Scan: 260 ports of a host');
const smbSlow = slower(
  '176.192.150.3',
  '2017-09-10T17:52:14Z',
  '2017-09-10T19:36:38Z',
  'port 445 of 9 hosts in 104 min',
);

/**
 * What is known of every readable file, from data/README.md, the SOURCE.txt beside each file and the labels in it;
 * sources, times and numbers of scans were counted in the records themselves, by hand and without Scanhound.
 * The lab is judged by its labels, phase by phase.
 */
const truths: readonly Truth[] = [
  {
    file: 'atomic-evtx/T1046-3_Sysmon.json',
    kind: 'positive',
    says: 'PowerShell is told "nmap 127.0.0.1"; nmap is installed and never starts',
    scans: [slower('Server002', '2024-10-22T14:23:28Z', '2024-10-22T14:23:29Z', 'launch: a shell is told nmap')],
  },
  {
    file: 'atomic-evtx/T1046-11_Sysmon.json',
    kind: 'negative',
    says: 'Get-Service for RDP services: local discovery, no scan',
  },
  {
    file: 'atomic-evtx/T1046-3_Sysmon.evtx',
    kind: 'positive',
    says: 'the same as the JSON',
    scans: [slower('Server002', '2024-10-22T14:23:28Z', '2024-10-22T14:23:29Z', 'launch: a shell is told nmap')],
  },
  { file: 'atomic-evtx/', kind: 'negative', says: 'other logs of the two runs' },
  { file: 'evtx-attack-samples/', kind: 'negative', says: 'an RDP tunnel, BloodHound, PsLoggedOn: no scan' },
  ...['falco/', 'hubble/', 'jamf-protect/', 'kubearmor/', 'tetragon/'].map(
    (file): Truth => ({ file, kind: 'shape', says: 'single events of agents' }),
  ),
  ...psadScans.map(([file, who, says]): Truth => ({ file, kind: 'positive', says, scans: [anyYear(who, says)] })),
  { file: 'psad/ipv4_valid_ping', kind: 'negative', says: 'five pings' },

  { file: 'beats/', kind: 'shape', says: 'events of many kinds, as agents index them' },
  {
    file: 'beats/gcp-vpcflow-expected.json',
    kind: 'negative',
    says: 'flows of a Google cloud, container cluster in it',
  },
  { file: 'beats/sysmon-10.2-dns.golden.json', kind: 'negative', says: 'DNS queries of a browser by Sysmon' },
  { file: 'beats/sysmon-9.01.golden.json', kind: 'negative', says: 'Windows at rest: 10 hosts in a second' },

  ...['derived-zeek/445_scan.conn.log.gz', 'derived-suricata/445_scan.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'slow horizontal, port 445', scans: [smbSlow] }),
  ),
  ...['derived-zeek/nmap-tcp_connect_scan.conn.log.gz', 'derived-suricata/nmap-tcp_connect_scan.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'nmap, TCP connect', scans: [nmapConnect] }),
  ),
  ...['derived-zeek/nmap-udp_scan.conn.log.gz', 'derived-suricata/nmap-udp_scan.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'nmap, UDP', scans: [nmapUdp] }),
  ),
  ...['derived-zeek/portscan.conn.log.gz', 'derived-suricata/portscan.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'vertical', scans: [portscan] }),
  ),
  ...['derived-zeek/synscan.conn.log.gz', 'derived-suricata/synscan.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'nmap, SYN', scans: [synscan] }),
  ),
  ...['derived-zeek/test12-icmp.conn.log.gz', 'derived-suricata/test12-icmp.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'ICMP sweep', scans: [icmpSweep] }),
  ),
  ...['derived-zeek/xscan.conn.log.gz', 'derived-suricata/xscan.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'positive', says: 'a Windows scanner at one host', scans: [xscan] }),
  ),
  { file: 'derived-zeek/xscan.dns.log.gz', kind: 'negative', says: 'names looked up by the two hosts of X-Scan' },
  ...['derived-zeek/ethereum.conn.log.gz', 'derived-suricata/ethereum.eve.json.gz'].map(
    (file): Truth => ({ file, kind: 'hard negative', says: 'Ethereum node, 62 peers in four seconds' }),
  ),
  ...['conn.log.gz', 'dns.log.gz'].map(
    (log): Truth => ({
      file: `derived-zeek/gnutella.${log}`,
      kind: 'hard negative',
      says: 'Gnutella, 507 peers in ten minutes',
    }),
  ),
  {
    file: 'derived-suricata/gnutella.eve.json.gz',
    kind: 'hard negative',
    says: 'Gnutella, 507 peers in ten minutes',
  },
  ...['conn.log.gz', 'dns.log.gz'].flatMap((log): Truth[] => [
    { file: `derived-zeek/iphone.${log}`, kind: 'hard negative', says: 'Apple devices ask for 19 mDNS service types' },
    { file: `derived-zeek/telegram.${log}`, kind: 'hard negative', says: 'a chat, and many mDNS service queries' },
    { file: `derived-zeek/mdns.${log}`, kind: 'negative', says: 'mDNS queries and answers of printers' },
    { file: `derived-zeek/wikipedia.${log}`, kind: 'negative', says: 'browsing, with mDNS' },
  ]),
  { file: 'derived-suricata/iphone.eve.json.gz', kind: 'hard negative', says: 'Apple devices ask for 19 mDNS types' },
  { file: 'derived-suricata/telegram.eve.json.gz', kind: 'hard negative', says: 'a chat, and many mDNS queries' },
  { file: 'derived-suricata/mdns.eve.json.gz', kind: 'negative', says: 'mDNS queries and answers of printers' },
  { file: 'derived-suricata/wikipedia.eve.json.gz', kind: 'negative', says: 'browsing, with mDNS' },

  { file: 'elastic-packages/', kind: 'shape', says: 'one event, as an Elastic integration indexes it' },
  { file: 'go-libaudit/', kind: 'shape', says: 'records of an audit log' },
  {
    file: 'ics-pcap/4sics-151020-conn.log',
    kind: 'hard negative',
    says: 'a PLC network; replies without their requests look like 2535 ports',
  },

  { file: 'otrf/SCRANTON-zeek_logs.zip', kind: 'negative', says: 'a Windows host of APT29 day 1; no scan' },
  { file: 'otrf/cmd_seatbelt_group_user.zip', kind: 'negative', says: 'host discovery, no network' },
  {
    file: 'otrf/covenant_dcom_iertutil_dll_hijack.zip',
    kind: 'hard negative',
    says: 'Edge reaches 22 hosts a minute, dns.exe forwards',
  },
  {
    file: 'otrf/empire_find_localadmin_smb_svcctl_OpenSCManager.zip',
    kind: 'positive',
    says: 'Find-LocalAdminAccess in a network of three hosts',
    scans: [
      slower(
        'WORKSTATION5.theshire.local',
        '2020-09-22T06:16:29Z',
        '2020-09-22T06:16:33Z',
        'SMB; one contact recorded',
      ),
    ],
  },
  {
    file: 'otrf/empire_ninjacopy_dumping_ntds_dit_file.zip',
    kind: 'hard negative',
    says: 'a domain controller: dns.exe reaches 15 hosts a minute',
  },
  {
    file: 'otrf/metasploit_logonpasswords_lsass_memory_dump_zeek_logs.zip',
    kind: 'negative',
    says: 'a small Windows network',
  },
  {
    file: 'otrf/syslog_sysmon_log4shell_cve2021_44228_jndi_reference.zip',
    kind: 'negative',
    says: 'an exploited Linux host, by Sysmon for Linux',
  },

  { file: 'rita/json_with_all_fields-conn.log', kind: 'negative', says: 'browsing and time servers' },
  {
    file: 'rita/missing_host-2024-04-19-13h.conn.log.gz',
    kind: 'positive',
    says: 'a server on the Internet in a quiet hour',
    scans: [
      scan('165.154.254.36', '2024-04-19T13:00:35Z', '2024-04-19T13:59:35Z', '54 ports in an hour, 14 in 10 min'),
      slower('43.231.250.84', '2024-04-19T13:00:14Z', '2024-04-19T13:14:49Z', '13 ports in 15 min'),
    ],
    benign: [],
  },
  {
    file: 'rita/missing_host-2024-04-20-00h.conn.log.gz',
    kind: 'positive',
    says: 'the same server: 458 outside sources',
    scans: [
      scan('80.66.66.145', '2024-04-20T00:55:45Z', '2024-04-20T00:55:46Z', '612 ports at once'),
      scan('91.92.244.109', '2024-04-20T00:37:42Z', '2024-04-20T00:59:50Z', '47 ports in 22 min, 29 in 10 min'),
      scan('165.154.254.36', '2024-04-19T23:59:59Z', '2024-04-20T00:58:17Z', '53 ports in an hour, 18 in 10 min'),
      slower('45.155.91.29', '2024-04-20T00:30:53Z', '2024-04-20T00:34:32Z', '9 ports in 4 min'),
      slower('185.242.226.39', '2024-04-20T00:43:49Z', '2024-04-20T00:45:29Z', '8 ports in 2 min'),
    ],
    benign: [],
  },
  {
    file: 'rita/proxy_rolling-16h.conn.log.gz',
    kind: 'hard negative',
    says: '22 clients browse, one reaches 67 hosts a minute',
  },
  { file: 'rita/proxy_rolling-16h.dns.log.gz', kind: 'negative', says: 'names looked up by those clients' },

  ...['json', 'evtx'].map(
    (ending): Truth => ({
      file: `sigma-regression/advanced_port_scanner.${ending}`,
      kind: 'positive',
      says: 'Advanced Port Scanner starts',
      scans: [slower('srv-01.midgardnet.tech', '2025-10-23T10:11:05Z', '2025-10-23T10:11:06Z', 'launch')],
    }),
  ),

  {
    file: 'slips/test6-malicious.suricata.json',
    kind: 'positive',
    says: 'a day of outside sources at a few hosts',
    scans: [
      scan('193.46.255.92', '2021-06-06T14:07:11Z', '2021-06-07T13:55:51Z', '482 ports in a day, 13 in 10 min'),
      slower('45.143.203.2', '2021-06-06T16:53:08Z', '2021-06-07T12:55:31Z', '51 ports in 20 h'),
      slower('45.143.200.102', '2021-06-06T14:23:50Z', '2021-06-07T13:49:39Z', '46 ports in 23 h'),
      slower('45.143.200.10', '2021-06-06T14:33:34Z', '2021-06-07T13:39:47Z', '37 ports in 23 h'),
      slower('185.193.88.29', '2021-06-06T17:32:47Z', '2021-06-07T12:37:36Z', '20 ports in 19 h'),
    ],
    benign: [],
  },
  ...['conn', 'dns'].map(
    (log): Truth => ({
      file: `slips/test9-${log}.log`,
      kind: 'hard negative',
      says: 'an infected Windows host sends spam to 65 hosts a minute; no scan',
    }),
  ),
  {
    file: 'slips/vertical-conn.log',
    kind: 'positive',
    says: 'vertical, a foreign host',
    scans: [scan('192.168.1.9', '2023-11-24T12:16:53Z', '2023-11-24T12:16:59Z', '44 ports of a host')],
  },

  {
    file: 'stratosphere-datasets/001-labeled-conn.log',
    kind: 'hard negative',
    says: 'njRAT calls home; 39 hosts a minute; no scan',
  },
  ...['conn', 'dns'].map(
    (log): Truth => ({
      file: `stratosphere-datasets/005-${log}.log`,
      kind: 'negative',
      says: 'Simda botnet; no scan',
    }),
  ),
  {
    file: 'stratosphere-datasets/010-conn.log.labeled',
    kind: 'positive',
    says: 'a computer on a public address for a day: its own work benign, 1500 outside sources',
    scans: [
      scan('51.89.192.233', '2022-06-14T10:54:00Z', '2022-06-14T10:54:01Z', '72 UDP ports at once'),
      slower('79.124.62.34', '2022-06-13T22:31:20Z', '2022-06-14T21:59:53Z', '106 ports in 23 h'),
      slower('79.124.62.78', '2022-06-14T17:58:44Z', '2022-06-14T21:53:17Z', '32 ports in 4 h'),
      slower('146.88.240.4', '2022-06-14T01:16:52Z', '2022-06-14T16:28:17Z', '29 ports in 15 h'),
    ],
    benign: ['147.32.83.234'],
  },
  { file: 'stratosphere-datasets/010-dns.log.labeled', kind: 'negative', says: 'names looked up by it' },

  {
    file: 'zat/conn.log',
    kind: 'hard negative',
    says: 'a ZeroAccess bot: 243 peers in four minutes; no service discovery',
  },
  { file: 'zat/', kind: 'negative', says: 'a host at work' },
  { file: 'zeek-btest/mdns-no-assoc.dns.log', kind: 'negative', says: 'mDNS; the times are blotted out' },
];

/** The entry of a file, else that of the folder it lies in. */
export const truthOf = (file: string): Truth | undefined =>
  truths.find((truth) => truth.file === file) ??
  truths.find((truth) => truth.file.endsWith('/') && file.startsWith(truth.file));
