import { defineAnalytic } from '../analytic.js';
import { attack, counts, shared } from '../tunables.js';
import { measuresWith, serviceMeasures } from './measures.js';
import { bonjourBrowsing, scanArguments, scanners, serviceBrowsers, shellProbes } from './tools.js';

/**
 * AN1059: enumeration by Bonjour (mDNS) whatever the host, and scan tools on macOS (ATT&CK T1046, strategy DET0376).
 * Quiet on purpose: asking for many service types without the meta query `_services._dns-sd._udp` is what phones and
 * file managers do all day. The unified log masks types, the meta query among them: there, distinct hashes count.
 */
export const an1059 = defineAnalytic({
  id: 'AN1059',
  name: 'Network service discovery from macOS, and by mDNS',
  description:
    'Bonjour-based mDNS enumeration, or system tools (dns-sd, nmap) that find services by multicast or scans.',
  version: 1,
  technique: 'T1046',
  strategy: 'DET0376',
  telemetry: { platform: 'macos', container: false, unattributed: false, serviceQueries: true },
  measures: [
    ...measuresWith({ hosts: 'HostSweepThreshold', ports: 'PortScanThreshold', sockets: 'ProcessSocketThreshold' }),
    ...serviceMeasures,
  ],
  tunables: {
    MDNSServiceQueryPatterns: attack({
      default: [
        String.raw`^_[\w-]+\._(tcp|udp)(\.local)?\.?$`,
        String.raw`^_[\w-]+\._sub\._[\w-]+\._(tcp|udp)(\.local)?\.?$`,
      ],
      unit: 'RE2 patterns over the question, any case',
      items: 'pattern',
      says: 'Questions that ask for a service type. The meta query is not one of the types counted.',
      source: "ATT&CK's example (_ssh._tcp.local) and RFC 6763.",
      origin: 'ATT&CK',
    }),
    UserContext: attack(shared.UserContext),
    ScanToolList: { ...attack(shared.ScanToolList), default: [...scanners, ...serviceBrowsers] },
    ToolPatternRegex: {
      ...shared.ToolPatternRegex,
      default: [...scanArguments, ...shellProbes, ...bonjourBrowsing],
    },
    ServiceTypeThreshold: counts.services,
    ServiceHashThreshold: counts.serviceHashes,
    HostSweepThreshold: counts.hosts,
    PortScanThreshold: counts.ports,
    TimeWindow: shared.TimeWindow,
    FailedSocketThreshold: counts.failedSockets,
    ProcessSocketThreshold: counts.sockets,
    RemoteAccessSweepThreshold: counts.remoteHosts,
    RemoteAccessPorts: shared.RemoteAccessPorts,
    PortRunThreshold: counts.portRun,
    SequenceThreshold: counts.addressRun,
    ArpSweepThreshold: counts.arp,
    ExecutablePath: shared.ExecutablePath,
    KnownScannerExeList: shared.KnownScannerExeList,
    ExpectedScanSources: shared.ExpectedScanSources,
    SharedAddresses: shared.SharedAddresses,
    OwnNetworks: shared.OwnNetworks,
    PollingRounds: shared.PollingRounds,
    PollingGap: shared.PollingGap,
    PollingLookback: shared.PollingLookback,
  },
});
