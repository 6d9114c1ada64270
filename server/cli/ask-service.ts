import { z } from 'zod';
import { AppError, errorTable } from '../model/app-error.js';

const Refusal = z.object({
  error: z.object({ code: z.enum(errorTable().map(({ code }) => code)), message: z.string() }),
});

/** An answer as it came: its text is read whole. */
export interface Answer {
  status: number;
  ok: boolean;
  text: string;
  /** Seconds that a service without room asks to wait. */
  retryAfter: number;
}

/**
 * Asks a running service.
 * @param service where it listens
 * @param path below it, without a slash before it
 * @throws AppError SERVICE_UNUSABLE where none answers
 */
export async function ask(service: URL, path: string, init: RequestInit & { signal: AbortSignal }): Promise<Answer> {
  try {
    const target = new URL(path, service.href.endsWith('/') ? service : `${service.href}/`);
    const answer = await fetch(target, init);
    const { status, ok } = answer;
    return { status, ok, text: await answer.text(), retryAfter: Number(answer.headers.get('retry-after') ?? 1) };
  } catch (error) {
    init.signal.throwIfAborted();
    const { message, code = message } = Object((error as Error).cause ?? error) as { message?: string; code?: string };
    throw new AppError('SERVICE_UNUSABLE', `No answer from ${service.href}: ${code}`, { cause: error });
  }
}

/** What an answer says. Throws what the service refused with, and SERVICE_UNUSABLE where it is none of ours. */
export function readAnswer<T>(form: z.ZodType<T>, { ok, text }: Pick<Answer, 'ok' | 'text'>, service: URL): T {
  if (ok) return parse(form, text, service);
  const { error } = parse(Refusal, text, service);
  throw new AppError(error.code, error.message);
}

function parse<T>(form: z.ZodType<T>, text: string, service: URL): T {
  try {
    return form.parse(JSON.parse(text));
  } catch (error) {
    throw new AppError('SERVICE_UNUSABLE', `What answers at ${service.href} is no Scanhound.`, { cause: error });
  }
}
