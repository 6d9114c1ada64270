import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { Random } from '../../scripts/simulate/random.js';
import { DuckDbEvents } from '../../server/backends/duckdb/events.js';
import { Store } from '../../server/backends/duckdb/store.js';
import { jsonFormats, textFormats } from '../../server/importers/formats.js';
import { importTelemetry } from '../../server/importers/import-telemetry.js';
import type { KindSummary } from '../../server/importers/kind-summary.js';
import type { AppendResult, Batch, Events } from '../../server/model/ports.js';
import { jsonSeeds, type Seed, textSeeds } from './fuzz-seeds.js';
import { mutate } from './mutate.js';
import { readText } from './read-text.js';

/** Another seed, or more lines, for a longer look: `SCANHOUND_FUZZ_SEED`, `SCANHOUND_FUZZ_LINES`. */
const SEED = Number(process.env.SCANHOUND_FUZZ_SEED ?? 20_260_131);
const LINES = Number(process.env.SCANHOUND_FUZZ_LINES ?? 100_000);
const LINES_A_FILE = 400;
/** Unharmed records stand between the mutated ones, twice, so often. */
const UNHARMED_EVERY = 25;
/** What a heap may grow by from the first quarter to the end. */
const MOST_GROWTH = 16 * 1024 * 1024;

const seeds: readonly Seed[] = [...jsonSeeds, ...textSeeds];
const linesOf = (some: readonly Seed[]): string[] => some.flatMap(({ lines }) => lines);
const isText = (seed: Seed): boolean => textSeeds.includes(seed);
/** A file of text goes to the first reader whose lines its head shows: lines of those before its own stay out of it. */
const mayHold = (seed: Seed): string[] => [
  ...linesOf(jsonSeeds),
  ...linesOf(isText(seed) ? textSeeds.slice(textSeeds.indexOf(seed)) : textSeeds),
];

test('there are seeds for every reader of lines, and its reader makes documents of each', async () => {
  const names = [...jsonFormats, ...textFormats].map(({ name }) => name);
  assert.deepEqual(seeds.map(({ format }) => format).toSorted(), names.toSorted());
  for (const { format, head, lines } of seeds) {
    const { results } = await readText([...head, ...lines].join('\n'));
    const { formats, ignored, unknown, rejected, events } = results[0]!;
    assert.deepEqual(
      { formats, ignored, unknown, rejected },
      { formats: [format], ignored: 0, unknown: 0, rejected: {} },
    );
    assert.ok(events > 0, format);
  }
});

/** A file of mutated lines, and where in it unharmed records end (lines from 1). */
interface Fuzzed {
  bytes: Buffer;
  text: string;
  unharmed: number[];
}

