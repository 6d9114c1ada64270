import { auditdRaw } from './auditd.js';
import { ecs } from './ecs.js';
import { eslogger } from './eslogger.js';
import { evtx } from './evtx.js';
import type { BinaryFormat, JsonFormat, TextFormat } from './format.js';
import { jamfComplianceReporter } from './jamf-compliance-reporter.js';
import { jamfProtect } from './jamf-protect.js';
import { laurel } from './laurel.js';
import { osqueryResults } from './osquery.js';
import { santa } from './santa.js';
import { suricataEve } from './suricata.js';
import { sysmonSyslog } from './sysmon-syslog.js';
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
  ecs,
];

export const textFormats: readonly TextFormat[] = [zeekTsv, auditdRaw, santa, sysmonSyslog];

export const binaryFormats: readonly BinaryFormat[] = [evtx];
