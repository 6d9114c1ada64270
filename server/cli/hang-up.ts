import type { Log } from '../logger.js';
import { messageOf } from '../model/message-of.js';

/** What SIGHUP brings about. */
export interface HangUps {
  /** The signal is left unheeded from now on; waits for what is at work. */
  stop(): Promise<void>;
}

/** Works at each SIGHUP, once at a time: signals that come meanwhile bring about one more, as the file may have changed since. */
export function onHangUp(work: () => Promise<unknown>, log: Log): HangUps {
  let last = Promise.resolve();
  let isStopped = false;
  let isWaiting = false;
  process.on('SIGHUP', () => {
    if (isStopped || isWaiting) return;
    isWaiting = true;
    last = last.then(async () => {
      isWaiting = false;
      await work().catch((error: unknown) => log.error(`Nothing is taken over: ${messageOf(error)}`));
    });
  });
  return {
    async stop() {
      isStopped = true;
      await last;
    },
  };
}
