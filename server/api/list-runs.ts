import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Run } from '../model/run.js';
import { findRun } from './get-run.js';
import { readPage } from './page.js';
import type { ApiPorts, QueuedRun } from './ports.js';
import { cursor, limit, readInput, words } from './read-query.js';

const RunQuery = z.strictObject({
  /** Up to 50 ids, joined by commas: these, in this order, as far as they are known and pass the other filters. */
  id: z
    .string()
    .max(2_000)
    .transform((ids) => ids.split(','))
    .pipe(z.array(z.string().min(1)).max(50))
    .optional(),
  analytic: words('AN1057', 'AN1058', 'AN1059', 'AN1060'),
  state: words('running', 'done', 'failed'),
  limit,
  cursor,
});

/** GET /api/runs: the newest first. Those that still wait stand in `queued`. */
export const listRuns =
  (ports: Pick<ApiPorts, 'documents' | 'hunts'>): RequestHandler =>
  async (req, res) => {
    const query = readInput(RunQuery, req.query);
    if (query.id) {
      const found = await Promise.all(query.id.map((id) => findRun(ports, id)));
      res.json({ runs: found.filter((run) => run && passes(query, run)), cursor: null });
      return;
    }
    const waiting = ports.hunts.queued();
    const page = await readPage<Run>(ports.documents, 'run', {
      where: [
        ...(query.analytic ? [{ path: 'analytic', oneOf: query.analytic }] : []),
        ...(query.state ? [{ path: 'state', oneOf: query.state }] : []),
      ],
      sort: { path: 'started', direction: 'desc' },
      limit: query.limit,
      cursor: query.cursor,
    });
    const runs = page.documents.map(({ body }) => body);
    const unlisted = waiting.filter(({ id }) => !runs.some((run) => run.id === id));
    const stored = await Promise.all(unlisted.map(({ id }) => ports.documents.get<Run>('run', id)));
    res.json({ runs, cursor: page.cursor, queued: unlisted.filter((_, at) => !stored[at]) });
  };

const passes = ({ analytic, state }: z.infer<typeof RunQuery>, run: Run | QueuedRun): boolean =>
  (!analytic || analytic.includes(run.analytic)) && (!state || state.some((one) => one === run.state));
