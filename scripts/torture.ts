import { Command, Option } from 'commander';
import { stepOf } from '../test/torture/steps.js';
import { storesIn, storesOn } from '../test/torture/stores.js';
import { torture } from '../test/torture/torture.js';
import { inFolder } from './bench/in-folder.js';
import { type EngineName, engineNames } from './engines/engine.js';
import { stopUnused } from './engines/for-tests.js';

const { kills, seed, engine } = new Command('torture')
  .description(
    'Kills a service at random, starts it again, and compares its alerts with those of one that was not killed. Exits 1 when any differ.',
  )
  .addOption(new Option('--engine <name>', 'on this engine instead of embedded stores').choices(engineNames))
  .option('--kills <number>', 'how many in all', Number, 200)
  .option('--seed <number>', 'of the places; times differ from run to run all the same', Number, Date.now() % 1_000_000)
  .parse()
  .opts<{ kills: number; seed: number; engine?: EngineName }>();

const { expected, calls, stores } = await inFolder((folder) =>
  torture(seed, kills, folder, engine ? storesOn(engine) : storesIn(folder)),
).finally(stopUnused);
const fell = stores.flatMap((store) => store.fell);
const asExpected = stores.filter(({ isAsExpected }) => isAsExpected);

say(`Seed ${seed}. Undisturbed: ${calls} calls of ports, alerts ${expected.states.join(', ')}.`);
say(`${fell.length} kills of work in ${stores.length} stores, which opened again each time.`); // else it had thrown
say(`Stores that ended as the undisturbed one: ${asExpected.length} of ${stores.length}.`);
say('The step of the last call before a kill, and how often:');
for (const [step, times] of counted(fell.map(stepOf))) say(`  ${String(times).padStart(4)}  ${step}`);
say('That call:');
for (const [call, times] of counted(fell)) say(`  ${String(times).padStart(4)}  ${call}`);
for (const store of stores.filter(({ isAsExpected }) => !isAsExpected))
  say(`Differs, killed after ${store.fell.join(', ')}: ${JSON.stringify(store.ending)}`);
if (asExpected.length < stores.length) process.exitCode = 1;

/** The most frequent first. */
function counted(values: readonly string[]): [value: string, times: number][] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
