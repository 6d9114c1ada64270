import type { RequestHandler } from 'express';
import { AppError } from '../model/app-error.js';
import type { ApiPorts } from './ports.js';

/** GET /healthz: the process is alive. */
export const healthz: RequestHandler = (_req, res) => {
  res.json({ status: 'ok' });
};

/** GET /readyz: the store can be read and written, and nobody stops the service. */
export const readyz =
  ({
    telemetry,
    checkWriting,
    isDraining,
  }: Pick<ApiPorts, 'telemetry' | 'checkWriting' | 'isDraining'>): RequestHandler =>
  async (_req, res) => {
    if (isDraining()) throw new AppError('NOT_READY', 'Scanhound is stopping.');
    try {
      await telemetry.position();
      await checkWriting();
    } catch (error) {
      const why = error instanceof AppError ? error.message : 'The store does not answer.';
      throw new AppError('NOT_READY', why, { cause: error });
    }
    res.json({ status: 'ready' });
  };
