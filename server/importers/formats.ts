import { auditdRaw } from './auditd.js';
import { ecs } from './ecs.js';
import { evtx } from './evtx.js';
import type { BinaryFormat, JsonFormat, TextFormat } from './format.js';
import { laurel } from './laurel.js';
import { osqueryResults } from './osquery.js';
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
  ecs,
];

export const textFormats: readonly TextFormat[] = [zeekTsv, auditdRaw, sysmonSyslog];

export const binaryFormats: readonly BinaryFormat[] = [evtx];
