import type { AnalyticId } from '../../queries/analytic.js';
import { AppError } from '../model/app-error.js';
import { everyDocument } from '../model/every-document.js';
import type { Documents } from '../model/ports.js';
import { noCounts, type Run } from '../model/run.js';
import { formatTime } from '../model/time.js';

/** A run that was asked for and has not begun. */
export type QueuedRun = Pick<Run, 'id' | 'analytic' | 'origin' | 'span' | 'tunables'> & {
  state: 'queued';
  /** ISO 8601, in UTC. */
  asked: string;
};

/** Writes down a run that ended before it could do so itself; one that stands keeps its own words. */
export async function recordFailure(
  { asked, ...run }: QueuedRun,
  error: NonNullable<Run['error']>,
  documents: Documents,
  now: number,
): Promise<void> {
  const failed: Run = {
    ...run,
    ...noCounts(),
    silenced: [],
    alerts: [],
    state: 'failed',
    started: asked,
    ended: formatTime(now),
    error,
  };
  if (await documents.create('run', run.id, failed)) return;
  const known = await documents.get<Run>('run', run.id);
  if (known?.body.state === 'running') await close(known, documents, now, error);
}

/**
 * Closes runs that stand as running though their process died.
 * @param startedBefore epoch ms; absent: all, as a store that has one process at a time is being opened by it
 */
export async function closeInterruptedRuns(documents: Documents, now: number, startedBefore?: number): Promise<void> {
  const where = [
    { path: 'state', oneOf: ['running'] },
    ...(startedBefore === undefined ? [] : [{ path: 'started', atMost: formatTime(startedBefore) }]),
  ];
  for (;;) {
    const runs = await documents.query<Run>('run', { where, limit: 200 });
    if (runs.length === 0) return;
    for (const run of runs) await close(run, documents, now, LEFT_OPEN);
  }
}

/** Closes scheduled runs of these analytics that stand as running: whoever began them is taken for dead, and no other may. */
export async function closeScheduledRuns(of: readonly AnalyticId[], documents: Documents, now: number): Promise<void> {
  const where = [
    { path: 'state', oneOf: ['running'] },
    { path: 'analytic', oneOf: of },
  ];
  for (const run of await everyDocument<Run>(documents, 'run', where))
    if (run.body.origin === 'schedule') await close(run, documents, now, LEFT_OPEN);
}

const LEFT_OPEN: NonNullable<Run['error']> = { code: 'INTERRUPTED', message: 'The process ended before the run did.' };

async function close(
  { id, body, version }: { id: string; body: Run; version: number },
  documents: Documents,
  now: number,
  error: NonNullable<Run['error']>,
): Promise<void> {
  await documents.update<Run>('run', id, { ...body, state: 'failed', ended: formatTime(now), error }, version);
}

/** What is no error of ours may hold anything: its message goes to the log alone. */
export const describe = (error: unknown): NonNullable<Run['error']> =>
  error instanceof AppError
    ? { code: error.code, message: error.message }
    : { code: 'INTERNAL', message: 'The hunt failed; the log of this time says why.' };
