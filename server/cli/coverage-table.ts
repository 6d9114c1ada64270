import { analytics } from '../../queries/analytics/index.js';
import { saySource } from '../hunt/silent-sources.js';
import type { AnalyticCoverage, Coverage, RunAccount, Stretch, TelemetryAccount, WindowCoverage } from '../plugin.js';
import { printable } from '../printable.js';
import { count } from './output.js';
import { unpadded, wrappedTable } from './plain-table.js';

/** With two spaces after each: 120 columns at most. */
const WINDOWS = { Analytic: 10, Windows: 19, 'Up to arrival': 16, State: 9, 'Still to be hunted': 66 };
const VOLUMES = {
  Analytic: 10,
  'By programs (failed)': 24,
  Launches: 12,
  'By addresses (failed)': 24,
  mDNS: 12,
  ARP: 12,
  'The last': 21,
};
const BLIND = { Analytic: 10, 'Not seen': 110 };
const RUNS = { Analytic: 10, Started: 21, Run: 20, Hunted: 24, Result: 45 };

/** How far each analytic has hunted, then its last runs, times in UTC. */
export function coverageTable(coverage: Coverage): string {
  const windows = wrappedTable(WINDOWS);
  for (const analytic of coverage.analytics) windows.push(...windowRows(analytic));
  const runs = wrappedTable(RUNS);
  for (const { analytic, runs: own } of coverage.analytics)
    runs.push(...own.map((run) => runRow(analytic, run).map(printable)));
  return [
    telemetryLine(coverage),
    ...silentLines(coverage),
    ...lateLines(coverage),
    unpadded(windows),
    ...telemetryTables(coverage),
    runs.length === 0 ? 'No hunts.' : unpadded(runs),
    ...coverage.analytics.filter(({ failures }) => failures > 0).map(failureLine),
  ].join('\n\n');
}

function telemetryLine({ extent, position, unread, unreadCount }: Coverage): string {
  const more = unreadCount - unread.length;
  const closed = `${unread.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const told = extent ? `Telemetry: ${stretch(extent)}, up to arrival ${position}.` : 'No telemetry.';
  return printable(unreadCount > 0 ? `${told} Can't be read, as they are closed: ${closed}.` : told);
}

/** One paragraph, where something is silent. */
function silentLines({ silent }: Coverage): string[] {
  if (!silent || silent.sources.length === 0) return [];
  const said = silent.sources.map((source) => `Silent since ${toSeconds(source.last)}: ${saySource(source)}.`);
  return [[...said, `So it was at ${toSeconds(silent.checked)}.`].join('\n')];
}

/** What the last daily comparison found, where it found something. */
function lateLines({ arrivals }: Coverage): string[] {
  if (!arrivals || arrivals.late + arrivals.lost === 0) return [];
  const { checked, late, lost, hours } = arrivals;
  const found = late > 0 ? [`${count(late, 'record')} turned up late, of ${hoursOf(hours)}: hunted.`] : [];
  const gone = lost > 0 ? [`${count(lost, 'record')} of earlier hunts ${lost === 1 ? 'is' : 'are'} gone.`] : [];
  return [[`Compared with earlier hunts at ${toSeconds(checked)}:`, ...found, ...gone].join('\n')];
}

const MOST_SHOWN = 3;

function hoursOf(hours: readonly Stretch[]): string {
  const shown = hours.slice(0, MOST_SHOWN).map(stretch).join(', ');
  return hours.length > MOST_SHOWN ? `${shown} and ${hours.length - MOST_SHOWN} more` : shown;
}

/** Windows that stand at one mark share a line. */
function windowRows({ analytic, windows }: AnalyticCoverage): string[][] {
  const byMark = new Map<number | undefined, WindowCoverage[]>();
  for (const window of windows) byMark.set(window.mark, [...(byMark.get(window.mark) ?? []), window]);
  return [...byMark].map(([mark, same]) => {
    const { state, gaps } = same[0]!;
    const lengths = same.map(({ seconds }) => duration(seconds)).join(', ');
    return [analytic, lengths, String(mark ?? ''), state, gaps.map(stretch).join(', ')];
  });
}

/** What the last day holds, and what is not seen in it. */
function telemetryTables({ analytics: covered }: Coverage): string[] {
  const volumes = wrappedTable(VOLUMES);
  const blind = wrappedTable(BLIND);
  let day: Stretch | undefined;
  for (const { analytic, telemetry } of covered) {
    if (!telemetry) continue;
    day = telemetry;
    volumes.push(volumeRow(analytic, telemetry));
    blind.push(...telemetry.blind.map((spot) => [analytic, spot]));
  }
  if (!day) return [];
  const tables = [`Contacts and other records, ${stretch(day)}:\n\n${unpadded(volumes)}`];
  return blind.length > 0 ? [...tables, unpadded(blind)] : tables;
}

function volumeRow(analytic: string, { volumes }: TelemetryAccount): string[] {
  const of = (kind: keyof typeof volumes) => volumes[kind].records.toLocaleString('en-US');
  const times = Object.values(volumes).flatMap(({ last }) => last ?? []);
  return [
    analytic,
    `${of('programContacts')} (${of('failedProgramContacts')})`,
    of('launches'),
    `${of('addressContacts')} (${of('failedAddressContacts')})`,
    of('serviceQueries'),
    of('arps'),
    toSeconds(times.sort().at(-1) ?? ''),
  ];
}

const runRow = (analytic: string, run: RunAccount): string[] => [
  analytic,
  toSeconds(run.started),
  `${run.state} by ${run.origin}`,
  run.span ? stretch(run.span) : `arrivals ${run.arrivals ? `${run.arrivals.after} to ${run.arrivals.until}` : ''}`,
  [resultOf(run), changedTunables(analytic, run), unreadBy(run)].filter(Boolean).join('; '),
];

function resultOf({ error, records, suspects, episodes, silenced }: RunAccount): string {
  if (error) return `${error.message.replace(/\.$/, '')} [${error.code}]`;
  const quiet = silenced > 0 ? `, ${silenced} silenced` : '';
  return `${count(suspects, 'suspect')}, ${count(records, 'record')}, ${count(episodes, 'episode')}${quiet}`;
}

const unreadBy = ({ unread = [] }: RunAccount): string =>
  unread.length > 0 ? `not read, as they are closed: ${unread.join(', ')}` : '';

/** Those that were not as they come. */
function changedTunables(analytic: string, { tunables }: RunAccount): string {
  const known = analytics.find(({ id }) => id === analytic)?.tunables ?? {};
  return Object.entries(tunables)
    .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name]?.default))
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : value}`)
    .join('; ');
}

const failureLine = ({ analytic, failures }: AnalyticCoverage): string =>
  `${analytic}: ${count(failures, 'hunt')} failed since the last one that was done.`;

const stretch = ({ from, to }: Stretch): string => `${toSeconds(from)} to ${toSeconds(to)}`;

export const toSeconds = (time: string): string => time.slice(0, 19).replace('T', ' ');

/** `1m`, `24h`; seconds where it is no whole number of either. */
export function duration(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`;
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}
