import { printable } from '../printable.js';

/** What was asked for: the only thing on standard output. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Everything else, on standard error. May hold names from telemetry. */
export const say = (line: string): void => {
  process.stderr.write(`${printable(line)}\n`);
};

/** `1,234 events`. */
export const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;

/** A reader that has enough (`| head`) ends the program quietly. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  process.stderr.on('error', () => {}); // nobody is left to tell
}
