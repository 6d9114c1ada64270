import { AppError } from '../model/app-error.js';

const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof SIGNALS;

/** Somebody ended the program. */
export class Interrupted extends AppError {
  constructor(readonly exitCode: number) {
    super('INTERRUPTED', 'Interrupted. What was stored stays stored; run again, an import goes on where it stopped.');
  }
}

/**
 * Turns the first Ctrl-C or SIGTERM into an abort. What is under way then has `graceMs` to end well; after that, or at
 * a second signal, the process ends where it is, which the store survives.
 * @param exitCode of an end by force; absent: what shells expect of the signal
 */
export function onInterruption(graceMs: number, exitCode?: number): AbortSignal {
  const abort = new AbortController();
  const handle = (signal: Signal) => {
    const code = exitCode ?? SIGNALS[signal];
    if (abort.signal.aborted) process.exit(code);
    abort.abort(new Interrupted(code));
    setTimeout(() => process.exit(code), graceMs).unref();
  };
  for (const signal of Object.keys(SIGNALS) as Signal[]) process.on(signal, handle);
  return abort.signal;
}
