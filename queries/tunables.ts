import type { Tunable } from './analytic.js';

/**
 * The tunables that every analytic has, and those that ATT&CK names for one analytic and that serve the others as
 * well. Units and sources stand with each; an analytic overrides `origin` where ATT&CK names the element for it.
 * Benign maxima and scan minima are those of public telemetry, counted over exact windows of 10 minutes.
 */
const ours = <T extends Omit<Tunable, 'origin'>>(tunable: T): T & { origin: 'Scanhound' } => ({
  ...tunable,
  origin: 'Scanhound',
});
/** The same tunable where ATT&CK names it for an analytic. */
export const attack = (tunable: Tunable): Tunable => ({ ...tunable, origin: 'ATT&CK' });

export const counts = {
  hosts: ours({
    default: 16,
    unit: 'distinct addresses',
    range: [2, 1_000_000],
    says: 'Own addresses reached in a window of TimeWindow or ten times that; twice as many in 60 times, four times as many in 1,440 times.',
    source: 'Benign public telemetry reaches 8 (a deployment); sweeps 28 and more.',
  }),
  ports: ours({
    default: 16,
    unit: 'distinct ports',
    range: [2, 65_535],
    says: 'Ports of one host in a window: own hosts whatever the outcome, foreign hosts and the own machine where they failed.',
    source: 'Benign public telemetry: 7 failed ports of one foreign host (Gnutella); scans 20 and more.',
  }),
  failedSockets: ours({
    default: 10,
    unit: 'distinct sockets',
    range: [2, 1_000_000],
    says: 'Own sockets (address, port, transport) that failed in a window.',
    source: 'Benign public telemetry reaches 4; scans 8 (a version detection of three hosts), then 10 and more.',
  }),
  sockets: ours({
    default: 16,
    unit: 'distinct sockets',
    range: [2, 1_000_000],
    says: 'Own sockets that one process (host, container, executable) reaches in a window, whatever the outcome.',
    source: 'Benign public telemetry reaches 8 (health checks), 6 on Windows; scans 28 and more.',
  }),
  remoteHosts: ours({
    default: 10,
    unit: 'distinct addresses',
    range: [2, 1_000_000],
    says: 'Foreign hosts that failed a port of RemoteAccessPorts in a window.',
    source: 'Benign public telemetry: none; worms: tens.',
  }),
  portRun: ours({
    default: 12,
    unit: 'ports in a row',
    range: [3, 65_535],
    says: 'Ascending or descending ports of one host over first contacts in a window. Equal times have no order.',
    source: 'Runs over 5 only in scans on public telemetry (72 and more there).',
  }),
  addressRun: ours({
    default: 8,
    unit: 'addresses in a row',
    range: [3, 1_000_000],
    says: 'Ascending or descending own addresses that failed, over first contacts in a window.',
    source:
      "ATT&CK's AN1057 asks for sequential destinations; benign public telemetry has at most 4 failed own sockets.",
  }),
  arp: ours({
    default: 8,
    unit: 'distinct addresses',
    range: [2, 1_000_000],
    says: 'Addresses asked for by ARP in a window that never answered.',
    source: 'A router reaches 4 on public telemetry; a sweep of a /28 leaves 8.',
  }),
  services: ours({
    default: 5,
    unit: 'distinct service types',
    range: [2, 1_000],
    says: 'mDNS service types asked for in a window that also holds the meta query _services._dns-sd._udp.',
    source:
      'Phones and file managers ask for up to 18 types, never with the meta query; browsers of everything ask for 8 and more with it.',
  }),
  serviceHashes: ours({
    default: 20,
    unit: 'distinct hashes',
    range: [2, 1_000],
    says: 'Masked service types (the unified log hides them) of one client in a window; the meta query is masked too.',
    source: 'Unproven on data; above the 18 types that ordinary use asks for.',
  }),
} as const;

