import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../queries/document.js';
import type { ImportedEvent } from '../../server/model/ports.js';
import { LabEvent, labToEcs, parseHosts, parseLines } from '../lab-to-ecs.js';
import { SLACK_AFTER_MS, SLACK_BEFORE_MS } from './known-scan.js';
import type { Label } from './labels.js';
import { readTelemetry, timeOf } from './telemetry.js';

export type LabFormat = 'Zeek TSV' | 'Zeek JSON' | 'EVE' | 'audit log' | 'laurel' | 'ECS';

/** One format's records of the lab's run. */
export interface LabTelemetry {
  format: LabFormat;
  events: readonly ImportedEvent[];
}

const FILES: Readonly<Record<Exclude<LabFormat, 'ECS'>, string>> = {
  'Zeek TSV': 'zeek-tsv',
  'Zeek JSON': 'zeek-json',
  EVE: 'suricata/eve.json.gz',
  'audit log': 'audit.log.gz',
  laurel: 'audit.laurel.jsonl.gz',
};

/** Says on which host of the lab an event was made, where one can tell. */
export type HostOf = (event: ImportedEvent) => string | undefined;

/** The lab's run in some of its formats. */
export async function readLab(
  folder: string,
  formats: ReadonlySet<LabFormat>,
): Promise<{ telemetry: LabTelemetry[]; hostOf: HostOf }> {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  const hosts = parseHosts(text('hosts.ndjson'));
  const processes = parseLines(text('procevents.ndjson'), 'procevents.ndjson', LabEvent);
  const telemetry: LabTelemetry[] = [];
  for (const [format, file] of Object.entries(FILES) as [LabFormat, string][])
    if (formats.has(format)) telemetry.push({ format, events: (await readTelemetry([join(folder, file)])).events });
  const documents = labToEcs(processes, hosts).map((document, index) => ({
    document,
    original: JSON.stringify(document),
    index: 'procevents.ndjson',
    id: String(index + 1),
  }));
  if (formats.has('ECS')) telemetry.push({ format: 'ECS', events: documents });
  return { telemetry, hostOf: hostTeller(hosts, processes) };
}

/** By the name in the record, by its source address, or, in the one kernel's audit log, by the event's number. */
function hostTeller(hosts: ReadonlyMap<string, string>, processes: readonly LabEvent[]): HostOf {
  const byAddress = new Map([...hosts].map(([host, address]) => [address, host]));
  const bySerial = new Map(processes.map(({ serial, host }) => [String(serial), host ?? undefined]));
  return ({ document }) => {
    const address = readText(document, 'source.ip');
    return (
      readText(document, 'host.name') ??
      (address === undefined ? bySerial.get(readText(document, 'event.sequence') ?? '') : byAddress.get(address))
    );
  };
}

/**
 * A phase's records alone: all that its source host made from a second before its start to two after its end. That
 * takes in what else went on at that host, for on the network nobody can tell it apart.
 */
export function ofPhase(events: readonly ImportedEvent[], { who, start, end }: Label, hostOf: HostOf): ImportedEvent[] {
  return events.filter((event) => {
    const time = timeOf(event);
    const isThen = time !== undefined && time >= start - SLACK_BEFORE_MS && time <= end + SLACK_AFTER_MS;
    return isThen && hostOf(event) === who;
  });
}
