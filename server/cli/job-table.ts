import type { JobAccount } from '../plugin.js';
import { printable } from '../printable.js';
import { duration, toSeconds } from './coverage-table.js';
import { unpadded, wrappedTable } from './plain-table.js';

/** With two spaces after each: 120 columns at most. */
const COLUMNS = { Job: 8, Windows: 18, Cadence: 14, Next: 21, Behind: 15, State: 18, 'Last run': 26 };

/** What hunts by itself, times in UTC: windows of which the same is to be said share a line. */
export function jobTable(jobs: readonly JobAccount[]): string {
  const table = wrappedTable(COLUMNS);
  for (const job of jobs) table.push(...rowsOf(job).map((row) => row.map(printable)));
  return unpadded(table);
}

function rowsOf(job: JobAccount): string[][] {
  const bySaid = new Map<string, { said: string[]; lengths: string[] }>();
  for (const window of job.windows) {
    const said = [cadence(window), toSeconds(window.next ?? ''), behind(window)];
    const same = bySaid.get(said.join()) ?? { said, lengths: [] };
    same.lengths.push(duration(window.seconds));
    bySaid.set(said.join(), same);
  }
  return [...bySaid.values()].map(({ said, lengths }, at) => [
    at === 0 ? job.id : '',
    lengths.join(', '),
    ...said,
    ...(at === 0 ? [state(job), last(job)] : ['', '']),
  ]);
}

type JobWindow = JobAccount['windows'][number];

const cadence = ({ cadence: when, apart }: JobWindow): string =>
  apart === undefined ? when : `${duration(apart)} apart`;

function behind({ arrivalsBehind, secondsBehind }: JobWindow): string {
  if (arrivalsBehind !== undefined) return `${arrivalsBehind.toLocaleString('en-US')} arrivals`;
  return secondsBehind === undefined ? 'never hunted' : duration(Math.ceil(secondsBehind));
}

function state({ state: own, paused, missed }: JobAccount): string {
  const since = paused
    ? `paused since ${toSeconds(paused.since)}${paused.by === undefined ? '' : ` by ${paused.by}`}`
    : own;
  const told = paused && own !== 'paused' ? `${own}, ${since}` : since;
  return missed > 0 ? `${told}; ${missed.toLocaleString('en-US')} ticks missed` : told;
}

const last = ({ last: run }: JobAccount): string =>
  run ? `${run.state} ${toSeconds(run.ended ?? run.started)}` : 'none';