export const shared = {
  TimeWindow: ours({
    default: 60,
    unit: 'seconds',
    range: [1, 3_600],
    says: 'The shortest window. Windows of 10, 60 and 1,440 times as long are hunted as well; the last two are unproven on public data.',
    source: "ATT&CK's own example.",
  }),
  PollingRounds: ours({
    default: 3,
    unit: 'rounds',
    range: [0, 100],
    says: 'A socket met in so many rounds is polled from then on and no longer counts; 0 counts everything.',
    source: 'Scans have hardly any such sockets, pollers nearly only such.',
  }),
  PollingGap: ours({
    default: 20,
    unit: 'seconds',
    range: [1, 86_400],
    says: 'The least time from one round to the next.',
    source: "Health checks every 20 s in the project's own lab.",
  }),
  PollingLookback: ours({
    default: 3_600,
    unit: 'seconds',
    range: [1, 604_800],
    says: 'The rounds lie within this time, or within the window where that is longer.',
    source: 'Pollers of public telemetry come back within the hour.',
  }),
  OwnNetworks: ours({
    default: [],
    unit: 'CIDR ranges',
    items: 'address',
    says: "The site's public ranges: own, like RFC 1918, RFC 6598, ULA, link-local and the source's own IPv6 /64.",
    source: 'A setting of the site.',
  }),
  RemoteAccessPorts: ours({
    default: [22, 23, 135, 139, 445, 2323, 3389, 5900, 5985, 5986],
    unit: 'ports',
    items: 'port',
    says: 'Ports through which machines are taken over: a sweep of foreign hosts counts on these only.',
    source: 'Ports named in the procedures of T1046 and in worms.',
  }),
  KnownScannerExeList: ours({
    default: ['nessusd.exe', 'nessusd', 'openvas', 'openvassd', 'gvmd', 'qualys-cloud-agent', 'QualysAgent.exe'],
    unit: 'file names or path globs, any case',
    items: 'glob',
    says: 'Programs that may scan: found, counted as silenced, not alerted.',
    source: "ATT&CK's example (Nessus) and its like; nmap is not on it on purpose.",
  }),
  ExpectedScanSources: ours({
    default: [],
    unit: 'addresses, CIDR ranges or host names',
    items: 'text',
    says: 'Machines that may scan: found, counted as silenced, not alerted.',
    source: 'A setting of the site.',
  }),
  SharedAddresses: ours({
    default: [],
    unit: 'addresses or CIDR ranges',
    items: 'address',
    says: 'Addresses that many hosts share (NAT, proxies): never joined to a host, and only failed measures count.',
    source: 'A setting of the site.',
  }),
  ToolPatternRegex: ours({
    default: [],
    unit: 'RE2 patterns, unanchored, over the arguments joined by one space',
    items: 'pattern',
    says: 'Arguments that scan. A launch that matches alerts alone, low.',
    source: "ATT&CK's examples (nmap -sS, nc -zv) and the procedures of T1046.",
  }),
  ScanToolList: ours({
    default: [],
    unit: 'executable names, any case, without .exe',
    items: 'text',
    says: 'Programs made to scan or browse services. A launch alerts alone, low.',
    source: 'Tools named in the procedures of T1046 and in public rules.',
  }),
  ExecutablePath: ours({
    default: [],
    unit: 'path globs, any case',
    items: 'glob',
    says: 'Where renamed or self-made scan tools lie. A launch that matches alerts alone, low.',
    source: 'ATT&CK: custom or renamed tools may use different paths.',
  }),
  UserContext: ours({
    default: 'any',
    unit: 'context',
    choices: ['any', 'interactive', 'daemon'],
    says: 'The context that gets the thresholds as they stand; the other gets twice as much. Contacts whose context is not told count as listed.',
    source: 'ATT&CK; any, as public telemetry does not separate by it.',
  }),
  PodNetworks: ours({
    default: [],
    unit: 'CIDR ranges',
    items: 'address',
    says: 'Pod and service ranges: inside, where telemetry has no destination namespace. Else the /24 or /64 of the source is.',
    source: 'A setting of the cluster.',
  }),
} as const;
