import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import type { Store } from '../server/backends/duckdb/store.js';
import { collectSooner } from '../server/cli/garbage.js';
import { readEngine } from '../server/engine-config.js';
import { answersDuringHunt } from './bench/api.js';
import { allMeasuresOf, backfillOf, type Minute, minutesOf } from './bench/engine.js';
import { allMeasures, fullHunt, incrementalHunts } from './bench/hunts.js';
import { type ImportFormat, importBench } from './bench/import.js';
import { type Spread, sayMs, timed } from './bench/measure.js';
import { inSite, onSite } from './bench/on-site.js';
import { onStoredSites, type StoredSite } from './bench/stored-site.js';
import { engineOf, urlOf } from './engines/engine.js';
import { useEngine } from './engines/for-tests.js';

const MILLION = 1_000_000;
const IMPORTED_LINES = 100_000;
const ENGINE_HOURS = 6;

const { million, part, engine, contacts, runs } = new Command('bench')
  .description('Measures hunts and imports beside what DuckDB does by itself: ratios within one run, medians of five.')
  .option(
    '--million <numbers...>',
    'contacts stored, in millions, the most last: hunts of the last minute beside each other',
    ['1', '10', '100'],
  )
  .option('--part <name>', 'full | stored | api | ecs | zeek: one part alone, in this process')
  .addOption(
    new Option('--engine <name>', 'hunts on this engine beside a fixed-window rule instead').choices([
      'elasticsearch',
      'opensearch',
    ]),
  )
  .option('--contacts <number>', 'contacts on the engine, and a tenth of them before', '2000000')
  .option('--runs <number>', 'how often all that an engine holds is hunted', '5')
  .parse()
  .opts<{
    million: string[];
    part?: string;
    engine?: 'elasticsearch' | 'opensearch';
    contacts: string;
    runs: string;
  }>();

const sizes = million.map((text) => Number(text) * MILLION);

/** Each part in a process of its own, so that the peak of its memory is its own. */
if (engine !== undefined) await sayEngine(engine);
else if (part === undefined)
  for (const name of ['full', 'stored', 'api', 'ecs', 'zeek']) {
    const child = fork(fileURLToPath(import.meta.url), ['--part', name, '--million', ...million]);
    const [code] = await once(child, 'exit');
    if (code !== 0) process.exitCode = 1;
  }
else if (part === 'full') await onSite(10 * MILLION, sayFull);
else if (part === 'stored') await sayStored();
else if (part === 'api') await inSite(10 * MILLION, sayApi);
else if (part === 'ecs') await sayImport('ECS NDJSON');
else if (part === 'zeek') await sayImport('Zeek TSV');
sayMemory();

async function sayFull(store: Store): Promise<void> {
  const { contacts, hunt, buckets, result } = await fullHunt(store);
  say(`Hosts and ports at 60 s over ${contacts} contacts: ${sayMs(hunt)}, ${result.alerts.length} alerts`);
  say(`  fixed buckets by DuckDB's count(distinct), inexact: ${sayMs(buckets)}`);
  say(`  ratio ${(hunt.median / buckets.median).toFixed(2)}`);
  sayMemory();
  await sayAllMeasures(store);
}

/** The last minute with ever more stored, and all of the most. */
async function sayStored(): Promise<void> {
  let before: number | undefined;
  for (const size of sizes)
    await onSite(size, async (store) => {
      const { hunt, run } = await incrementalHunts(store);
      say(`The last minute, ${size / MILLION} million contacts stored: ${sayMs(hunt)}, ${run.records} records fetched`);
      if (before !== undefined) say(`  ${(hunt.median / before).toFixed(2)} times as long as with fewer stored`);
      before = hunt.median;
      sayMemory();
      if (size === sizes.at(-1)) await sayAllMeasures(store);
    });
}

