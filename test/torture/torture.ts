import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '../../scripts/simulate/random.js';
import { groupBy } from '../../server/model/group-by.js';
import { Aims } from './aims.js';
import type { Ending } from './ending.js';
import { killedInStep } from './kills.js';
import { writePieces } from './site.js';
import { stepOf } from './steps.js';
import type { UseStore } from './stores.js';
import { work } from './work.js';

/** What became of one store, in which work was killed and begun again until it ended. */
interface TorturedStore {
  /** The last call of a port before each kill, as `port.method kind`; `open`: the store was being opened. */
  fell: string[];
  ending: Ending;
  isAsExpected: boolean;
}

export interface Torture {
  /** How the undisturbed work ended. */
  expected: Ending;
  /** How many calls of ports the undisturbed work makes. */
  calls: number;
  stores: TorturedStore[];
}

/** How often work in one store is killed at most, so that there are many stores. */
const MOST_IN_A_STORE = 5;

/**
 * Kills the work at random, two processes at once, until there are so many kills and so many in each step, and compares
 * every store with an undisturbed one.
 */
export async function torture(
  seed: number,
  { kills, each }: { kills: number; each: number },
  folder: string,
  useStore: UseStore,
): Promise<Torture> {
  const site = join(folder, 'site');
  writePieces(site);
  const calls: string[] = [];
  const expected = await useStore('undisturbed', (store) => work(site, store, (call) => calls.push(call)));
  const steps = groupBy(calls, stepOf);
  const aims = new Aims(steps.keys(), kills, each);
  const stores: TorturedStore[] = [];
  let begun = 0;
  const tortureOne = (name: string): Promise<TorturedStore> =>
    useStore(name, async (store) => {
      const random = Random.of(seed, name);
      const fell: string[] = [];
      while (fell.length < MOST_IN_A_STORE) {
        const step = aims.next();
        if (step === undefined) break;
        const place = await killedInStep(random, { step, calls: steps.get(step)!.length }, site, store);
        aims.came(step, place && stepOf(place));
        if (place === undefined) break; // it had ended: a new store has all steps before it
        fell.push(place);
      }
      const ending = await work(site, store);
      return { fell, ending, isAsExpected: isDeepStrictEqual(ending, expected) };
    });
  const lane = async () => {
    while (!aims.areMet()) stores.push(await tortureOne(`store ${begun++}`));
  };
  await Promise.all([lane(), lane()]);
  return { expected, calls: calls.length, stores };
}
