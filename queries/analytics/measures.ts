import type { Measure } from '../analytic.js';

/** The measures of every analytic, with the tunables that hold its host and port thresholds. */
export const measuresWith = (names: { hosts: string; ports: string; sockets: string }): readonly Measure[] => [
  { name: 'hosts', scope: 'own', outcome: 'any', threshold: names.hosts, subjects: 'both' },
  { name: 'ports', scope: 'own', outcome: 'any', threshold: names.ports, subjects: 'both' },
  { name: 'ports', scope: 'foreign', outcome: 'failed', threshold: names.ports, subjects: 'both' },
  { name: 'sockets', scope: 'own', outcome: 'failed', threshold: 'FailedSocketThreshold', subjects: 'both' },
  { name: 'sockets', scope: 'own', outcome: 'any', threshold: names.sockets, subjects: 'process' },
  {
    name: 'hosts',
    scope: 'foreign',
    outcome: 'failed',
    threshold: 'RemoteAccessSweepThreshold',
    ports: 'RemoteAccessPorts',
    subjects: 'both',
  },
  { name: 'port_run', scope: 'any', outcome: 'any', threshold: 'PortRunThreshold', subjects: 'both' },
  { name: 'address_run', scope: 'own', outcome: 'failed', threshold: 'SequenceThreshold', subjects: 'both' },
  { name: 'arp', scope: 'link', outcome: 'failed', threshold: 'ArpSweepThreshold', subjects: 'address' },
];

/** Service enumeration over mDNS: AN1059 only. */
export const serviceMeasures: readonly Measure[] = [
  { name: 'services', scope: 'link', outcome: 'any', threshold: 'ServiceTypeThreshold', subjects: 'both' },
  { name: 'service_hashes', scope: 'link', outcome: 'any', threshold: 'ServiceHashThreshold', subjects: 'both' },
];
