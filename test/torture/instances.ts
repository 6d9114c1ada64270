import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { analytics } from '../../queries/analytics/index.js';
import { Random } from '../../scripts/simulate/random.js';
import type { Backend } from '../../server/backend.js';
import { everyDocument } from '../../server/model/every-document.js';
import type { Documents } from '../../server/model/ports.js';
import { openBackend, type StoreSettings } from '../../server/open-backend.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { DAY } from '../scenarios/times.js';
import { type Ending, endingOf } from './ending.js';
import { RunningInstance } from './running-instance.js';
import { settings, writePieces } from './site.js';
import type { UseStore } from './stores.js';
import { work } from './work.js';

const quiet = { error() {}, warn() {}, info() {} };

/** So long after its arrival a document may become searchable: hunts go on at once while telemetry is being written. */
export const SETTLING_MS = 1_000;

const FIVE_MINUTES_MS = 300_000;
/** By how much the time of day of each is wrong. */
const CLOCKS_AHEAD_MS = [0, 0, FIVE_MINUTES_MS];
/** Calls that services make while there is nothing to hunt. */
const IDLE = / lease$|^telemetry\.position$/;
/** The most calls of others, by all, from one kill to the next. */
const MOST_CALLS = 60;
/** After this time without so many calls, one is killed all the same. */
const PATIENCE_MS = 3_000;
const MOST_DOWN_MS = 2_000;
const POLL_MS = 200;

export interface InstancesTorture {
  /** How one undisturbed service ended on a store of its own. */
  expected: Ending;
  ending: Ending;
  /** The last call of a port before each kill. */
  fell: string[];
  /** How often a lease changed its holder. */
  handovers: number;
}

/**
 * Three services hunt one store on schedule, one by a clock that is five minutes ahead, and are killed and begun again at
 * random, while telemetry arrives piece by piece.
 *
 * @param useStore stores in which documents may take SETTLING_MS to become searchable
 */
export async function tortureInstances(
  seed: number,
  kills: number,
  folder: string,
  useStore: UseStore,
): Promise<InstancesTorture> {
  const site = join(folder, 'site');
  writePieces(site);
  const expected = await useStore('undisturbed', (store) => work(site, withoutSettling(store)));
  return useStore('shared', async (store) => {
    const fell: string[] = [];
    const own = await openBackend(withoutSettling(store), Date.now);
    const random = Random.of(seed, 'instances');
    let onWork = (_: RunningInstance): void => undefined;
    const instances = CLOCKS_AHEAD_MS.map((ahead) => {
      const instance: RunningInstance = new RunningInstance(store, ahead, (call) => {
        if (!IDLE.test(call)) onWork(instance);
      });
      return instance;
    });
    /** Who makes so many-th call from now on; who idles, where nobody makes as many. */
    const next = (calls: number): Promise<RunningInstance> =>
      new Promise((resolve) => {
        let left = calls;
        onWork = (instance) => {
          if (--left === 0) resolve(instance);
        };
        void wait(PATIENCE_MS).then(() => resolve(random.pick(instances)));
      });
    const killing = async () => {
      const down: Promise<void>[] = [];
      while (fell.length < kills) {
        const instance = await next(random.integer(1, MOST_CALLS));
        await wait(random.next() * 20);
        if (!instance.isUp) continue;
        fell.push(await instance.kill());
        down.push(wait(random.next() * MOST_DOWN_MS).then(() => instance.begin()));
      }
      await Promise.all(down);
    };
    const arriving = async () => {
      const pieces = readdirSync(site).sort();
      for (const [index, piece] of pieces.entries()) {
        await until(() => fell.length >= (kills * index) / pieces.length);
        await load(join(site, piece), store);
        const arrived = await own.telemetry.position();
        await until(async () => instances.some(({ isUp }) => isUp) && (await isHunted(own.documents, arrived)));
      }
    };
    await Promise.all([killing(), arriving()]);
    await Promise.all(instances.map((instance) => instance.stop()));
    const leases = await everyDocument<{ fence: number }>(own.documents, 'lease');
    await own.close();
    const handovers = leases.reduce((sum, { body }) => sum + body.fence, 0);
    return { expected, ending: await lateEnding(store), fell, handovers };
  });
}

const withoutSettling = (store: StoreSettings): StoreSettings =>
  store.engine ? { engine: { ...store.engine, settlingMs: 0 } } : store;

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await wait(POLL_MS);
}

async function load(piece: string, store: StoreSettings): Promise<void> {
  const plugin = new ScanhoundPlugin(quiet);
  try {
    const { failure } = await (await plugin.setup(store)).importTelemetry([piece]);
    if (failure) throw failure;
  } finally {
    await plugin.stop();
  }
}

/** The shortest windows are hunted each time: theirs are the marks that move while services live. */
async function isHunted(documents: Documents, arrived: number): Promise<boolean> {
  const marks = await everyDocument<{ position: number }>(documents, 'mark');
  const shortest = marks.filter(({ id }) => id.endsWith(' window 0'));
  return shortest.length === analytics.length && shortest.every(({ body }) => body.position >= arrived);
}

/** How the store stands once a service has begun days later, when windows of all lengths are due. */
async function lateEnding(store: StoreSettings): Promise<Ending> {
  let backend: Backend | undefined;
  const plugin = new ScanhoundPlugin(
    quiet,
    () => Date.now() + 2 * DAY * 1_000,
    async (...asked) => {
      backend = await openBackend(...asked);
      return backend;
    },
  );
  try {
    await (await plugin.setup({ ...store, settings })).huntArrivals();
    return await endingOf(backend!);
  } finally {
    await plugin.stop();
  }
}
