import Table from 'cli-table3';
import type { JobAccount } from '../plugin.js';
import { printable } from '../printable.js';
import { bare, plain, unpadded } from './alert-table.js';
import { duration, toSeconds } from './coverage-table.js';

/** With two spaces after each: 120 columns at most. */
const COLUMNS = { Job: 8, Windows: 10, Cadence: 20, Next: 21, Behind: 18, State: 25, 'Last run': 18 };

/** What hunts by itself: a line for each length of windows, times in UTC. */
export function jobTable(jobs: readonly JobAccount[]): string {
  const table = new Table({
    head: Object.keys(COLUMNS),
    colWidths: Object.values(COLUMNS),
    wordWrap: true,
    chars: bare,
    style: plain,
  });
  for (const job of jobs)
    for (const [at, window] of job.windows.entries())
      table.push(
        [
          at === 0 ? job.id : '',
          duration(window.seconds),
          cadence(window),
          toSeconds(window.next ?? ''),
          behind(window),
          ...(at === 0 ? [state(job), last(job)] : ['', '']),
        ].map(printable),
      );
  return unpadded(table);
}

type JobWindow = JobAccount['windows'][number];

const cadence = ({ cadence: when, apart }: JobWindow): string =>
  apart === undefined ? when : `${when}, ${duration(apart)} apart`;

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
