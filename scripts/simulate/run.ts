import type { Activity, LabelText, OfficeEvent } from './events.js';
import { toDefend } from './formats/defend.js';
import { Winlogbeat } from './formats/winlogbeat.js';
import { toZeek } from './formats/zeek.js';
import { Office } from './office.js';
import { backgroundPython, bonjourBrowse, terminalNmap } from './procedures/macos.js';
import { advancedPortScanner, powershellSweep, renamedNmap } from './procedures/windows.js';
import { Processes } from './processes.js';
import { Random } from './random.js';
import { mergeByTime, type Scene } from './scene.js';
import { laptopWork, phone, printerAnnouncements } from './work/macos.js';
import { monitoring, nameServer, officeWork } from './work/windows.js';

export interface SimulationOptions {
  /** The same seed gives the same telemetry. */
  seed: number;
  /** Epoch milliseconds. */
  start: number;
  /** Benign work fills them; each scan happens once in them. At least one. */
  hours: number;
}

/** One record of one file, as JSON. */
export interface SimulatedLine {
  file: 'winlogbeat.ndjson' | 'defend.ndjson' | 'zeek-conn.log' | 'zeek-dns.log' | 'labels.ndjson';
  text: string;
}

interface Watched {
  text: LabelText;
  first: number;
  last: number;
}

const HOUR_MS = 3_600_000;

/** An office at work, and six scans in it. Lines come in the order of time, one at a time; the labels at the end. */
export function* simulate({ seed, start, hours }: SimulationOptions): Generator<SimulatedLine> {
  const labels: Watched[] = [];
  const office = new Office();
  const winlogbeat = new Winlogbeat(office);
  const watched = activities(office, seed, start, start + hours * HOUR_MS).map((activity) => watch(activity, labels));
  for (const event of mergeByTime(watched)) {
    for (const record of winlogbeat.write(event)) yield { file: 'winlogbeat.ndjson', text: JSON.stringify(record) };
    for (const record of toDefend(event)) yield { file: 'defend.ndjson', text: JSON.stringify(record) };
    const { conn, dns } = toZeek(event);
    for (const record of conn) yield { file: 'zeek-conn.log', text: JSON.stringify(record) };
    for (const record of dns) yield { file: 'zeek-dns.log', text: JSON.stringify(record) };
  }
  labels.sort((a, b) => a.first - b.first);
  for (const label of labels) yield { file: 'labels.ndjson', text: JSON.stringify(toLabel(label)) };
}

function activities(office: Office, seed: number, from: number, until: number): Activity[] {
  const processes = new Processes(from - 9 * HOUR_MS);
  const scene = (name: string, begin = from): Scene => ({
    office,
    processes,
    random: Random.of(seed, name),
    from: begin,
    until,
  });
  const scans = [powershellSweep, bonjourBrowse, renamedNmap, terminalNmap, advancedPortScanner, backgroundPython];
  const share = (until - from) / scans.length;
  return [
    ...office.windowsClients.map((client) => officeWork(scene(client.name), client)),
    nameServer(scene('name server')),
    monitoring(scene('monitoring')),
    ...office.macs.map((mac) => laptopWork(scene(mac.name), mac)),
    ...office.phones.map((one) => phone(scene(one.name), one)),
    printerAnnouncements(scene('printer')),
    // Each scan in a part of the span of its own, and over before the span is.
    ...scans.map((scan, part) => {
      const wait = Random.of(seed, 'begin', scan.name).integer(60_000, Math.floor(share / 2));
      return scan(scene(scan.name, Math.floor(from + part * share) + wait));
    }),
  ];
}

/** Notes when an activity's events begin and end. */
function* watch({ label, events }: Activity, labels: Watched[]): Generator<OfficeEvent> {
  let noted: Watched | undefined;
  for (const event of events) {
    if (!noted) {
      noted = { text: label, first: event.at, last: event.at };
      labels.push(noted);
    }
    noted.last = event.at;
    yield event;
  }
}

const toLabel = ({ text, first, last }: Watched) => ({
  phase: text.phase,
  kind: text.kind,
  who: text.machine.name,
  ip: text.machine.address,
  tool: text.tool,
  what: text.what,
  ...(text.command === undefined ? {} : { command: text.command }),
  ...(text.analytic === undefined ? {} : { analytic: text.analytic }),
  start: new Date(first).toISOString(),
  end: new Date(last).toISOString(),
});
