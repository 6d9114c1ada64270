import { Duration } from 'luxon';
import { scheduleJob } from 'node-schedule';
import { AppError } from '../model/app-error.js';

export interface Schedule {
  /** No further ticks; waits for the one at work. */
  stop(): Promise<void>;
}

/**
 * Wakes a job by cron, in UTC, or each time an interval is over. A tick says nothing but "look now": one that comes while
 * the job is at work is dropped, and the next makes up for it.
 * @param when a cron expression, or an interval as `2s`, `5m` or `1h`
 * @param tick never rejects
 */
export function startSchedule(when: string, tick: () => Promise<void>): Schedule {
  let atWork: Promise<void> | undefined;
  const cancel = wakeUp(when, () => {
    atWork ??= tick().finally(() => {
      atWork = undefined;
    });
  });
  return {
    async stop() {
      cancel();
      await atWork;
    },
  };
}

const UNITS: Readonly<Record<string, 'seconds' | 'minutes' | 'hours'>> = { s: 'seconds', m: 'minutes', h: 'hours' };

/** Calls until it is cancelled. */
function wakeUp(when: string, call: () => void): () => void {
  const [, number, unit] = /^(\d+)([smh])$/.exec(when) ?? [];
  if (unit !== undefined) {
    const timer = setInterval(call, Duration.fromObject({ [UNITS[unit]!]: Number(number) }).toMillis());
    return () => clearInterval(timer);
  }
  const job = scheduleJob({ rule: when, tz: 'UTC' }, call);
  if (!job) throw new AppError('CONFIG_INVALID', `SCANHOUND_SCHEDULE: ${when} is no cron expression.`);
  return () => job.cancel();
}
