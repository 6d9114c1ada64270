import type { RequestHandler } from 'express';
import { AppError } from '../model/app-error.js';
import type { ApiPorts } from './ports.js';

/** GET /healthz: the process is alive. */
export const healthz: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

/** GET /readyz: the store answers, and nobody stops the service. */
export const readyz =
  ({ telemetry, isDraining }: Pick<ApiPorts, 'telemetry' | 'isDraining'>): RequestHandler =>
  async (_req, res) => {
    if (isDraining()) throw new AppError('NOT_READY', 'Scanhound is stopping.');
    try {
      await telemetry.position();
    } catch (error) {
      throw new AppError('NOT_READY', 'The store does not answer.', { cause: error });
    }
    res.json({ status: 'ready' });
  };
