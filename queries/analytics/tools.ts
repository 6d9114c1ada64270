/**
 * Names and arguments of scan tools, from ATT&CK's procedures of T1046 and from what tools document of themselves.
 * Dual-use programs (nc, curl, ping, telnet, socat) are on no list: they count by their contacts, or by arguments that
 * scan. They match, they never filter: a renamed tool is found by its contacts.
 */
export const scanners = [
  'nmap',
  'zenmap',
  'nping',
  'masscan',
  'zmap',
  'zgrab',
  'zgrab2',
  'rustscan',
  'naabu',
  'fscan',
  'hping',
  'hping2',
  'hping3',
  'unicornscan',
  'nbtscan',
  'pnscan',
  'pscan',
  'netdiscover',
  'arp-scan',
  'fping',
  'peirates',
];

export const windowsScanners = [
  'advanced_port_scanner',
  'advanced_port_scanner_console',
  'advanced_ip_scanner',
  'advanced_ip_scanner_console',
  'netscan',
  'netscan64',
  'netscanold',
  'softperfect network scanner',
  'kportscan',
  'kportscan3',
  'nimscan',
  'snscan',
  'superscan',
  'xscan',
  'xscan_gui',
  'angryip',
  'ipscan',
  'ladongo',
  'ladon',
  'grixba',
  'tcping',
  'smbtouch',
];

export const serviceBrowsers = ['mdns-scan', 'avahi-browse'];

/** What a program was told: scan types and ranges of nmap and its like, however it is called. */
export const scanArguments = [
  String.raw`(^|[\s/\\"'])(nmap|zenmap|nping|masscan|zmap|rustscan|naabu|fscan)(\.exe)?["']?\s+\S`,
  // curl -sS is no scan: what tells are ports, ranges of addresses, and options that curl has not, or not so
  String.raw`\s-s[STAUWMNFXOYZVn]{1,3}\s(.*\s)?(-p\s?[\d,T:U-]|-Pn\b|--top-ports\b|-F(\s+[^\s=]+)*$|[\d.]*\.\d+(/\d{1,2}|-\d{1,3})(\s|$))`,
  String.raw`\b(nc|ncat|netcat|nc\.(openbsd|traditional))(\.exe)?\s+(-\w+\s+(\d+\s+)?)*-\w*(z\w*v|v\w*z)`,
  String.raw`\b(nc|ncat|netcat|nc\.(openbsd|traditional))(\.exe)?\s+.*-\w*z.*\s\d+-\d+`,
];

/** Loops over a shell's own sockets. */
export const shellProbes = [String.raw`\b(for|while)\b.*/dev/(tcp|udp)/.*\$`];

export const powershellProbes = [
  String.raw`(?i)\bInvoke-(Portscan|ARPScan)\b|\bPortScan-Alive\b`,
  String.raw`(?i)(\d\.\.\d+|foreach|for\s*\().*Net\.Sockets\.TcpClient`,
  String.raw`(?i)(\d\.\.\d+|foreach|for\s*\().*Test-NetConnection`,
];

/** Browsing for services by Bonjour: ATT&CK's own example is `dns-sd -B _ssh._tcp .` */
export const bonjourBrowsing = [String.raw`\bdns-sd\s+-[BZ]\b`, 'broadcast-dns-service-discovery'];
