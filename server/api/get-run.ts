import type { RequestHandler } from 'express';
import { AppError } from '../model/app-error.js';
import type { Run } from '../model/run.js';
import type { ApiPorts, QueuedRun } from './ports.js';

type RunPorts = Pick<ApiPorts, 'documents' | 'hunts'>;

/** GET /api/runs/:id: `state` is queued, running, done or failed. */
export const getRun =
  (ports: RunPorts): RequestHandler<{ id: string }> =>
  async (req, res) => {
    const run = await findRun(ports, req.params.id);
    if (!run) throw new AppError('RUN_UNKNOWN', 'No run has this id.');
    res.json(run);
  };

/** A run by its id, whether it is written down or waits. */
export async function findRun({ documents, hunts }: RunPorts, id: string): Promise<Run | QueuedRun | undefined> {
  const waiting = hunts.queued().find((run) => run.id === id); // first: a run is written down before it leaves the queue
  const stored = await documents.get<Run>('run', id);
  return stored?.body ?? waiting;
}
