import { defineAnalytic } from '../analytic.js';
import { attack, counts, shared } from '../tunables.js';
import { measuresWith } from './measures.js';
import { scanArguments, scanners, serviceBrowsers, shellProbes } from './tools.js';

/**
 * AN1060: a container probes its neighbours or its node (ATT&CK T1046, strategy DET0376). Every record that names a
 * container is hunted here and nowhere else, whatever the operating system.
 * Inside (the same namespace, pod range, /24 or /64) is what ATT&CK asks for; outside stays here and scores lower.
 * Quiet on purpose: a container that calls a handful of back ends; polling (probes, meshes); plain curl and nc.
 */
export const an1060 = defineAnalytic({
  id: 'AN1060',
  name: 'Network service discovery from containers',
  description:
    'Lateral discovery or breakout attempts by netcat, curl or custom binaries within the namespace or subnet.',
  version: 1,
  technique: 'T1046',
  strategy: 'DET0376',
  telemetry: { container: true, unattributed: false, serviceQueries: false },
  measures: measuresWith({
    hosts: 'HostSweepThreshold',
    ports: 'PortScanThreshold',
    sockets: 'NetworkDestinationCount',
  }),
  tunables: {
    ExecutablePath: attack(shared.ExecutablePath),
    TimeWindow: attack(shared.TimeWindow),
    NetworkDestinationCount: attack(counts.sockets),
    HostSweepThreshold: counts.hosts,
    PortScanThreshold: counts.ports,
    FailedSocketThreshold: counts.failedSockets,
    RemoteAccessSweepThreshold: counts.remoteHosts,
    RemoteAccessPorts: shared.RemoteAccessPorts,
    PortRunThreshold: counts.portRun,
    SequenceThreshold: counts.addressRun,
    ArpSweepThreshold: counts.arp,
    PodNetworks: shared.PodNetworks,
    ScanToolList: { ...shared.ScanToolList, default: [...scanners, ...serviceBrowsers] },
    ToolPatternRegex: { ...shared.ToolPatternRegex, default: [...scanArguments, ...shellProbes] },
    KnownScannerExeList: shared.KnownScannerExeList,
    ExpectedScanSources: shared.ExpectedScanSources,
    SharedAddresses: shared.SharedAddresses,
    UserContext: shared.UserContext,
    OwnNetworks: shared.OwnNetworks,
    PollingRounds: shared.PollingRounds,
    PollingGap: shared.PollingGap,
    PollingLookback: shared.PollingLookback,
  },
});
