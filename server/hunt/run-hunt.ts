import { randomUUID } from 'node:crypto';
import type { Analytic, TunableValue } from '../../queries/analytic.js';
import { type Plan, toPlan, windowSecondsOf } from '../../queries/plan.js';
import { AppError } from '../model/app-error.js';
import type { Arrivals, Documents, Span } from '../model/ports.js';
import { addCounts, noCounts, type Run } from '../model/run.js';
import { formatTime } from '../model/time.js';
import { type HuntPorts, huntSpan, type SpanResult } from './hunt-span.js';
import { joinStored } from './join-stored.js';
import { type Mark, markedUpTo, markId } from './marks.js';

export type { HuntPorts } from './hunt-span.js';

export interface HuntRequest {
  analytic: Analytic;
  /** As `tunablesOf` gives them. */
  tunables: Readonly<Record<string, TunableValue>>;
  /** All telemetry in it; absent: what arrived since the analytic's mark. */
  span?: Span;
  /** Lengths in seconds of the windows that are due; absent: all. */
  windows?: readonly number[];
  origin: Run['origin'];
  /** Absent: a new one. */
  id?: string;
  signal?: AbortSignal;
}

/** Windows of one analytic that stand at the same mark, and what to read: what arrived since, and what may have been late. */
interface Due {
  windows: number[];
  mark: number;
  arrivals: Arrivals;
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
  for (const { run, plan, due } of hunts) {
    for (const one of due) await advance(ports.documents, plan, one);
    run.state = 'done';
    run.ended = formatTime(ports.now());
    await record(ports.documents, run);
  }
  return hunts.map(({ run }) => run);
}

interface Hunt {
  run: Run;
  plan: Plan;
  changed: Span[];
  due: readonly Due[];
}

async function hunt(request: HuntRequest, ports: HuntPorts): Promise<Hunt> {
  const { documents, telemetry } = ports;
  const plan = toPlan(request.analytic, request.tunables);
  const windows = request.windows ?? windowSecondsOf(plan.measures);
  const until = await telemetry.position();
  const unread = await telemetry.unread();
  const due = request.span ? [] : await dueSince(ports, plan, windows, until);
  const arrivals = { after: Math.min(until, ...due.map((one) => one.arrivals.after)), until };
  const run: Run = {
    id: request.id ?? randomUUID(),
    analytic: plan.analytic,
    state: 'running',
    origin: request.origin,
    ...(request.span ? { span: request.span } : { arrivals }),
    windows,
    ...(unread.length > 0 && { unread }),
    tunables: request.tunables,
    started: formatTime(ports.now()),
    ...noCounts(),
    silenced: [],
    alerts: [],
  };
  await record(documents, run);
  try {
    const changed: Span[] = [];
    const huntWindows = async (sought: readonly number[], spans: readonly Span[]) => {
      for (const span of spans) {
        const result = await huntSpan(plan, sought, span, ports, request.signal);
        changed.push(...result.changed);
        add(run, result);
      }
    };
    if (request.span) await huntWindows(windows, [request.span]);
    else for (const one of due) await huntWindows(one.windows, await telemetry.touched(one.arrivals));
    return { run, plan, changed, due };
  } catch (error) {
    await record(documents, { ...run, state: 'failed', ended: formatTime(ports.now()), error: describe(error) });
    throw error;
  }
}

function add(run: Run, result: SpanResult): void {
  addCounts(run, result);
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

async function dueSince(
  { documents, telemetry }: Pick<HuntPorts, 'documents' | 'telemetry'>,
  plan: Plan,
  windows: readonly number[],
  until: number,
): Promise<Due[]> {
  const due: Due[] = [];
  for (const seconds of windows) {
    const mark = (await markedUpTo(documents, plan, seconds)) ?? 0;
    const same = due.find((one) => one.mark === mark);
    if (same) same.windows.push(seconds);
    else due.push({ windows: [seconds], mark, arrivals: { after: Math.max(0, mark - telemetry.overlapMs), until } });
  }
  return due;
}

/** Leaves a mark where it is that another run moved since: that one hunted the same arrivals. */
async function advance(documents: Documents, plan: Plan, { windows, mark, arrivals: { until } }: Due): Promise<void> {
  for (const seconds of windows) {
    const id = markId(plan, seconds);
    const stored = await documents.get<Mark>('mark', id);
    if (!stored) await documents.create<Mark>('mark', id, { position: until });
    else if (stored.body.position === mark && until > mark)
      await documents.update<Mark>('mark', id, { position: until }, stored.version);
  }
}
