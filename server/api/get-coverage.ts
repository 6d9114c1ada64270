import type { RequestHandler } from 'express';
import { z } from 'zod';
import { coverageOf } from '../hunt/coverage.js';
import type { ApiPorts } from './ports.js';
import { instant, readInput, words } from './read-query.js';

const CoverageQuery = z
  .strictObject({
    from: instant.optional(),
    to: instant.optional(),
    analytic: words('AN1057', 'AN1058', 'AN1059', 'AN1060'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from lies after to');

/** GET /api/coverage: what was hunted of a stretch of event time, by which analytic, and what was not. */
export const getCoverage =
  (ports: Pick<ApiPorts, 'documents' | 'telemetry' | 'hunts' | 'analytics'>): RequestHandler =>
  async (req, res) => {
    const { analytic: wanted, ...question } = readInput(CoverageQuery, req.query);
    const hunted = ports.analytics
      .filter(({ id }) => wanted?.includes(id) ?? true)
      .map((analytic) => ({ analytic, tunables: ports.hunts.tunables.get(analytic.id)! }));
    res.json(await coverageOf(hunted, question, ports));
  };
