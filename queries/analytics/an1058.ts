import { defineAnalytic } from '../analytic.js';
import { attack, counts, shared } from '../tunables.js';
import { measuresWith } from './measures.js';
import { scanArguments, scanners, serviceBrowsers, shellProbes } from './tools.js';

/**
 * AN1058: scan utilities and scripts on Linux, seen by auditd, and flows of any address that no known Windows, macOS or
 * container host holds (ATT&CK T1046, strategy DET0376).
 * Quiet on purpose: expected sources; foreign destinations that answered; polling; plain nc, curl and ping, which count
 * by their contacts. A SYN or UDP scan as root makes no connect: the audit log has its launch and a raw socket only,
 * the flows have the rest.
 */
export const an1058 = defineAnalytic({
  id: 'AN1058',
  name: 'Network service discovery from Linux',
  description: 'Scan utilities or scripts with rapid connections to several services or hosts, by audit log and flows.',
  version: 1,
  technique: 'T1046',
  strategy: 'DET0376',
  telemetry: { platform: 'linux', container: false, unattributed: true, serviceQueries: false },
  measures: measuresWith({
    hosts: 'HostSweepThreshold',
    ports: 'PortScanThreshold',
    sockets: 'ProcessSocketThreshold',
  }),
  tunables: {
    PortScanThreshold: attack(counts.ports),
    ToolPatternRegex: { ...attack(shared.ToolPatternRegex), default: [...scanArguments, ...shellProbes] },
    ExpectedScanSources: attack(shared.ExpectedScanSources),
    HostSweepThreshold: counts.hosts,
    TimeWindow: shared.TimeWindow,
    FailedSocketThreshold: counts.failedSockets,
    ProcessSocketThreshold: counts.sockets,
    RemoteAccessSweepThreshold: counts.remoteHosts,
    RemoteAccessPorts: shared.RemoteAccessPorts,
    PortRunThreshold: counts.portRun,
    SequenceThreshold: counts.addressRun,
    ArpSweepThreshold: counts.arp,
    ScanToolList: { ...shared.ScanToolList, default: [...scanners, ...serviceBrowsers] },
    ExecutablePath: shared.ExecutablePath,
    KnownScannerExeList: shared.KnownScannerExeList,
    SharedAddresses: shared.SharedAddresses,
    UserContext: shared.UserContext,
    OwnNetworks: shared.OwnNetworks,
    PollingRounds: shared.PollingRounds,
    PollingGap: shared.PollingGap,
    PollingLookback: shared.PollingLookback,
  },
});
