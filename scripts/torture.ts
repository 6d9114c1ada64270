import { isDeepStrictEqual } from 'node:util';
import { Command, Option } from 'commander';
import { SETTLING_MS, tortureInstances } from '../test/torture/instances.js';
import { judge, soak } from '../test/torture/soak.js';
import { stepOf } from '../test/torture/steps.js';
import { storesIn, storesOn } from '../test/torture/stores.js';
import { torture } from '../test/torture/torture.js';
import { inFolder } from './bench/in-folder.js';
import { type EngineName, engineNames } from './engines/engine.js';
import { stopUnused } from './engines/for-tests.js';

interface SoakOptions {
  minutes: number;
  rate: number;
  seed: number;
}

interface TortureOptions {
  kills: number;
  each: number;
  seed: number;
  engine?: EngineName;
  instances?: true;
}

const program = new Command('torture')
  .enablePositionalOptions() // both have a seed
  .description(
    'Kills a service at random, starts it again, and compares its alerts with those of one that was not killed. Exits 1 when any differ.',
  )
  .addOption(new Option('--engine <name>', 'on this engine instead of embedded stores').choices(engineNames))
  .option('--instances', 'three services at once that share one store; with --engine')
  .option('--kills <number>', 'how many in all, at least', Number, 200)
  .option('--each <number>', 'how many in each step of the work, at least; not with --instances', Number, 20)
  .addOption(seedOption('of the places; times differ from run to run all the same'))
  .action(async (options: TortureOptions) => {
    say(`Seed ${options.seed}.`);
    await (options.instances ? tortureThree(options) : tortureOne(options)).finally(stopUnused);
  });
program
  .command('soak')
  .description(
    'Sends telemetry to a service without a pause. Exits 1 when its memory grows, its marks fall behind or a scan is not one alert.',
  )
  .option('--minutes <number>', 'how long', Number, 120)
  .option('--rate <number>', 'events a second', Number, 5_000)
  .addOption(seedOption('of the telemetry'))
  .action(soakOne);
await program.parseAsync();

function seedOption(what: string): Option {
  return new Option('--seed <number>', what).argParser(Number).default(Date.now() % 1_000_000);
}

async function soakOne({ minutes, rate, seed }: SoakOptions): Promise<void> {
  say(`Seed ${seed}.`);
  const plan = { seconds: minutes * 60, rate, seed };
  let next = 0;
  const soaked = await inFolder((folder) =>
    soak(plan, folder, ({ seconds, bytes, lag }) => {
      if (seconds < next) return;
      next += 60;
      say(`${Math.round(seconds)} s: ${Math.round(bytes / 2 ** 20)} MB, ${lag} arrivals to be hunted`);
    }),
  );
  const { told, faults } = judge(soaked, plan);
  for (const line of [...told, ...faults]) say(line);
  if (faults.length > 0) process.exitCode = 1;
}

async function tortureOne({ seed, kills, each, engine }: TortureOptions): Promise<void> {
  const { expected, calls, stores } = await inFolder((folder) =>
    torture(seed, { kills, each }, folder, engine ? storesOn(engine) : storesIn(folder)),
  );
  const fell = stores.flatMap((store) => store.fell);
  const others = stores.filter(({ isAsExpected }) => !isAsExpected);
  say(`Undisturbed: ${calls} calls of ports, alerts ${expected.states.join(', ')}.`);
  say(`${fell.length} kills of work in ${stores.length} stores, which opened again each time.`); // else it had thrown
  say(`Stores that ended as the undisturbed one: ${stores.length - others.length} of ${stores.length}.`);
  say('The step of the last call before a kill, and how often:');
  sayCounted(fell.map(stepOf));
  say('That call:');
  sayCounted(fell);
  for (const store of others) say(`Differs, killed after ${store.fell.join(', ')}: ${JSON.stringify(store.ending)}`);
  if (others.length > 0) process.exitCode = 1;
}

async function tortureThree({ seed, kills, engine }: TortureOptions): Promise<void> {
  if (!engine) throw new Error('--instances goes with --engine: an embedded store has one process at a time.');
  const { expected, ending, fell, handovers } = await inFolder((folder) =>
    tortureInstances(seed, kills, folder, storesOn(engine, SETTLING_MS)),
  );
  const isAsExpected = isDeepStrictEqual(ending.alerts, expected.alerts);
  say(`${fell.length} kills of three services. Leases changed hands ${handovers} times.`);
  say(`Runs left open: ${ending.open.length}. Marks behind: ${ending.behind.length} of ${ending.marks}.`);
  say(`Alerts are ${isAsExpected ? '' : 'not '}those of one undisturbed service.`);
  say('The last call before a kill, and how often:');
  sayCounted(fell);
  if (isAsExpected) return;
  say(JSON.stringify(ending));
  process.exitCode = 1;
}

/** The most frequent first. */
function sayCounted(values: readonly string[]): void {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, times] of [...counts].sort((a, b) => b[1] - a[1])) say(`  ${String(times).padStart(4)}  ${value}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
