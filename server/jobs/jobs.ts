import type { AnalyticId } from '../../queries/analytic.js';
import { AppError } from '../model/app-error.js';
import type { Documents, Telemetry } from '../model/ports.js';
import type { Run } from '../model/run.js';
import { formatTime } from '../model/time.js';
import type { Hunts, Ordered } from './hunts.js';
import type { Job, JobWindow } from './job.js';
import { accountJob, type JobAccount, type Lag, lagsOf, type PositionUnit } from './job-account.js';
import { changeJob, readJob } from './job-records.js';
import { startTicker, type Ticker } from './schedule.js';

/** What hunts of arrivals go through, and what they are told of. */
export interface JobPorts {
  hunts: Hunts;
  documents: Documents;
  telemetry: Pick<Telemetry, 'position' | 'overlapMs'>;
  positions: PositionUnit;
  now: () => number;
  /** Told of ticks that were missed. */
  onMissed: (analytic: AnalyticId, ticks: number) => void;
}

/** Windows of one job that are woken together. */
interface Group {
  job: Job;
  when: string | undefined;
  windows: readonly JobWindow[];
  /** How many hunts of them wait or are at work. */
  atWork: number;
  /** A tick of them was missed, or their hunt failed: the next tick of the job, of whatever cadence, makes up for it. */
  owes: boolean;
  /** A tick came while they were hunted: they are looked at again as soon as that is done. */
  isBehind: boolean;
}

/** What a schedule brings about. */
export interface ScheduleEvents {
  onRuns: (runs: readonly Run[]) => void;
  onError: (error: unknown) => void;
}

/**
 * Hunts of arrivals, a job an analytic, each window by its own cadence. A tick says nothing but "look now": one that comes
 * while the same windows are being hunted is counted and dropped, and made up for from the mark once they are done.
 */
export class Jobs {
  private groups: readonly Group[];
  private events: ScheduleEvents | undefined;
  private readonly tickers = new Map<string, Ticker>();
  private readonly atWork = new Set<Promise<void>>();

  constructor(
    private all: readonly Job[],
    private readonly ports: JobPorts,
  ) {
    this.groups = groupsOf(this.all);
  }

  /** Ticks from now on. */
  start(events: ScheduleEvents): void {
    this.events = events;
    const wanted = new Set(this.groups.flatMap(({ when }) => when ?? []));
    for (const [when, ticker] of this.tickers)
      if (!wanted.has(when)) {
        ticker.stop();
        this.tickers.delete(when);
      }
    for (const when of wanted)
      if (!this.tickers.has(when))
        this.tickers.set(
          when,
          startTicker(when, (unseen) => this.keep(this.wake(when, events, unseen))),
        );
  }

  /** Other windows or cadences from now on: all are due again, from their marks. Hunts at work end as they began. */
  take(all: readonly Job[]): void {
    this.all = all;
    this.groups = groupsOf(all);
    if (this.events) this.start(this.events);
  }

  /** No further ticks; waits for hunts that they began. */
  async stop(): Promise<void> {
    this.events = undefined;
    for (const ticker of this.tickers.values()) ticker.stop();
    this.tickers.clear();
    for (const group of this.groups) group.isBehind = false;
    await Promise.all(this.atWork);
  }

  /** Hunts what arrived since the last time, nothing where nothing did, as if every cadence ticked now. */
  async look(signal?: AbortSignal): Promise<Run[]> {
    const paused = await this.paused();
    return this.huntDue(
      this.groups.filter(({ job }) => !paused.has(job)),
      signal,
    );
  }

  /** Hunts at a tick of this cadence, and again at once where another came meanwhile: to wait for a third would lose time. */
  async wake(when: string, { onRuns, onError }: ScheduleEvents, unseen = 0): Promise<void> {
    await this.tick(when, unseen).then(onRuns, onError);
    while (this.groups.some((group) => group.when === when && group.isBehind && group.atWork === 0))
      await this.tick(when).then(onRuns, onError);
  }

  /**
   * What a tick of this cadence does.
   * @param unseen how many ticks before it nobody saw
   */
  async tick(when: string, unseen = 0): Promise<Run[]> {
    const woken = this.groups.filter((group) => group.when === when);
    const busy = woken.filter(({ atWork }) => atWork > 0);
    const owing = this.groups.filter(({ job, owes }) => owes && woken.some((group) => group.job === job));
    const free = [...new Set([...woken, ...owing])].filter(({ atWork }) => atWork === 0);
    const end = beginWork(free); // before anything is awaited: the next tick has to see it
    for (const group of free) group.owes = group.isBehind = false;
    for (const group of busy) group.owes = group.isBehind = true;
    try {
      const paused = await this.paused();
      for (const group of woken)
        if (!paused.has(group.job)) await this.miss(group.job, unseen + (busy.includes(group) ? 1 : 0));
      const runs = await this.huntDue(free.filter(({ job }) => !paused.has(job)));
      for (const group of free) if (runs.some((run) => isOf(group.job, run) && run.error)) group.owes = true;
      return runs;
    } catch (error) {
      for (const group of free) group.owes = true;
      throw error;
    } finally {
      end();
    }
  }

  /** Hunts all windows of a job now, from their marks on, also of one that is paused. Rejects with JOB_UNKNOWN, RUN_BUSY, NOT_READY. */
  async run(id: string, origin: Run['origin'], signal?: AbortSignal): Promise<Ordered> {
    const job = this.find(id);
    const position = await this.ports.telemetry.position();
    const end = beginWork(this.groups.filter((group) => group.job === job));
    try {
      const { ids, done } = this.hunt(new Set(job.windows), position, origin, signal);
      return { ids, done: done.finally(end) };
    } catch (error) {
      end();
      throw error;
    }
  }

