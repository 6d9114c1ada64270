import type { Request, RequestHandler } from 'express';
import { AppError } from '../model/app-error.js';
import type { ApiPorts } from './ports.js';

/** POST /api/events: 200 with what became of the telemetry in the body. */
export const postEvents =
  ({ intake }: Pick<ApiPorts, 'intake'>): RequestHandler =>
  async (req, res) => {
    res.json(await intake.take(bodyOf(req))); // { kinds, skipped }
  };

/** As sent. Who leaves it early can still answer: the rest is let go by, as a cut connection would take the answer along. */
async function* bodyOf(req: Request): AsyncGenerator<Buffer> {
  try {
    yield* req.iterator({ destroyOnReturn: false });
  } catch (error) {
    throw new AppError('REQUEST_INVALID', 'The body ended before it was whole.', { cause: error });
  } finally {
    req.resume();
  }
}
