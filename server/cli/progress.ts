import { Presets, SingleBar } from 'cli-progress';

const MEGA = 1_000_000;

/** A bar of the bytes read, on standard error, where that is a terminal and the amount is known. */
export class Progress {
  private bar: SingleBar | undefined;

  readonly onProgress = (read: number, total: number | undefined): void => {
    if (!process.stderr.isTTY || total === undefined || total === 0) return;
    this.bar ??= start(total);
    this.bar.update(read, { megabytes: (read / MEGA).toFixed(1), all: (total / MEGA).toFixed(1) });
  };

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

function start(total: number): SingleBar {
  const format = 'Reading {bar} {percentage}% | {megabytes} of {all} MB | {eta_formatted} left';
  // Cursor and line wrap stay as they are: nothing is left to mend when the program is ended.
  const bar = new SingleBar(
    { format, barsize: 30, hideCursor: false, linewrap: true, clearOnComplete: true },
    Presets.shades_classic,
  );
  bar.start(total, 0, { megabytes: '0.0', all: (total / MEGA).toFixed(1) });
  return bar;
}
