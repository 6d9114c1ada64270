import { errors } from '@elastic/elasticsearch';
import { AppError } from '../../model/app-error.js';
import { tlsTrouble } from './tls-error.js';

const BUSY = [429, 502, 503, 504];

/** The request would take more memory, or give more buckets, than the engine allows: a smaller one may do. */
export class EngineOverload extends AppError {
  constructor(message: string) {
    super('ENGINE_UNAVAILABLE', message);
  }
}

const isOverload = (error: unknown): boolean =>
  error instanceof errors.ResponseError &&
  /"type":"(circuit_breaking_exception|too_many_buckets_exception)"/.test(JSON.stringify(error.body ?? ''));

/** Whether the same request may well succeed a little later. */
export const isPassing = (error: unknown): boolean =>
  (error instanceof errors.ConnectionError && tlsTrouble(error) === undefined) ||
  (error instanceof errors.ResponseError && BUSY.includes(error.statusCode ?? 0) && !isOverload(error));

/**
 * The client's error in our words. The error itself is left behind, since it holds the request with its headers.
 *
 * @param engine which one, without credentials
 */
export function describeError(error: unknown, engine: string): unknown {
  if (!(error instanceof errors.ElasticsearchClientError)) return error;
  if (error instanceof errors.ResponseError) {
    const status = error.statusCode ?? 0;
    const message = `${engine} answered ${status}${reasonOf(error.body)}`;
    if (isOverload(error)) return new EngineOverload(message);
    return new AppError(status === 429 || status >= 500 ? 'ENGINE_UNAVAILABLE' : 'ENGINE_REFUSED', message);
  }
  const trouble = tlsTrouble(error);
  if (trouble !== undefined)
    return new AppError('ENGINE_UNTRUSTED', `No secure connection to ${engine} can be made: ${trouble}.`);
  if (error instanceof errors.ConnectionError || error instanceof errors.NoLivingConnectionsError)
    return new AppError('ENGINE_UNAVAILABLE', `${engine} can't be reached.`);
  if (error instanceof errors.TimeoutError)
    return new AppError('ENGINE_UNAVAILABLE', `${engine} did not answer in time.`);
  if (error instanceof errors.ProductNotSupportedError)
    return new AppError('ENGINE_REFUSED', `${engine}: what answers there is another product.`);
  return new AppError('ENGINE_REFUSED', `${engine}: the answer can't be read (${error.name}).`);
}

interface Reason {
  type?: unknown;
  reason?: unknown;
}

interface ErrorBody {
  error?: (Reason & { root_cause?: Reason[] }) | string;
}

/** What one shard said is more than that some failed. */
function reasonOf(body: unknown): string {
  const { error } = Object(body) as ErrorBody;
  const { type, reason } = typeof error === 'string' ? { type: error } : (error?.root_cause?.[0] ?? error ?? {});
  const said = [type, reason].filter((part) => typeof part === 'string').join(': ');
  return said === '' ? '.' : `: ${said.slice(0, 300)}.`;
}
