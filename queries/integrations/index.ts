import type { EcsDocument } from '../document.js';
import { readText } from '../document.js';
import type { Integration, Platform } from '../integration.js';
import { judgeOf } from '../judge.js';
import { auditbeat } from './auditbeat.js';
import { auditd } from './auditd.js';
import { carbonBlack } from './carbon-black.js';
import { awsFlows, azureFlows, gcpFlows, netflow } from './cloud-flows.js';
import { containerd, falco, hubble, kubearmor, tetragon, tracee } from './containers.js';
import { endpoint } from './endpoint.js';
import { generic } from './generic.js';
import { iptables } from './iptables.js';
import { jamfComplianceReporter, jamfProtect } from './jamf.js';
import { osquery } from './osquery.js';
import { packetbeat } from './packetbeat.js';
import { santa } from './santa.js';
import { suricata } from './suricata.js';
import { unifiedLog } from './unified-log.js';
import { sysmonLinux, windows } from './windows.js';
import { zeek } from './zeek.js';

/** In the order in which they are asked: the first that owns a document judges it. */
export const integrations: readonly Integration[] = [
  zeek,
  suricata,
  auditd,
  auditbeat,
  endpoint,
  sysmonLinux,
  windows,
  osquery,
  unifiedLog,
  jamfProtect,
  jamfComplianceReporter,
  santa,
  carbonBlack,
  packetbeat,
  awsFlows,
  gcpFlows,
  azureFlows,
  netflow,
  iptables,
  falco,
  tetragon,
  tracee,
  hubble,
  kubearmor,
  containerd,
  generic,
];

const owners = integrations.map((integration) => ({ integration, owns: judgeOf(integration.documents) }));

export const integrationOf = (document: EcsDocument): Integration | undefined =>
  owners.find(({ owns }) => owns(document))?.integration;

const PLATFORMS: Readonly<Record<string, Platform>> = {
  windows: 'windows',
  linux: 'linux',
  macos: 'macos',
  darwin: 'macos',
};
const LINUX_FAMILIES = new Set([
  'debian',
  'redhat',
  'suse',
  'arch',
  'ubuntu',
  'centos',
  'rhel',
  'fedora',
  'alpine',
  'amazon',
  'amzn',
]);

/** The operating system of the host that a document speaks of: told, or known of its agent. */
export function platformOf(document: EcsDocument, integration: Integration): Platform | undefined {
  for (const field of ['host.os.type', 'host.os.family', 'host.os.platform']) {
    const value = readText(document, field)?.toLowerCase();
    if (value === undefined) continue;
    if (Object.hasOwn(PLATFORMS, value)) return PLATFORMS[value];
    if (LINUX_FAMILIES.has(value)) return 'linux';
  }
  return integration.platform;
}
