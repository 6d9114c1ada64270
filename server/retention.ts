import { horizonOf, moveHorizon } from './hunt/horizon.js';
import { type Repeated, repeat } from './jobs/schedule.js';
import type { Log } from './logger.js';
import { messageOf } from './model/message-of.js';
import type { Documents } from './model/ports.js';
import { formatTime } from './model/time.js';

/** How often it is looked whether hunts leave room to remove something. */
const EVERY = '1m';
/** The horizon moves in steps of so long. */
const STEP_MS = 3_600_000;

export interface Retention {
  /** How long telemetry is kept, in milliseconds of its own time: asked each time, as tunables change. */
  keepMs: () => number;
  documents: Documents;
  /** Removes what is older than a time. */
  removeBefore: (time: number, signal: AbortSignal) => Promise<number>;
  /** No hunt is at work or waits. */
  isIdle: () => boolean;
}

/**
 * Moves the horizon, then removes what lies behind it. A hunt at work may have begun before the horizon moved, and would
 * take what vanishes for what never was: nothing is removed until none is. Those that begin later know the horizon.
 */
export async function retain(
  { keepMs, documents, removeBefore, isIdle }: Retention,
  now: number,
  signal: AbortSignal,
): Promise<{ horizon: number; removed: number }> {
  const stands = (await horizonOf(documents)) ?? Number.NEGATIVE_INFINITY;
  const wanted = now - keepMs();
  const horizon = wanted - stands >= STEP_MS ? await moveHorizon(documents, wanted) : stands;
  return { horizon, removed: isIdle() ? await removeBefore(horizon, signal) : 0 };
}

/** Keeps telemetry no longer than told from now on. */
export function startRetention(retention: Retention, log: Log, now: () => number): Repeated {
  const stopping = new AbortController();
  const repeated = repeat(EVERY, async () => {
    try {
      const { horizon, removed } = await retain(retention, now(), stopping.signal);
      if (removed > 0) log.info(`Removed telemetry of before ${formatTime(horizon)}`, { records: removed });
    } catch (error) {
      log.error(`Telemetry is not removed: ${messageOf(error)}`);
    }
  });
  return {
    stop() {
      stopping.abort();
      return repeated.stop();
    },
  };
}
