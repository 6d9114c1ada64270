import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { alertsOf } from '../jobs/final-alerts.js';
import { AppError, errorTable } from '../model/app-error.js';
import { formatTime } from '../model/time.js';
import type { AlertDocument, HuntOrder } from '../plugin.js';
import { ask, readAnswer } from './ask-service.js';

const Ordered = z.object({ runs: z.array(z.string()) });

const RunAnswer = z.looseObject({
  id: z.string(),
  analytic: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  records: z.number().default(0),
  episodes: z.number().default(0),
  silenced: z.array(z.unknown()).default([]),
  unread: z.array(z.string()).optional(),
  alerts: z.array(z.string()).default([]),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
const Runs = z.object({ runs: z.array(RunAnswer) });

/** A run as the service tells it. */
export type ServiceRun = z.infer<typeof RunAnswer>;

/** What alerts are shown by; the service wrote the rest. */
const AlertAnswer = z
  .looseObject({ id: z.string(), event: z.looseObject({}), scanhound: z.looseObject({}) })
  .transform((alert) => alert as unknown as AlertDocument);

/** How often a service at work is asked. */
const LOOK_MS = 500;

/**
 * Hunts through the service that holds the store, and waits for the end.
 * @throws AppError what the service refuses with, or its run failed by; SERVICE_UNUSABLE where none answers
 */
export async function huntByService(
  { analytics, from, to, settings = [] }: Omit<HuntOrder, 'origin' | 'signal'>,
  service: URL,
  signal: AbortSignal,
): Promise<{ runs: ServiceRun[]; alerts: AlertDocument[] }> {
  const body = JSON.stringify({
    ...(analytics && { analytics }),
    ...(from !== undefined && { from: formatTime(from) }),
    ...(to !== undefined && { to: formatTime(to) }),
    tunables: Object.fromEntries(settings),
  });
  const headers = { 'content-type': 'application/json' };
  const ordered = readAnswer(
    Ordered,
    await ask(service, 'api/hunts', { method: 'POST', headers, body, signal }),
    service,
  );
  const runs = await followRuns(ordered.runs, service, signal);
  const get = async (_kind: unknown, id: string) => {
    const answer = await ask(service, `api/alerts/${encodeURIComponent(id)}`, { signal });
    return answer.status === 404 ? undefined : { id, version: 0, body: readAnswer(AlertAnswer, answer, service) };
  };
  return { runs, alerts: await alertsOf(runs, { get: get as Parameters<typeof alertsOf>[1]['get'] }) };
}

/** Waits for runs to end. Throws what one of them failed by. */
export async function followRuns(ids: readonly string[], service: URL, signal: AbortSignal): Promise<ServiceRun[]> {
  for (;;) {
    const { runs } = readAnswer(Runs, await ask(service, `api/runs?id=${ids.join(',')}`, { signal }), service);
    if (runs.every(({ state }) => state === 'done' || state === 'failed')) {
      const failed = runs.find(({ error }) => error)?.error;
      if (failed) throw new AppError(codeOf(failed.code), failed.message);
      return runs;
    }
    await wait(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

const codeOf = (code: string) => errorTable().find((one) => one.code === code)?.code ?? 'INTERNAL';
