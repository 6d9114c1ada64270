import type { RequestHandler } from 'express';
import type { ApiPorts } from './ports.js';

/** GET /metrics: for Prometheus. */
export const getMetrics =
  ({ metrics }: Pick<ApiPorts, 'metrics'>): RequestHandler =>
  async (_req, res) => {
    const { type, body } = await metrics.text();
    res.set('Content-Type', type).send(body);
  };
