import type { AnalyticId } from '../../queries/analytic.js';
import type { Condition, Documents, Span } from '../model/ports.js';
import type { Run } from '../model/run.js';
import { formatTime } from '../model/time.js';

/** A stretch of event time, both ends included: ISO 8601 in UTC. */
export interface Stretch {
  from: string;
  to: string;
}

/** One run as coverage tells it: what it hunted and found, without the lists of it. */
export interface RunAccount
  extends Pick<Run, 'id' | 'state' | 'origin' | 'arrivals' | 'windows' | 'unread' | 'tunables' | 'started' | 'ended'>,
    Pick<Run, 'records' | 'suspects' | 'episodes' | 'created' | 'error'> {
  /** Absent: what arrived, wherever its times lie. */
  span?: Stretch;
  /** How many episodes were of programs and machines that may scan. */
  silenced: number;
}

export interface RunsAccount {
  /** The newest first, 5 at most; the last one that was done comes after them where it is older. */
  runs: RunAccount[];
  /** Runs that failed since the last one that was done; counted up to 100. */
  failures: number;
}

const NEWEST = 5;
const MOST_FAILURES = 100;

/** The last runs of an analytic, whatever asked for them. */
export async function accountRuns(analytic: AnalyticId, documents: Documents): Promise<RunsAccount> {
  const newest = (where: readonly Condition[], limit: number) =>
    documents.query<Run>('run', {
      where: [{ path: 'analytic', oneOf: [analytic] }, ...where],
      sort: { path: 'started', direction: 'desc' },
      limit,
    });
  const [done] = await newest([isState('done')], 1);
  const since: Condition[] = done ? [{ path: 'started', atLeast: done.body.started }] : [];
  const failed = await newest([isState('failed'), ...since], MOST_FAILURES);
  const last = await newest([], NEWEST);
  const isListed = done === undefined || last.some(({ id }) => id === done.id);
  return { runs: (isListed ? last : [...last, done]).map(({ body }) => toAccount(body)), failures: failed.length };
}

const isState = (state: Run['state']): Condition => ({ path: 'state', oneOf: [state] });

const toAccount = ({ analytic, span, silenced, alerts, updated, withdrawn, merged, ...run }: Run): RunAccount => ({
  ...run,
  ...(span && { span: toStretch(span) }),
  silenced: silenced.length,
});

export const toStretch = ({ from, to }: Span): Stretch => ({ from: formatTime(from), to: formatTime(to) });
