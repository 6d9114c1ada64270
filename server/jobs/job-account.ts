import type { AnalyticId } from '../../queries/analytic.js';
import { toPlan } from '../../queries/plan.js';
import { markedUpTo } from '../hunt/marks.js';
import type { Documents } from '../model/ports.js';
import type { Run } from '../model/run.js';
import { formatTime } from '../model/time.js';
import type { Hunts } from './hunts.js';
import type { Job, JobWindow } from './job.js';
import { type JobRecord, readJob } from './job-records.js';

/** A job as people see it. Times are ISO 8601, in UTC. */
export interface JobAccount extends JobRecord {
  id: AnalyticId;
  /** Of a hunt of its analytic, else paused or idle: one that is paused can be run all the same. */
  state: 'running' | 'queued' | 'paused' | 'idle';
  windows: JobWindowAccount[];
  /** When the first of its windows is looked at next; absent where it is paused, or no service of this process ticks. */
  next?: string;
  /** The newest run of its analytic, whatever asked for it. */
  last?: Pick<Run, 'id' | 'state' | 'origin' | 'started' | 'ended' | 'error'>;
}

interface JobWindowAccount extends Omit<Lag, 'analytic'> {
  /** Cron in UTC, an interval, or off. */
  cadence: string;
  /** They are hunted at least so many seconds apart, whatever the cadence; absent: 0. */
  apart?: number;
  next?: string;
}

/** How far a mark is behind the newest arrival that can be hunted: one of both, by what the store counts arrivals in. */
interface Behind {
  /** On the embedded store. */
  arrivalsBehind?: number;
  /** On an engine; absent where nothing was hunted. */
  secondsBehind?: number;
}

/** Of windows of one length, in seconds. */
export interface Lag extends Behind {
  analytic: AnalyticId;
  seconds: number;
  /** The arrival up to which all was hunted; absent where nothing was. */
  mark?: number;
}

/** What positions of a store are: numbers of arrivals, or times in epoch ms. */
export type PositionUnit = 'arrivals' | 'times';

interface AccountPorts {
  documents: Documents;
  hunts: Pick<Hunts, 'queued' | 'tunables'>;
  positions: PositionUnit;
}

/**
 * @param position the newest arrival
 * @param nextOf when windows are looked at next, epoch ms; undefined where nothing wakes them
 */
export async function accountJob(
  job: Job,
  position: number,
  { nextOf, ...ports }: AccountPorts & { nextOf: (window: JobWindow) => number | undefined },
): Promise<JobAccount> {
  const { analytic, windows } = job;
  const record = await readJob(ports.documents, analytic.id);
  const waiting = ports.hunts.queued().filter((run) => run.analytic === analytic.id);
  const [newest] = await ports.documents.query<Run>('run', {
    where: [{ path: 'analytic', oneOf: [analytic.id] }],
    sort: { path: 'started', direction: 'desc' },
    limit: 1,
  });
  const isWaiting = waiting.some(({ id }) => id !== newest?.id); // a run is written down before it leaves the queue
  const nexts = windows.map((window) => (record.paused ? undefined : nextOf(window)));
  const lags = await lagsOf(job, position, ports);
  return {
    id: analytic.id,
    state: stateOf(newest?.body, isWaiting, record),
    ...record,
    windows: windows.map((window, at) => accountWindow(window, lags[at]!, nexts[at])),
    ...toNext(Math.min(...nexts.map((one) => one ?? Number.POSITIVE_INFINITY))),
    ...(newest && { last: toLast(newest.body) }),
  };
}

/** How far the mark of each window of a job is behind a position. */
export async function lagsOf({ analytic, windows }: Job, position: number, ports: AccountPorts): Promise<Lag[]> {
  const plan = toPlan(analytic, ports.hunts.tunables.get(analytic.id)!);
  return Promise.all(
    windows.map(async ({ seconds }) => {
      const mark = await markedUpTo(ports.documents, plan, seconds);
      const behind = Math.max(0, position - (mark ?? 0));
      return {
        analytic: analytic.id,
        seconds,
        ...(mark !== undefined && { mark }),
        ...(ports.positions === 'arrivals' && { arrivalsBehind: behind }),
        ...(ports.positions === 'times' && mark !== undefined && { secondsBehind: behind / 1_000 }),
      };
    }),
  );
}

function accountWindow(
  { when, apartMs }: JobWindow,
  { analytic, ...lag }: Lag,
  next: number | undefined,
): JobWindowAccount {
  return {
    ...lag,
    cadence: when ?? 'off',
    ...(apartMs > 0 && { apart: apartMs / 1_000 }),
    ...toNext(next),
  };
}

const toNext = (next: number | undefined): { next?: string } =>
  next !== undefined && Number.isFinite(next) ? { next: formatTime(next) } : {};

function stateOf(newest: Run | undefined, isWaiting: boolean, { paused }: JobRecord): JobAccount['state'] {
  if (newest?.state === 'running') return 'running';
  if (isWaiting) return 'queued';
  return paused ? 'paused' : 'idle';
}

const toLast = ({ id, state, origin, started, ended, error }: Run): NonNullable<JobAccount['last']> => ({
  id,
  state,
  origin,
  started,
  ...(ended !== undefined && { ended }),
  ...(error && { error }),
});