  /** It hunts nothing on schedule until it is resumed. Throws JOB_UNKNOWN. */
  async pause(id: string, by?: string): Promise<void> {
    const since = formatTime(this.ports.now());
    await changeJob(this.ports.documents, this.find(id).analytic.id, (record) => ({
      paused: { since, ...(by !== undefined && { by }) },
      ...record,
    }));
  }

  /** Its next hunt makes up from its marks. Throws JOB_UNKNOWN. */
  async resume(id: string): Promise<void> {
    const job = this.find(id);
    await changeJob(this.ports.documents, job.analytic.id, ({ missed }) => ({ missed }));
    for (const group of this.groups) if (group.job === job && group.when !== undefined) group.owes = true;
  }

  /** All jobs as they are now. */
  async list(): Promise<JobAccount[]> {
    const position = await this.ports.telemetry.position();
    return Promise.all(this.all.map((job) => this.account(job, position)));
  }

  /** Throws JOB_UNKNOWN. */
  async get(id: string): Promise<JobAccount> {
    return this.account(this.find(id), await this.ports.telemetry.position());
  }

  /** How far each mark is behind. */
  async lags(): Promise<Lag[]> {
    const position = await this.ports.telemetry.position();
    return (await Promise.all(this.all.map((job) => lagsOf(job, position, this.ports)))).flat();
  }

  private account(job: Job, position: number): Promise<JobAccount> {
    return accountJob(job, position, { ...this.ports, nextOf: (window) => this.nextOf(window) });
  }

  private find(id: string): Job {
    const found = this.all.find(({ analytic }) => analytic.id === id.toUpperCase());
    if (found) return found;
    const known = this.all.map(({ analytic }) => analytic.id).join(', ');
    throw new AppError('JOB_UNKNOWN', `No job ${id}. There are: ${known}.`);
  }

  /** When windows are looked at next, epoch ms; undefined where nothing wakes them. */
  private nextOf({ when, apartMs, hunted }: JobWindow): number | undefined {
    const next = when === undefined ? undefined : this.tickers.get(when)?.next();
    return next === undefined ? undefined : Math.max(next, (hunted?.at ?? 0) + apartMs);
  }

  private async paused(): Promise<ReadonlySet<Job>> {
    const records = await Promise.all(this.all.map(({ analytic }) => readJob(this.ports.documents, analytic.id)));
    return new Set(this.all.filter((_, at) => records[at]!.paused));
  }

  private async huntDue(groups: readonly Group[], signal?: AbortSignal): Promise<Run[]> {
    const position = await this.ports.telemetry.position();
    const due = groups.flatMap(({ windows }) => windows.filter((window) => this.isDue(window, position)));
    if (due.length === 0) return [];
    try {
      return await this.hunt(new Set(due), position, 'schedule', signal).done;
    } catch (error) {
      if (error instanceof AppError && error.code === 'RUN_BUSY') for (const { job } of groups) await this.miss(job, 1);
      throw error;
    }
  }

  private hunt(due: ReadonlySet<JobWindow>, position: number, origin: Run['origin'], signal?: AbortSignal): Ordered {
    const at = this.ports.now();
    const wanted = this.all
      .map(({ analytic, windows }) => ({
        analytic: analytic.id,
        windows: windows.filter((window) => due.has(window)).map(({ seconds }) => seconds),
      }))
      .filter(({ windows }) => windows.length > 0);
    const { ids, done } = this.ports.hunts.arrivals(wanted, origin, signal);
    const noted = done.then((runs) => {
      for (const job of this.all) {
        // failed, or left to another instance: they stay due
        if (!runs.some((run) => isOf(job, run) && run.state === 'done')) continue;
        for (const window of job.windows) if (due.has(window)) window.hunted = hunted(window, position, at);
      }
      return runs;
    });
    return { ids, done: noted };
  }

  private async miss({ analytic }: Job, ticks: number): Promise<void> {
    if (ticks === 0) return;
    this.ports.onMissed(analytic.id, ticks);
    await changeJob(this.ports.documents, analytic.id, (record) => ({ ...record, missed: record.missed + ticks }));
  }

  private keep(work: Promise<void>): void {
    this.atWork.add(work);
    void work.finally(() => this.atWork.delete(work));
  }

  private isDue({ hunted, apartMs }: JobWindow, position: number): boolean {
    if (!hunted) return position > 0;
    const isWhole = position === hunted.position && hunted.at - hunted.since >= this.ports.telemetry.overlapMs;
    return !isWhole && this.ports.now() - hunted.at >= apartMs;
  }
}

const isOf = ({ analytic }: Job, run: Run): boolean => run.analytic === analytic.id;

const groupsOf = (all: readonly Job[]): Group[] =>
  all.flatMap((job) =>
    [...new Set(job.windows.map(({ when }) => when))].map((when) => ({
      job,
      when,
      windows: job.windows.filter((window) => window.when === when),
      atWork: 0,
      owes: false,
      isBehind: false,
    })),
  );

const hunted = ({ hunted: last }: JobWindow, position: number, at: number): NonNullable<JobWindow['hunted']> => ({
  position,
  since: last?.position === position ? last.since : at,
  at,
});

/** Counts a hunt of these windows until it is called. */
function beginWork(groups: readonly Group[]): () => void {
  for (const group of groups) group.atWork += 1;
  return () => {
    for (const group of groups) group.atWork -= 1;
  };
}
