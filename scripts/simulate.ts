import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type SimulatedLine, simulate } from './simulate/run.js';

interface Options {
  seed: number;
  hours: number;
  start: number;
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

const hoursOf = (text: string): number => {
  const hours = Number(text);
  if (!(hours >= 1 && hours <= 24 * 366)) throw new InvalidArgumentError('From 1 to 8784.');
  return hours;
};

const timeOf = (text: string): number => {
  const time = Date.parse(text);
  if (Number.isNaN(time) || !/(Z|[+-]\d\d:\d\d)$/.test(text))
    throw new InvalidArgumentError('An ISO 8601 time with its zone is expected, e.g. 2026-11-24T03:00:00Z.');
  return time;
};

const { seed, hours, start, out } = new Command('simulate')
  .description('Writes the simulated telemetry of a small office and the scans in it: one file per format, and labels.')
  .option('--seed <number>', 'the same seed writes the same files', wholeNumber, 7)
  .option('--hours <number>', 'how long', hoursOf, 1)
  .option('--start <time>', 'when it begins, ISO 8601', timeOf, Date.parse('2026-11-24T03:00:00Z'))
  .requiredOption('--out <folder>', 'where to write')
  .parse()
  .opts<Options>();

mkdirSync(out, { recursive: true });
const files = new Map<SimulatedLine['file'], OpenFile>();
for (const { file, text } of simulate({ seed, hours, start })) {
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
