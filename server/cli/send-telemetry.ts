import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { AppError } from '../model/app-error.js';
import { type Answer, ask, readAnswer } from './ask-service.js';

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
    if (answer.status !== 429 || tries === MOST_TRIES) return readAnswer(Summary, named(answer, path), service);
    await wait(Math.min(answer.retryAfter, LONGEST_WAIT_SECONDS) * 1_000, undefined, { signal }).catch(() =>
      signal.throwIfAborted(),
    );
  }
}

async function post(path: string, service: URL, signal: AbortSignal): Promise<Answer> {
  const file = await open(path).catch((error: Error) => {
    throw new AppError('SOURCE_UNREADABLE', `${path}: ${error.message}`, { cause: error });
  });
  const body = Readable.toWeb(file.createReadStream());
  const headers = { 'content-type': 'application/octet-stream' };
  return ask(service, 'api/events', { method: 'POST', headers, body, duplex: 'half', signal });
}

/** The answer with the file under the name that it has here. */
const named = ({ ok, text }: Answer, path: string): Pick<Answer, 'ok' | 'text'> => ({
  ok,
  text: text.replaceAll(/\bapi:[0-9a-f]{64}/g, () => JSON.stringify(path).slice(1, -1)),
});
