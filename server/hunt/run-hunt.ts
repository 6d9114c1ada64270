import { randomUUID } from 'node:crypto';
import type { Analytic, TunableValue } from '../../queries/analytic.js';
import { toPlan } from '../../queries/plan.js';
import { AppError } from '../model/app-error.js';
import type { Arrivals, Documents, Span } from '../model/ports.js';
import { noCounts, type Run } from '../model/run.js';
import { formatTime } from '../model/time.js';
import { type HuntPorts, huntSpan, type SpanResult } from './hunt-span.js';
import { joinStored } from './join-stored.js';

export type { HuntPorts } from './hunt-span.js';

export interface HuntRequest {
  analytic: Analytic;
  /** As `tunablesOf` gives them. */
  tunables: Readonly<Record<string, TunableValue>>;
  /** All telemetry in it; absent: what arrived since the analytic's mark. */
  span?: Span;
  origin: Run['origin'];
  /** Absent: a new one. */
  id?: string;
  signal?: AbortSignal;
}

/** How far an analytic has hunted: it moves last, by compare-and-set. */
interface Mark {
  position: number;
}

/**
 * Hunts each request in turn, then joins what tells of the same scan, and only then moves the marks: a crash anywhere
 * repeats work and skips none. A request that fails ends the round, with its run marked failed.
 */
export async function huntAll(requests: readonly HuntRequest[], ports: HuntPorts): Promise<Run[]> {
  const hunts: Hunt[] = [];
  for (const request of requests) hunts.push(await hunt(request, ports));
  await joinStored(
    ports.documents,
    hunts.flatMap(({ changed }) => changed),
  );
  for (const { run, mark } of hunts) {
    if (mark) await advance(ports.documents, run.analytic, mark);
    run.state = 'done';
    run.ended = formatTime(ports.now());
    await record(ports.documents, run);
  }
  return hunts.map(({ run }) => run);
}

interface Hunt {
  run: Run;
  changed: Span[];
  mark?: Arrivals;
}

async function hunt(request: HuntRequest, ports: HuntPorts): Promise<Hunt> {
  const { documents, telemetry } = ports;
  const plan = toPlan(request.analytic, request.tunables);
  const mark = await documents.get<Mark>('mark', plan.analytic);
  const arrivals = { after: mark?.body.position ?? 0, until: await telemetry.position() };
  const run: Run = {
    id: request.id ?? randomUUID(),
    analytic: plan.analytic,
    state: 'running',
    origin: request.origin,
    ...(request.span ? { span: request.span } : { arrivals }),
    tunables: request.tunables,
    started: formatTime(ports.now()),
    ...noCounts(),
    silenced: [],
    alerts: [],
  };
  await record(documents, run);
  try {
    const spans = request.span ? [request.span] : await telemetry.touched(arrivals);
    const changed: Span[] = [];
    for (const span of spans) {
      const result = await huntSpan(plan, span, ports, request.signal);
      changed.push(...result.changed);
      add(run, result);
    }
    return { run, changed, ...(request.span ? {} : { mark: arrivals }) };
  } catch (error) {
    await record(documents, { ...run, state: 'failed', ended: formatTime(ports.now()), error: describe(error) });
    throw error;
  }
}

function add(run: Run, result: SpanResult): void {
  for (const count of ['records', 'suspects', 'episodes', 'created', 'updated', 'withdrawn', 'merged'] as const)
    run[count] += result[count];
  run.alerts.push(...result.alerts);
  run.silenced.push(
    ...result.silenced.map(({ subject, start, end, by }) => ({
      subject,
      start: formatTime(start),
      end: formatTime(end),
      by,
    })),
  );
}

function describe(error: unknown): NonNullable<Run['error']> {
  if (error instanceof AppError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) };
}

/** The ledger's entry of a run. */
async function record(documents: Documents, run: Run): Promise<void> {
  const stored = await documents.get<Run>('run', run.id);
  if (stored) await documents.update('run', run.id, run, stored.version);
  else await documents.create('run', run.id, run);
}

/** False when another run moved the mark since: that one hunted the same arrivals. */
async function advance(documents: Documents, analytic: string, { after, until }: Arrivals): Promise<boolean> {
  const stored = await documents.get<Mark>('mark', analytic);
  if (!stored) return documents.create<Mark>('mark', analytic, { position: until });
  if (stored.body.position !== after) return false;
  if (until === after) return true;
  return documents.update<Mark>('mark', analytic, { position: until }, stored.version);
}
