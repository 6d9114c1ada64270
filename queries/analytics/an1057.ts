import { defineAnalytic } from '../analytic.js';
import { attack, counts, shared } from '../tunables.js';
import { measuresWith } from './measures.js';
import { powershellProbes, scanArguments, scanners, windowsScanners } from './tools.js';

/**
 * AN1057: a Windows process, or the address of a Windows host, probes the network (ATT&CK T1046, strategy DET0376).
 * ATT&CK names the first three tunables and leaves the numbers open: the defaults are ours, each with its reason.
 * Quiet on purpose: programs on the allow list; foreign destinations that answered; polling. Blind to closed ports
 * where Sysmon 3 is the only source: it logs established connections only (5157, flows see them).
 */
export const an1057 = defineAnalytic({
  id: 'AN1057',
  name: 'Network service discovery from Windows',
  description:
    'Processes that enumerate the network: process creation, socket connections and sequential destinations within a window.',
  version: 1,
  technique: 'T1046',
  strategy: 'DET0376',
  telemetry: { platform: 'windows', container: false, unattributed: false, serviceQueries: false },
  measures: measuresWith({ hosts: 'ScanRateThreshold', ports: 'ScanRateThreshold', sockets: 'ProcessSocketThreshold' }),
  tunables: {
    ScanRateThreshold: {
      ...counts.hosts,
      origin: 'ATT&CK',
      unit: 'distinct addresses, or distinct ports of one host',
      says: 'Own addresses, or ports of one host, in a window (foreign hosts and the own machine: ports that failed).',
    },
    KnownScannerExeList: attack(shared.KnownScannerExeList),
    TimeWindow: attack(shared.TimeWindow),
    FailedSocketThreshold: counts.failedSockets,
    ProcessSocketThreshold: counts.sockets,
    RemoteAccessSweepThreshold: counts.remoteHosts,
    RemoteAccessPorts: shared.RemoteAccessPorts,
    PortRunThreshold: counts.portRun,
    SequenceThreshold: counts.addressRun,
    ArpSweepThreshold: counts.arp,
    ScanToolList: { ...shared.ScanToolList, default: [...scanners, ...windowsScanners] },
    ToolPatternRegex: { ...shared.ToolPatternRegex, default: [...scanArguments, ...powershellProbes] },
    ExecutablePath: shared.ExecutablePath,
    ExpectedScanSources: shared.ExpectedScanSources,
    SharedAddresses: shared.SharedAddresses,
    UserContext: shared.UserContext,
    OwnNetworks: shared.OwnNetworks,
    PollingRounds: shared.PollingRounds,
    PollingGap: shared.PollingGap,
    PollingLookback: shared.PollingLookback,
  },
});
