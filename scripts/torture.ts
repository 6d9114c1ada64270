import { Command } from 'commander';
import { torture } from '../test/torture/torture.js';
import { inFolder } from './bench/in-folder.js';

const { kills, seed } = new Command('torture')
  .description(
    'Kills a service on an embedded store at random, starts it again, and compares its alerts with those of one that was not killed. Exits 1 when any differ.',
  )
  .option('--kills <number>', 'how many in all', Number, 200)
  .option('--seed <number>', 'of the places; times differ from run to run all the same', Number, Date.now() % 1_000_000)
  .parse()
  .opts<{ kills: number; seed: number }>();

const { expected, calls, stores } = await inFolder((folder) => torture(seed, kills, folder));
const fell = stores.flatMap((store) => store.fell);
const asExpected = stores.filter(({ isAsExpected }) => isAsExpected);

say(`Seed ${seed}. Undisturbed: ${calls} calls of ports, alerts ${expected.states.join(', ')}.`);
say(`${fell.length} kills of work in ${stores.length} stores, which opened again each time.`); // else it had thrown
say(`Stores that ended as the undisturbed one: ${asExpected.length} of ${stores.length}.`);
say('The last call before a kill, and how often:');
for (const [call, times] of [...counted(fell)].sort((a, b) => b[1] - a[1]))
  say(`  ${String(times).padStart(4)}  ${call}`);
for (const store of stores.filter(({ isAsExpected }) => !isAsExpected))
  say(`Differs, killed after ${store.fell.join(', ')}: ${JSON.stringify(store.ending)}`);
if (asExpected.length < stores.length) process.exitCode = 1;

function counted(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
