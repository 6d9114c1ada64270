import { randomUUID } from 'node:crypto';
import type { Analytic, TunableValue } from '../../queries/analytic.js';
import { type Plan, toPlan, windowSecondsOf } from '../../queries/plan.js';
import { AppError } from '../model/app-error.js';
import { messageOf } from '../model/message-of.js';
import type { Documents, Span, Telemetry } from '../model/ports.js';
import { addCounts, noCounts, type Run } from '../model/run.js';
import { wholly } from '../model/spans.js';
import { formatTime } from '../model/time.js';
import { countArrivals } from './arrival-ledger.js';
import { askedOnce } from './asked-once.js';
import { type HuntPorts, huntSpan, type Look, type SpanResult } from './hunt-span.js';
import { joinStored } from './join-stored.js';
import { type Mark, markedUpTo, markId } from './marks.js';
import { addUpset, neighbours, noUpset, type Upset } from './neighbours.js';

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

/** Windows of one analytic that stand at the same mark. */
interface Due {
  windows: number[];
  mark: number;
}

/** A request as it goes on, slice after slice. */
interface Hunt {
  request: HuntRequest;
  plan: Plan;
  windows: readonly number[];
  /** None where a span is hunted. */
  due: Due[];
  /** From its first slice on. */
  run?: Run;
  /** It is not gone on with. */
  failure?: { error: unknown };
}

/** As `huntEach`, for who takes all or nothing: throws what the first request failed by, once the others are done. */
export async function huntAll(requests: readonly HuntRequest[], ports: HuntPorts): Promise<Run[]> {
  const hunts = await huntRound(requests, ports);
  throwFailure(hunts);
  return runsOf(hunts);
}

/**
 * Hunts each request in turn, then joins what tells of the same scan, and only then moves the marks: a crash anywhere
 * repeats work and skips none. Much that arrived is hunted so in slices, the oldest first: a crash repeats one of them.
 * What arrives meanwhile does not wait for the last slice: it is hunted after each, and once more when the marks get there.
 * A request that fails has its run marked failed and its marks where they were; the others go on. Throws where none did,
 * or a signal ended them.
 */
export async function huntEach(requests: readonly HuntRequest[], ports: HuntPorts): Promise<Run[]> {
  const hunts = await huntRound(requests, ports);
  if (standing(hunts).length === 0) throwFailure(hunts);
  return runsOf(hunts);
}

async function huntRound(requests: readonly HuntRequest[], ports: HuntPorts): Promise<Hunt[]> {
  const { documents, telemetry } = ports;
  const until = await telemetry.position();
  const hunts = await Promise.all(requests.map((request) => toHunt(request, documents)));
  let newest = until;
  for (let end = Number.NEGATIVE_INFINITY; end < until && standing(hunts).length > 0; ) {
    const after = Math.min(until, ...standing(hunts).flatMap(({ due }) => due.map(({ mark }) => mark)));
    end = await telemetry.sliceEnd({ after, until });
    await huntSlice(hunts, { end, until }, ports);
    if (end < until) newest = await huntNewer(hunts, newest, ports);
  }
  return hunts;
}

const standing = (hunts: readonly Hunt[]): Hunt[] => hunts.filter(({ failure }) => failure === undefined);

const runsOf = (hunts: readonly Hunt[]): Run[] => hunts.flatMap(({ run }) => run ?? []);

function throwFailure(hunts: readonly Hunt[]): void {
  const failed = hunts.find(({ failure }) => failure !== undefined);
  if (failed) throw failed.failure!.error;
}

async function toHunt(request: HuntRequest, documents: Documents): Promise<Hunt> {
  const plan = toPlan(request.analytic, request.tunables);
  const windows = request.windows ?? windowSecondsOf(plan.measures);
  return { request, plan, windows, due: request.span ? [] : await dueSince(documents, plan, windows) };
}

/** Where a slice of arrivals ends, and the last one. */
interface Slice {
  end: number;
  until: number;
}

async function huntSlice(hunts: readonly Hunt[], slice: Slice, ports: HuntPorts): Promise<void> {
  if (standing(hunts).some(({ due }) => due.length > 0)) await countArrivals(slice.end, ports);
  for (const hunt of standing(hunts)) if (!hunt.run) await attempt(hunt, ports, () => begin(hunt, slice.until, ports));
  await huntLooks(hunts, (hunt) => looksIn(hunt, slice, ports), ports);
  for (const hunt of standing(hunts)) await attempt(hunt, ports, () => finish(hunt, slice, ports));
}

/** Hunts what arrived after a position, beyond the marks, which stay; gives the position up to which it did. */
async function huntNewer(hunts: readonly Hunt[], after: number, ports: HuntPorts): Promise<number> {
  const until = await ports.telemetry.position();
  if (until <= after) return after;
  const arrivals = { after: rereadAfter(after, ports), until };
  await huntLooks(hunts, ({ windows }) => [{ windows, arrivals }], ports);
  return until;
}