/** auditd joins by number: its own events never share one. */
const numbered = (line: string, serial: number): string => line.replace(/(?<=audit\(\d+\.\d+:)/, String(serial));

function fuzz(seed: Seed, random: Random): Fuzzed {
  const pieces: Buffer[] = [];
  const ends: number[] = [];
  const foreign = mayHold(seed);
  const intact = (serial: number) => {
    const lines = [...seed.head, ...seed.lines].map((line) => numbered(line, serial));
    pieces.push(Buffer.from(`${lines.join('\n')}\n`));
    ends.push(pieces.length);
  };
  for (const serial of [100, 200, 300, 400]) intact(serial); // some readers want most of the first lines to be theirs
  for (let count = 1; count <= LINES_A_FILE; count += 1) {
    const others = random.chance(0.2) ? foreign : seed.lines;
    pieces.push(mutate(random.pick(others), random, others), Buffer.from(random.chance(0.1) ? '\r\n' : '\n'));
    if (count % UNHARMED_EVERY > 0) continue;
    intact(1_000 + count); // a record that is open still may take the first of them
    intact(2_000 + count);
  }
  const bytes = Buffer.concat(pieces);
  const text = new TextDecoder().decode(bytes);
  const lengths = pieces.map((piece) => piece.filter((byte) => byte === 10).length);
  const lineAfter = (piece: number) => lengths.slice(0, piece).reduce((sum, lines) => sum + lines, 0);
  return { bytes, text, unharmed: ends.filter((_, at) => at % 2 === 1).map(lineAfter) };
}

/** As they are packed and encoded in the wild; what is read of them is the same. */
const wrappings: readonly ((fuzzed: Fuzzed) => Buffer)[] = [
  ({ bytes }) => bytes,
  ({ bytes }) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  ({ text }) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  ({ bytes }) => gzipSync(bytes, { level: 1 }),
];

/** A store that also keeps which records gave events. */
class Watched implements Events {
  readonly ids = new Set<string>();
  readonly result = { stored: 0, repeated: 0, ignored: 0, rejected: 0 };

  constructor(private readonly events: Events) {}

  async append(batch: Batch): Promise<AppendResult> {
    const result = await this.events.append(batch);
    assert.equal(result.stored + result.repeated + result.ignored + result.rejected.length, batch.events.length);
    for (const { id } of batch.events) this.ids.add(id);
    this.result.stored += result.stored;
    this.result.repeated += result.repeated;
    this.result.ignored += result.ignored;
    this.result.rejected += result.rejected.length;
    return result;
  }
}

const total = (kind: KindSummary): number => Object.values(kind.rejected).reduce((sum, times) => sum + times, 0);

/** Each record of JSON gave events, or is counted as ignored, unknown or rejected. */
function checkRecords(kind: KindSummary, watched: Watched, where: string): void {
  const { result, ids } = watched;
  const rejected = total(kind) - result.rejected;
  const ignored = kind.ignored - result.ignored;
  assert.equal(kind.records, ids.size + ignored + kind.unknown + rejected, `${where}: records`);
  assert.deepEqual([kind.stored, kind.repeated], [result.stored, result.repeated], where);
}

/** Each line of text was read, and was rejected or passed on; a line may wait for the next, or say nothing. */
function checkLines(kind: KindSummary, watched: Watched, text: string, where: string): void {
  const lines = text.split('\n').filter((line) => line !== '' && line !== '\r');
  assert.equal(kind.records, lines.length, `${where}: lines`);
  assert.ok(watched.ids.size + total(kind) - watched.result.rejected <= kind.records, where);
}

async function run(fuzzed: Fuzzed, seed: Seed, path: string, events: Events, where: string): Promise<void> {
  const watched = new Watched(events);
  const summary = await importTelemetry([path], watched);
  assert.equal(summary.failure, undefined, where);
  assert.equal(summary.kinds.length, 1, where);
  const [kind] = summary.kinds as [KindSummary];
  if (isText(seed)) checkLines(kind, watched, fuzzed.text, where);
  else checkRecords(kind, watched, where);
  for (const line of fuzzed.unharmed)
    assert.ok(watched.ids.has(String(line)), `${where}: the unharmed record at line ${line} gave nothing`);
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** Bytes that are in use once the garbage is gone. */
async function used(): Promise<number> {
  await new Promise((resolve) => setImmediate(resolve));
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'scanhound-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test(`${LINES.toLocaleString('en-US')} mutated lines: nothing fails, all are accounted for, none stays in memory`, () =>
  inFolder(async (folder) => {
    const store = await Store.open();
    const events = new DuckDbEvents(store, Date.now);
    const files = Math.ceil(LINES / LINES_A_FILE);
    const marks: number[] = [];
    for (let file = 0; file < files; file += 1) {
      const random = Random.of(SEED, String(file));
      const seed = seeds[file % seeds.length]!;
      const where = `seed ${SEED}, file ${file} (${seed.format})`;
      const fuzzed = fuzz(seed, random);
      const path = join(folder, `${file}`);
      await writeFile(path, random.pick(wrappings)(fuzzed));
      await run(fuzzed, seed, path, events, where);
      await rm(path);
      if (file % Math.ceil(files / 4) === 0) marks.push(await used());
    }
    await store.close();
    marks.push(await used());
    const [, first, ...later] = marks;
    for (const mark of later) assert.ok(mark - first! < MOST_GROWTH, `${marks.join(', ')} bytes after each quarter`);
  }));
