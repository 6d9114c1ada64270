import { type Job, scheduleJob } from 'node-schedule';
import { AppError } from '../model/app-error.js';

export interface Schedule {
  /** No further ticks; waits for the one at work. */
  stop(): Promise<void>;
}

/**
 * Wakes a job by cron, in UTC. A tick says nothing but "look now": one that comes while the job is at work is dropped,
 * and the next makes up for it.
 * @param tick never rejects
 */
export function startSchedule(cron: string, tick: () => Promise<void>): Schedule {
  let atWork: Promise<void> | undefined;
  const job: Job | null = scheduleJob({ rule: cron, tz: 'UTC' }, () => {
    atWork ??= tick().finally(() => {
      atWork = undefined;
    });
  });
  if (!job) throw new AppError('CONFIG_INVALID', `SCANHOUND_SCHEDULE: ${cron} is no cron expression.`);
  return {
    async stop() {
      job.cancel();
      await atWork;
    },
  };
}