/** Windows to be hunted in what arrivals touch; without them, in the span of the request. */
type Wanted = Omit<Look, 'touched' | 'extent'>;

function looksIn({ request, windows, due }: Hunt, { end, until }: Slice, ports: HuntPorts): Wanted[] {
  if (request.span) return [{ windows }];
  return due
    .filter(({ mark }) => mark < end || end === until)
    .map((one) => ({ windows: one.windows, arrivals: { after: rereadAfter(one.mark, ports), until: end } }));
}

async function huntLooks(
  hunts: readonly Hunt[],
  looksOf: (hunt: Hunt) => readonly Wanted[],
  ports: HuntPorts,
): Promise<void> {
  const shared = { ...askedOnce(ports.telemetry), upset: noUpset() };
  for (const hunt of standing(hunts)) await attempt(hunt, ports, () => huntRequest(hunt, looksOf(hunt), ports, shared));
  const { upset } = shared;
  await joinStored(ports.documents, [...upset.changed, ...(await neighbours(upset, ports.telemetry))]);
}

/** A step of one hunt; what it fails by is kept with it, and thrown where somebody wants all hunts to end. */
async function attempt(hunt: Hunt, { documents, now }: HuntPorts, step: () => Promise<void>): Promise<void> {
  try {
    await step();
  } catch (error) {
    hunt.failure = { error };
    if (hunt.run) {
      hunt.run = { ...hunt.run, state: 'failed', ended: formatTime(now()), error: describe(error) };
      await record(documents, hunt.run).catch(() => undefined); // why the hunt failed matters more
    }
    if (hunt.request.signal?.aborted) throw error;
  }
}

const toRun = ({ request, plan, windows, due }: Hunt, until: number, ports: HuntPorts): Run => ({
  id: request.id ?? randomUUID(),
  analytic: plan.analytic,
  state: 'running',
  origin: request.origin,
  ...(request.span
    ? { span: request.span }
    : { arrivals: { after: Math.min(until, ...due.map(({ mark }) => rereadAfter(mark, ports))), until } }),
  windows,
  tunables: request.tunables,
  started: formatTime(ports.now()),
  ...noCounts(),
  silenced: [],
  alerts: [],
});

async function begin(hunt: Hunt, until: number, ports: HuntPorts): Promise<void> {
  hunt.run = toRun(hunt, until, ports);
  const unread = await ports.telemetry.unread();
  if (unread.length > 0) hunt.run.unread = unread;
  await record(ports.documents, hunt.run);
}

/** What the hunts of a round have in common. */
interface Shared extends Pick<Telemetry, 'touched' | 'extent'> {
  /** Gets what may have to be joined anew. */
  upset: Upset;
}

async function huntRequest(
  { request, plan, run }: Hunt,
  looks: readonly Wanted[],
  ports: HuntPorts,
  shared: Shared,
): Promise<void> {
  request.signal?.throwIfAborted();
  const extent = await shared.extent();
  if (!extent) return;
  for (const look of looks)
    for (const touched of look.arrivals ? await shared.touched(look.arrivals) : [wholly(request.span!)]) {
      const result = await huntSpan(plan, { ...look, touched, extent }, ports, request.signal);
      addUpset(shared.upset, result);
      add(run!, result);
    }
}

/** The marks move, once what was found is joined. */
async function finish({ plan, due, run }: Hunt, { end, until }: Slice, { documents, now }: HuntPorts): Promise<void> {
  for (const one of due) await advance(documents, plan, one, end);
  if (end === until) Object.assign(run!, { state: 'done', ended: formatTime(now()) });
  await record(documents, run!);
}

/** What may have turned up late is read again. */
const rereadAfter = (mark: number, { telemetry }: HuntPorts): number => Math.max(0, mark - telemetry.overlapMs);

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
  return { code: 'INTERNAL', message: messageOf(error) };
}

/** The ledger's entry of a run. */
async function record(documents: Documents, run: Run): Promise<void> {
  const stored = await documents.get<Run>('run', run.id);
  if (stored) await documents.update('run', run.id, run, stored.version);
  else await documents.create('run', run.id, run);
}

async function dueSince(documents: Documents, plan: Plan, windows: readonly number[]): Promise<Due[]> {
  const due: Due[] = [];
  for (const seconds of windows) {
    const mark = (await markedUpTo(documents, plan, seconds)) ?? 0;
    const same = due.find((one) => one.mark === mark);
    if (same) same.windows.push(seconds);
    else due.push({ windows: [seconds], mark });
  }
  return due;
}

/** Leaves a mark where it is that another run moved since: that one hunted the same arrivals. */
async function advance(documents: Documents, plan: Plan, due: Due, until: number): Promise<void> {
  const { mark } = due;
  for (const seconds of due.windows) {
    const id = markId(plan, seconds);
    const stored = await documents.get<Mark>('mark', id);
    if (!stored) await documents.create<Mark>('mark', id, { position: until });
    else if (stored.body.position === mark && until > mark)
      await documents.update<Mark>('mark', id, { position: until }, stored.version);
  }
  due.mark = Math.max(mark, until);
}
