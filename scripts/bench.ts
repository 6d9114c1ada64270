import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { Store } from '../server/backends/duckdb/store.js';
import { answersDuringHunt } from './bench/api.js';
import { allMeasures, fullHunt, incrementalHunts } from './bench/hunts.js';
import { importBench } from './bench/import.js';
import { sayMs } from './bench/measure.js';
import { appendSite, eventsFor } from './bench/site.js';

const MILLION = 1_000_000;
const IMPORTED_LINES = 100_000;

const { million, part } = new Command('bench')
  .description('Measures hunts and imports beside what DuckDB does by itself: ratios within one run, medians of five.')
  .option('--million <numbers...>', 'contacts stored, in millions: hunts of the last minute beside each other', [
    '1',
    '10',
    '100',
  ])
  .option('--part <name>', 'full | arrivals | api | import: one part alone, in this process')
  .parse()
  .opts<{ million: string[]; part?: string }>();

const sizes = million.map((text) => Number(text) * MILLION);

/** Each part in a process of its own, so that the peak of its memory is its own. */
if (part === undefined)
  for (const name of ['full', 'arrivals', 'api', 'import']) {
    const child = fork(fileURLToPath(import.meta.url), ['--part', name, '--million', ...million]);
    const [code] = await once(child, 'exit');
    if (code !== 0) process.exitCode = 1;
  }
else if (part === 'full') await onSite(10 * MILLION, sayFull);
else if (part === 'arrivals') for (const size of sizes) await onSite(size, (store) => sayArrivals(store, size));
else if (part === 'api') await sayApi();
else if (part === 'import') await sayImports();
sayMemory();

async function sayFull(store: Store): Promise<void> {
  const { contacts, hunt, buckets, result } = await fullHunt(store);
  say(`Hosts and ports at 60 s over ${contacts} contacts: ${sayMs(hunt)}, ${result.alerts.length} alerts`);
  say(`  fixed buckets by DuckDB's count(distinct), inexact: ${sayMs(buckets)}`);
  say(`  ratio ${(hunt.median / buckets.median).toFixed(2)}`);
  sayMemory();
  const all = await allMeasures(store);
  const share = ((100 * all.run.records) / contacts).toFixed(1);
  say(
    `All measures and windows: ${(all.milliseconds / 1_000).toFixed(1)} s, ${all.run.suspects} subjects with episodes`,
  );
  say(`  ${share} % of the contacts fetched, ${all.run.alerts.length} alerts`);
}

async function sayArrivals(store: Store, size: number): Promise<void> {
  const { hunt, run } = await incrementalHunts(store);
  say(`The last minute, ${size / MILLION} million contacts stored: ${sayMs(hunt)}, ${run.records} records fetched`);
}

async function sayApi(): Promise<void> {
  await inFolder(async (data) => {
    const store = await Store.open(data);
    await appendSite(store, 0, eventsFor(10 * MILLION));
    await store.close();
    const { count, median, p99, most } = await answersDuringHunt(data);
    say(`API while 10 million contacts are hunted: p99 ${p99.toFixed(0)} ms of ${count} answers`);
    say(`  median ${median.toFixed(0)} ms, at most ${most.toFixed(0)} ms`);
  });
}

async function sayImports(): Promise<void> {
  for (const { format, scanhound, duckdb, ratio } of await importBench(IMPORTED_LINES))
    say(
      `Import of ${format}: ${Math.round(scanhound.median)} lines/s, DuckDB's own reader ${Math.round(duckdb.median)}: 1/${(1 / ratio).toFixed(1)}`,
    );
}

async function onSite(contacts: number, use: (store: Store) => Promise<void>): Promise<void> {
  await inFolder(async (data) => {
    const store = await Store.open(data);
    await appendSite(store, 0, eventsFor(contacts));
    await use(store);
    await store.close();
  });
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'scanhound-bench-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sayMemory(): void {
  if (part !== undefined) say(`  peak memory of this part: ${Math.round(process.resourceUsage().maxRSS / 1_024)} MB`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
