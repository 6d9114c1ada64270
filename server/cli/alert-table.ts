import type { AlertDocument } from '../plugin.js';
import { printable } from '../printable.js';
import { count } from './output.js';
import { cutTable, unpadded } from './plain-table.js';

const MOST_ROWS = 100;
/** With two spaces after each: 120 columns at most. */
const COLUMNS = { What: 19, Who: 20, Where: 20, 'How many': 22, When: 28, Score: 11 };

/** Who did what, where, how much, when: a line an alert, times in UTC. */
export function alertTable(alerts: readonly AlertDocument[]): string {
  if (alerts.length === 0) return 'No alerts.';
  const table = cutTable(COLUMNS);
  for (const alert of alerts.slice(0, MOST_ROWS)) table.push(row(alert).map(printable));
  const more = alerts.length - MOST_ROWS;
  return unpadded(table) + (more > 0 ? `\n… and ${count(more, 'more alert')}: hunt --json prints all.` : '');
}

const row = (alert: AlertDocument): string[] => [
  `${alert.scanhound.analytic} ${SHAPES[alert.scanhound.shape]}`,
  who(alert),
  where(alert),
  howMany(alert),
  when(alert),
  `${Math.round(alert.event.risk_score)} ${alert.scanhound.severity}`,
];

const SHAPES: Readonly<Record<AlertDocument['scanhound']['shape'], string>> = {
  vertical: 'vertical',
  horizontal: 'horizontal',
  block: 'block',
  'service enumeration': 'services',
  link: 'link',
  launch: 'launch',
};

/** The program, in its container; else the address. */
function who({ process, container, source, scanhound }: AlertDocument): string {
  const program = process?.name ?? process?.executable;
  if (program === undefined) return source?.ip ?? scanhound.subject.key;
  return container ? `${program} in ${container.id.slice(0, 12)}` : program;
}

/** A name with its domain where that fits. */
function where({ host }: AlertDocument): string {
  const name = host?.name ?? host?.id ?? '';
  return name.length > COLUMNS.Where - 2 ? name.replace(/^([^.]*[a-z-][^.]*)\..*$/is, '$1') : name;
}

/** What is told by hosts and ports. */
const CONTACTS: ReadonlySet<string> = new Set(['vertical', 'horizontal', 'block']);

/** Of a launch that left no contact: what the network saw of it, where that was joined. */
function howMany({ scanhound: { shape, targets: own, service_types, launches, joined = [] } }: AlertDocument): string {
  if (shape === 'service enumeration') return count(service_types.length, 'service type');
  const seen = joined.find((other) => CONTACTS.has(other.shape));
  const targets = shape === 'launch' && seen ? seen.targets : own;
  if (shape === 'launch' && targets.hosts === 0)
    return launches.length === 1 ? '1 launch' : `${launches.length} launches`;
  if (targets.ports === 0) return count(targets.hosts, 'host');
  return `${count(targets.hosts, 'host')}, ${count(targets.ports, 'port')}`;
}

/** `2026-01-31 08:00:00 4m12s`: the start, and how long it went on. */
function when({ event: { start, end } }: AlertDocument): string {
  const seconds = Math.round((Date.parse(end) - Date.parse(start)) / 1_000);
  return `${start.slice(0, 19).replace('T', ' ')} ${duration(seconds)}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m${String(seconds % 60).padStart(2, '0')}s`;
  return `${Math.floor(seconds / 3_600)}h${String(Math.floor((seconds % 3_600) / 60)).padStart(2, '0')}m`;
}
