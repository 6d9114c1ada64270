import { auditdRaw } from './auditd.js';
import { awsVpcFlow, awsVpcFlowJson } from './aws-vpcflow.js';
import { azureFlows } from './azure-flows.js';
import { containerdEvents } from './containerd.js';
import { ecs } from './ecs.js';
import { eslogger } from './eslogger.js';
import { evtx } from './evtx.js';
import { falco } from './falco.js';
import type { BinaryFormat, JsonFormat, TextFormat } from './format.js';
import { gcpVpcFlow } from './gcp-vpcflow.js';
import { hubble } from './hubble.js';
import { iptablesJournal, iptablesSyslog } from './iptables.js';
import { jamfComplianceReporter } from './jamf-compliance-reporter.js';
import { jamfProtect } from './jamf-protect.js';
import { kubearmor } from './kubearmor.js';
import { laurel } from './laurel.js';
import { osqueryResults } from './osquery.js';
import { santa } from './santa.js';
import { suricataEve } from './suricata.js';
import { sysmonSyslog } from './sysmon-syslog.js';
import { tetragon } from './tetragon.js';
import { tracee } from './tracee.js';
import { unifiedLog } from './unified-log.js';
import { windowsEvents } from './windows.js';
import { zeekJson, zeekTsv } from './zeek.js';

/** In the order in which a record is offered; `ecs` last, for it takes any ECS document. */
export const jsonFormats: readonly JsonFormat[] = [
  suricataEve,
  zeekJson,
  laurel,
  windowsEvents,
  osqueryResults,
  unifiedLog,
  jamfProtect,
  jamfComplianceReporter,
  eslogger,
  falco,
  tetragon,
  tracee,
  hubble,
  kubearmor,
  awsVpcFlowJson,
  gcpVpcFlow,
  azureFlows,
  iptablesJournal,
  ecs,
];

/** A syslog of several sources goes to the first whose lines its head shows: packet filters are last. */
export const textFormats: readonly TextFormat[] = [
  zeekTsv,
  auditdRaw,
  santa,
  sysmonSyslog,
  awsVpcFlow,
  containerdEvents,
  iptablesSyslog(() => Date.now()),
];

export const binaryFormats: readonly BinaryFormat[] = [evtx];
