import express, { type RequestHandler, Router } from 'express';
import { z } from 'zod';
import { refuseMethod, refuseOtherSites, requireJsonIfAny } from './guards.js';
import type { ApiPorts } from './ports.js';
import { readInput } from './read-query.js';

type JobPorts = Pick<ApiPorts, 'jobs' | 'onError'>;
type JobHandler = RequestHandler<{ id: string }>;

const Pause = z.strictObject({
  /** Who asks. */
  by: z.string().min(1).max(200).optional(),
});
const Nothing = z.strictObject({});

/** Under /api/jobs: what hunts by itself, how far it is, and what people do to it. */
export function jobRoutes(ports: JobPorts): Router {
  const router = Router();
  const post = (path: string, handler: JobHandler) =>
    router
      .route(`/:id/${path}`)
      .post(refuseOtherSites, requireJsonIfAny, express.json({ limit: '1kb' }), handler as RequestHandler)
      .all(refuseMethod('POST'));
  router.route('/').get(listJobs(ports)).all(refuseMethod('GET', 'HEAD'));
  router.route('/:id').get(getJob(ports)).all(refuseMethod('GET', 'HEAD'));
  post('pause', pauseJob(ports));
  post('resume', resumeJob(ports));
  post('run', runJob(ports));
  return router;
}

/** GET /api/jobs */
const listJobs =
  ({ jobs }: JobPorts): RequestHandler =>
  async (_req, res) => {
    res.json({ jobs: await jobs.list() });
  };

/** GET /api/jobs/:id */
const getJob =
  ({ jobs }: JobPorts): JobHandler =>
  async (req, res) => {
    res.json(await jobs.get(req.params.id));
  };

/** POST /api/jobs/:id/pause: the job as it is then. */
const pauseJob =
  ({ jobs }: JobPorts): JobHandler =>
  async (req, res) => {
    const { by } = readInput(Pause, req.body);
    await jobs.pause(req.params.id, by);
    res.json(await jobs.get(req.params.id));
  };

/** POST /api/jobs/:id/resume: the job as it is then. */
const resumeJob =
  ({ jobs }: JobPorts): JobHandler =>
  async (req, res) => {
    readInput(Nothing, req.body);
    await jobs.resume(req.params.id);
    res.json(await jobs.get(req.params.id));
  };

/** POST /api/jobs/:id/run: 202 with the run, which Location follows. */
const runJob =
  ({ jobs, onError }: JobPorts): JobHandler =>
  async (req, res) => {
    readInput(Nothing, req.body);
    const { ids, done } = await jobs.run(req.params.id, 'api');
    done.catch((error: unknown) => onError(error, { method: req.method, path: req.originalUrl }));
    res.status(202).location(`/api/runs/${ids[0]}`).json({ runs: ids });
  };
