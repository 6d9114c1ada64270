import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '../../scripts/simulate/random.js';
import { killedAtRandom } from './kills.js';
import { writePieces } from './site.js';
import { type Ending, work } from './work.js';

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

/** Kills the work so many times at random places, two processes at once, and compares every store with an undisturbed one. */
export async function torture(seed: number, kills: number, folder: string): Promise<Torture> {
  const site = join(folder, 'site');
  writePieces(site);
  let calls = 0;
  const expected = await work(site, join(folder, 'undisturbed'), () => calls++);
  const stores: TorturedStore[] = [];
  let left = kills;
  let begun = 0;
  const tortureOne = async (): Promise<TorturedStore> => {
    const name = `store ${begun++}`;
    const data = join(folder, name);
    const random = Random.of(seed, name);
    const fell: string[] = [];
    while (left > 0 && fell.length < MOST_IN_A_STORE) {
      left--;
      const place = await killedAtRandom(random, calls, site, data);
      if (place === undefined) {
        left++; // it had ended
        break;
      }
      fell.push(place);
    }
    const ending = await work(site, data);
    return { fell, ending, isAsExpected: isDeepStrictEqual(ending, expected) };
  };
  const lane = async () => {
    while (left > 0) stores.push(await tortureOne());
  };
  await Promise.all([lane(), lane()]);
  return { expected, calls, stores };
}
