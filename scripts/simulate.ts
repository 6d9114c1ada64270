import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ZeekFormat } from './simulate/formats/index.js';
import { type OfficeSize, SIZES } from './simulate/office.js';
import { everyHour, workingDay } from './simulate/pace.js';
import { simulate } from './simulate/run.js';

interface Options extends Partial<OfficeSize> {
  seed: number;
  hours: number;
  start: number;
  size: keyof typeof SIZES;
  rate: number;
  people: 'every-hour' | 'working-day';
  zeek: ZeekFormat;
  out: string;
}

interface OpenFile {
  descriptor: number;
  lines: number;
  waiting: string[];
}

const wholeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 0) throw new InvalidArgumentError('A whole number is expected.');
  return number;
};

const from =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (!(number >= least && number <= most)) throw new InvalidArgumentError(`From ${least} to ${most}.`);
    return number;
  };

/** A number of machines; an office without any of a kind is told 0. */
const machines =
  (least: number, most: number) =>
  (text: string): number => {
    const number = wholeNumber(text);
    return number === 0 && least >= 10 ? 0 : from(least, most)(text);
  };

const timeOf = (text: string): number => {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new InvalidArgumentError('An ISO 8601 time with its zone is expected, e.g. 2026-11-24T03:00:00Z.');
  return time;
};

const { seed, hours, start, size, rate, people, zeek, out, ...told } = new Command('simulate')
  .description('Writes the simulated telemetry of an office and the scans in it: one file per format, and labels.')
  .option('--seed <number>', 'the same seed writes the same files', wholeNumber, 7)
  .option('--hours <number>', 'how long; the scans are played once in each 24', from(1, 8_784), 1)
  .option('--start <time>', 'when it begins, ISO 8601', timeOf, Date.parse('2026-11-24T03:00:00Z'))
  .addOption(new Option('--size <office>', 'how many machines').choices(Object.keys(SIZES)).default('small'))
  .option('--windows <number>', 'Windows clients, 4 to 2,200', machines(4, 2_200))
  .option('--macs <number>', 'Macs, 2 to 900', machines(2, 900))
  .option('--linux <number>', 'Linux servers, 0 or 10 to 1,400', machines(10, 1_400))
  .option('--pods <number>', 'pods of a Kubernetes cluster, 0 or 16 to 2,400', machines(16, 2_400))
  .option('--rate <number>', 'how many times as busy as usual, clockwork and scans aside', from(0.01, 1_000), 1)
  .addOption(
    new Option('--people <presence>', 'when people are at work, UTC')
      .choices(['every-hour', 'working-day'])
      .default('every-hour'),
  )
  .addOption(new Option('--zeek <format>', "of the sensor's files").choices(['json', 'tsv']).default('json'))
  .requiredOption('--out <folder>', 'where to write')
  .parse()
  .opts<Options>();

mkdirSync(out, { recursive: true });
const files = new Map<string, OpenFile>();
const lines = simulate({
  seed,
  start,
  hours,
  size: { ...SIZES[size], ...told },
  rate,
  presence: people === 'working-day' ? workingDay : everyHour,
  zeek,
});
for (const { file, text } of lines) {
  const open = files.get(file) ?? { descriptor: openSync(join(out, file), 'w'), lines: 0, waiting: [] };
  files.set(file, open);
  open.lines++;
  if (open.waiting.push(`${text}\n`) >= 1_000) write(open);
}
for (const [name, file] of files) {
  write(file);
  closeSync(file.descriptor);
  console.log(`${String(file.lines).padStart(9)} ${join(out, name)}`);
}

function write(file: OpenFile): void {
  writeSync(file.descriptor, file.waiting.join(''));
  file.waiting = [];
}
