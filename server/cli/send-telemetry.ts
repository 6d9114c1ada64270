import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { AppError, errorTable } from '../model/app-error.js';

/** Times that one file is offered to a service that has no room. */
const MOST_TRIES = 20;
const LONGEST_WAIT_SECONDS = 60;

const number = z.number().int().nonnegative();
const Summary = z.object({
  kinds: z.array(
    z.object({
      kind: z.string(),
      files: number,
      records: number,
      stored: number,
      repeated: number,
      ignored: number,
      unknown: number,
      rejected: z.record(z.string(), number),
    }),
  ),
  skipped: z.array(z.object({ file: z.string(), why: z.string() })),
});
const Refusal = z.object({
  error: z.object({ code: z.enum(errorTable().map(({ code }) => code)), message: z.string() }),
});

/** What the service made of one file. */
export type SentSummary = z.infer<typeof Summary>;

/**
 * Sends a file to a service as it is, and again while the service has no room, within bounds.
 * @param service where it listens
 * @throws AppError what the service answers; SERVICE_UNUSABLE where none answers; SOURCE_UNREADABLE
 */
export async function sendTelemetry(path: string, service: URL, signal: AbortSignal): Promise<SentSummary> {
  for (let tries = 1; ; tries++) {
    const answer = await post(path, service, signal);
    const text = await answer.text().catch((error: unknown) => fail(service, signal, error));
    if (answer.ok) return named(Summary, text, path, service);
    const { error } = named(Refusal, text, path, service);
    if (answer.status !== 429 || tries === MOST_TRIES) throw new AppError(error.code, error.message);
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    await wait(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1_000, undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    );
  }
}

async function post(path: string, service: URL, signal: AbortSignal): Promise<Response> {
  const target = new URL('api/events', service.href.endsWith('/') ? service : `${service.href}/`);
  const file = await open(path).catch((error: Error) => {
    throw new AppError('SOURCE_UNREADABLE', `${path}: ${error.message}`, { cause: error });
  });
  const body = Readable.toWeb(file.createReadStream());
  const headers = { 'content-type': 'application/octet-stream' };
  return fetch(target, { method: 'POST', headers, body, duplex: 'half', signal }).catch((error: unknown) =>
    fail(service, signal, error),
  );
}

/** The answer, the file in it under the name that it has here. */
function named<T>(form: z.ZodType<T>, text: string, path: string, service: URL): T {
  try {
    return form.parse(JSON.parse(text, (_key, value) => (typeof value === 'string' ? rename(value, path) : value)));
  } catch (error) {
    throw new AppError('SERVICE_UNUSABLE', `What answers at ${service.href} is no Scanhound.`, { cause: error });
  }
}

const rename = (text: string, path: string): string => text.replaceAll(/\bapi:[0-9a-f]{64}/g, () => path);

function fail(service: URL, signal: AbortSignal, error: unknown): never {
  signal.throwIfAborted();
  const { message, code = message } = Object((error as Error).cause ?? error) as { message?: string; code?: string };
  throw new AppError('SERVICE_UNUSABLE', `No answer from ${service.href}: ${code}`, { cause: error });
}
