import type { ErrorRequestHandler } from 'express';
import { AppError, type ErrorCode } from '../model/app-error.js';
import type { ApiPorts } from './ports.js';

/** A queue that is full has room again soon. */
const RETRY_SECONDS = '5';

/** Every error as { error: { code, message, hint, status } }. What is none of ours says nothing of its inside. */
export const answerError =
  (onError: ApiPorts['onError']): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    const known = error instanceof AppError ? error : toAppError(error);
    if (known.status >= 500) onError(error, { method: req.method, path: req.path });
    if (res.headersSent) return next(error); // Express cuts the connection
    const { code, message, hint, status } = known;
    if (status === 429) res.set('Retry-After', RETRY_SECONDS);
    res.status(status).json({ error: { code, message, hint, status } });
  };

/** Express and its body parser mark what the request did wrong by a status and a type. */
function toAppError(error: unknown): AppError {
  const { status, type } = Object(error) as { status?: unknown; type?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499)
    return new AppError('INTERNAL', 'Scanhound failed at this.', { cause: error });
  const [code, message] = (typeof type === 'string' && FAULTS[type]) || UNREADABLE;
  return new AppError(code, message, { cause: error });
}

const UNREADABLE = ['REQUEST_INVALID', 'The request can’t be read.'] as const;

const FAULTS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  'entity.too.large': ['BODY_TOO_LARGE', 'The body is too large.'],
  'entity.parse.failed': ['REQUEST_INVALID', 'The body is not valid JSON.'],
  'encoding.unsupported': ['CONTENT_TYPE_UNSUPPORTED', 'The content encoding of the body is not supported.'],
  'charset.unsupported': ['CONTENT_TYPE_UNSUPPORTED', 'The character set of the body is not supported.'],
};
