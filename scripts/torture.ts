import { isDeepStrictEqual } from 'node:util';
import { Command, Option } from 'commander';
import { SETTLING_MS, tortureInstances } from '../test/torture/instances.js';
import { stepOf } from '../test/torture/steps.js';
import { storesIn, storesOn } from '../test/torture/stores.js';
import { torture } from '../test/torture/torture.js';
import { inFolder } from './bench/in-folder.js';
import { type EngineName, engineNames } from './engines/engine.js';
import { stopUnused } from './engines/for-tests.js';

interface TortureOptions {
  kills: number;
  seed: number;
  engine?: EngineName;
  instances?: true;
}

const { kills, seed, engine, instances } = new Command('torture')
  .description(
    'Kills a service at random, starts it again, and compares its alerts with those of one that was not killed. Exits 1 when any differ.',
  )
  .addOption(new Option('--engine <name>', 'on this engine instead of embedded stores').choices(engineNames))
  .option('--instances', 'three services at once that share one store; with --engine')
  .option('--kills <number>', 'how many in all', Number, 200)
  .option('--seed <number>', 'of the places; times differ from run to run all the same', Number, Date.now() % 1_000_000)
  .parse()
  .opts<TortureOptions>();

say(`Seed ${seed}.`);
await (instances ? tortureThree() : tortureOne()).finally(stopUnused);

async function tortureOne(): Promise<void> {
  const { expected, calls, stores } = await inFolder((folder) =>
    torture(seed, kills, folder, engine ? storesOn(engine) : storesIn(folder)),
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

async function tortureThree(): Promise<void> {
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
