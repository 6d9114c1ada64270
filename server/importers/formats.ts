import { auditdRaw } from './auditd.js';
import { awsVpcFlow, awsVpcFlowJson } from './aws-vpcflow.js';
import { azureFlows } from './azure-flows.js';
import { containerdEvents } from './containerd.js';
import { ecs } from './ecs.js';
import { falco } from './falco.js';
import type { JsonFormat, TextFormat } from './format.js';
import { gcpVpcFlow } from './gcp-vpcflow.js';
import { hubble } from './hubble.js';
import { iptablesJournal, iptablesSyslog } from './iptables.js';
import { kubearmor } from './kubearmor.js';
import { laurel } from './laurel.js';
import { suricataEve } from './suricata.js';
import { tetragon } from './tetragon.js';
import { tracee } from './tracee.js';
import { windowsEvents } from './windows.js';
import { zeekJson, zeekTsv } from './zeek.js';

/** In the order in which a record is offered; `ecs` last, for it takes any ECS document. */
export const jsonFormats: readonly JsonFormat[] = [
  suricataEve,
  zeekJson,
  laurel,
  windowsEvents,
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

export const textFormats: readonly TextFormat[] = [
  zeekTsv,
  auditdRaw,
  awsVpcFlow,
  containerdEvents,
  iptablesSyslog(() => Date.now()),
];
