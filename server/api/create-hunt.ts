import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { ApiPorts } from './ports.js';
import { instant, readInput } from './read-query.js';

const id = z.string().min(1).max(20);
const value = z.union([z.number(), z.string().max(65_536), z.array(z.string()), z.array(z.number())]);

const Hunt = z.strictObject({
  /** Absent, like `analytics`: all four. */
  analytic: id.optional(),
  analytics: z.array(id).min(1).max(10).optional(),
  /** Absent ends are open: all that is stored. */
  from: instant.optional(),
  to: instant.optional(),
  /** By name, as `--set` has them: `AN1057.TimeWindow`, or `TimeWindow` for every analytic that has it. */
  tunables: z.record(z.string().max(100), value).optional(),
});

/** POST /api/hunts: 202 with the runs, which Location follows. */
export const createHunt =
  ({ hunts, onError }: Pick<ApiPorts, 'hunts' | 'onError'>): RequestHandler =>
  async (req, res) => {
    const { analytic, analytics = [], from, to, tunables = {} } = readInput(Hunt, req.body);
    const { ids, done } = await hunts.order({
      origin: 'api',
      analytics: analytic === undefined ? analytics : [analytic, ...analytics],
      from,
      to,
      settings: Object.entries(tunables),
    });
    done.catch((error: unknown) => onError(error, { method: req.method, path: req.path }));
    res
      .status(202)
      .location(ids.length === 1 ? `/api/runs/${ids[0]}` : `/api/runs?id=${ids.join(',')}`)
      .json({ runs: ids });
  };