async function sayAllMeasures(store: Store): Promise<void> {
  const { milliseconds, contacts, run } = await allMeasures(store);
  const share = ((100 * run.records) / contacts).toFixed(1);
  say(`All measures and windows over ${contacts} contacts: ${(milliseconds / 1_000).toFixed(1)} s`);
  say(`  ${run.suspects} subjects with episodes, ${share} % of the contacts fetched, ${run.alerts.length} alerts`);
}

async function sayApi(data: string): Promise<void> {
  const { count, median, p99, most } = await answersDuringHunt(data);
  say(`API while 10 million contacts are hunted: p99 ${p99.toFixed(0)} ms of ${count} answers`);
  say(`  median ${median.toFixed(0)} ms, at most ${most.toFixed(0)} ms`);
}

async function sayImport(format: ImportFormat): Promise<void> {
  const { scanhound, duckdb, ratio } = await importBench(format, IMPORTED_LINES);
  const speed = ({ median, least, most }: Spread) =>
    `${Math.round(median)} lines/s (${Math.round(least)}–${Math.round(most)})`;
  say(`Import of ${format}: ${speed(scanhound)}, DuckDB's own reader ${speed(duckdb)}: 1/${(1 / ratio).toFixed(1)}`);
}

/** On the engine that the environment names, else on one that is started here. */
async function sayEngine(kind: 'elasticsearch' | 'opensearch'): Promise<void> {
  collectSooner(); // as the commands do
  const given = readEngine(process.env);
  const local = engineOf(kind === 'elasticsearch' ? 'elasticsearch-9' : 'opensearch-3');
  if (!given) await useEngine(local);
  const config = given ?? { engine: kind, url: urlOf(local) };
  const history = Number(contacts);
  const sizes = [
    { contacts: history / 10, hours: ENGINE_HOURS / 10 },
    { contacts: history, hours: ENGINE_HOURS },
  ];
  await onStoredSites(config, sizes, async (sites) => {
    const minutes = await minutesOf(sites);
    for (const [place, minute] of minutes.entries()) await sayMinute(sites[place]!, minute);
    const [short, long] = minutes as [Minute, Minute];
    say(`Ten times the history: the last minute takes ${ratio(long.hunt, short.hunt)} times as long`);
    for (const site of sites) await sayAll(site);
  });
  say(`Peak memory ${peakMegabytes()} MB`);
}

function sizeOf({ size }: StoredSite): string {
  return `${size.contacts} contacts in ${size.hours} h`;
}

async function sayMinute(site: StoredSite, { hunt, rule, ruleByDefault }: Minute): Promise<void> {
  say(`The last minute of ${sizeOf(site)}, ten indices: ${sayMs(hunt)}`);
  say(`  a fixed-window rule once: ${sayMs(rule)}, ratio ${ratio(hunt, rule)}`);
  say(`  with its look-back by default: ${sayMs(ruleByDefault)}, ratio ${ratio(hunt, ruleByDefault)}`);
  const extent = await timed(() => site.ports.telemetry.extent());
  say(`  where telemetry begins and ends, asked once a round of hunts: ${sayMs(extent)}`);
}

async function sayAll(site: StoredSite): Promise<void> {
  const { hunt, writing, rule, alerts } = await backfillOf(site, Number(runs));
  say(`Hosts at 60 s over all of ${sizeOf(site)}: ${sayMs(hunt)}, ${alerts} alerts`);
  say(`  writing apart: ${sayMs(writing)}`);
  say(`  the rule's query: ${sayMs(rule)}, ratio ${ratio(hunt, rule)}`);
  const all = await allMeasuresOf(site, rule);
  say(`All measures and windows: ${(all.hunt / 1_000).toFixed(1)} s`);
  say(
    `  the rule for each of the ${all.rules}: ${(all.rule / 1_000).toFixed(1)} s: ${(all.hunt / all.rule).toFixed(2)}`,
  );
}

function ratio(one: Spread, other: Spread): string {
  return (one.median / other.median).toFixed(2);
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}

function sayMemory(): void {
  if (part !== undefined) say(`  peak memory of this part: ${peakMegabytes()} MB`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
