import { Duration } from 'luxon';
import { type Job, scheduleJob } from 'node-schedule';
import { AppError } from '../model/app-error.js';

/** Ticks of one cadence. */
export interface Ticker {
  /** When the next tick comes, epoch ms. */
  next(): number;
  /** No further ticks. */
  stop(): void;
}

/**
 * Ticks by cron, in UTC, or each time an interval is over. A tick is a wake-up and no more; who is woken says whether it
 * came in time.
 * @param when a cron expression, or an interval as `2s`, `5m` or `1h`
 * @param tick is told how many ticks before this one nobody saw, as the process or its machine slept: by cron 1,000 at most
 * @throws AppError CONFIG_INVALID where `when` is neither
 */
export function startTicker(when: string, tick: (unseen: number) => void): Ticker {
  const intervalMs = intervalOf(when);
  return intervalMs === undefined ? tickByCron(when, tick) : tickByInterval(intervalMs, tick);
}

/** Work that is done again and again. */
export interface Repeated {
  /** It is not begun again; waits for the one at work. */
  stop(): Promise<void>;
}

/**
 * Works at each tick; ticks that come while it is at work are dropped.
 * @param work never rejects
 */
export function repeat(when: string, work: () => Promise<void>): Repeated {
  const only = oneAtATime(work);
  const ticker = startTicker(when, only.begin);
  return {
    async stop() {
      ticker.stop();
      await only.ended();
    },
  };
}

/**
 * Work that is not begun while it is at work; `ended` waits for it.
 * @param work never rejects
 */
export function oneAtATime(work: () => Promise<void>): { begin(): void; ended(): Promise<void> } {
  let atWork: Promise<void> | undefined;
  return {
    begin() {
      atWork ??= work().finally(() => {
        atWork = undefined;
      });
    },
    async ended() {
      await atWork;
    },
  };
}

/** Whether it is a cron expression or an interval. */
export function isCadence(when: string): boolean {
  if (intervalOf(when) !== undefined) return true;
  const job = jobOf(when, () => undefined);
  job?.cancel();
  return job !== undefined;
}

const UNITS: Readonly<Record<string, 'seconds' | 'minutes' | 'hours'>> = { s: 'seconds', m: 'minutes', h: 'hours' };

/** The longest that a timer waits: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

function intervalOf(when: string): number | undefined {
  const [, number, unit] = /^([1-9]\d{0,4})([smh])$/.exec(when) ?? [];
  if (unit === undefined) return undefined;
  const intervalMs = Duration.fromObject({ [UNITS[unit]!]: Number(number) }).toMillis();
  return intervalMs > LONGEST_MS ? undefined : intervalMs;
}

function tickByInterval(intervalMs: number, tick: (unseen: number) => void): Ticker {
  let last = Date.now();
  const timer = setInterval(() => {
    const at = Date.now(); // other than the timer's own clock, it goes on while the machine sleeps
    const unseen = Math.floor((at - last) / intervalMs) - 1;
    last = at;
    tick(Math.max(0, unseen));
  }, intervalMs);
  return { next: () => last + intervalMs, stop: () => clearInterval(timer) };
}

/** Each takes a part of a millisecond to find. */
const MOST_UNSEEN = 1_000;

function tickByCron(when: string, tick: (unseen: number) => void): Ticker {
  const job = jobOf(when, () => {
    let unseen = 0;
    for (; unseen < MOST_UNSEEN && next() <= Date.now(); unseen += 1) job?.cancelNext(); // else all would come now
    if (unseen === MOST_UNSEEN) job?.reschedule({ rule: when, tz: 'UTC' });
    tick(unseen);
  });
  if (!job) throw new AppError('CONFIG_INVALID', `${when} is neither a cron expression nor an interval.`);
  const next = () => job.nextInvocation()?.getTime() ?? Number.POSITIVE_INFINITY;
  return { next, stop: () => void job.cancel() };
}

/** Five fields, or six with seconds before them: node-schedule takes dates too. */
const CRON = /^\S+( \S+){4,5}$/;

/** Undefined where it is no cron expression. */
function jobOf(when: string, call: () => void): Job | undefined {
  const job: Job | null = CRON.test(when) ? scheduleJob({ rule: when, tz: 'UTC' }, call) : null;
  return job ?? undefined;
}
