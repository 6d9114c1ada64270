import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../../server/backend.js';
import { openBackend, type StoreSettings } from '../../server/open-backend.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { at, DAY } from '../scenarios/times.js';
import { type Ending, endingOf } from './ending.js';
import { settings } from './site.js';
import { type Listener, watched } from './watched-backend.js';

const quiet = { error() {}, warn() {}, info() {} };

const START = at(60 * DAY);
const PAUSE_MS = 2 * DAY * 1_000;

/**
 * The work of a service on a store: piece after piece is imported and hunted, as the schedule does; the last one days
 * later, when windows of all lengths are due. Begun again in the same store, all of it is done again.
 *
 * @param site the folder of the pieces
 */
export async function work(site: string, store: StoreSettings, listener: Listener = () => undefined): Promise<Ending> {
  let clock = START + 2 * PAUSE_MS; // long after runs that a killed process left open: on an engine they may be others'
  let backend: Backend | undefined;
  const plugin = new ScanhoundPlugin(
    quiet,
    () => clock,
    async (...asked) => {
      listener('open');
      backend = await openBackend(...asked);
      return watched(backend, listener);
    },
  );
  try {
    const scanhound = await plugin.setup({ ...store, settings });
    clock = START;
    const pieces = readdirSync(site).sort();
    for (const [index, piece] of pieces.entries()) {
      if (index === pieces.length - 1) clock += PAUSE_MS;
      const { failure } = await scanhound.importTelemetry([join(site, piece)]);
      if (failure) throw failure;
      await scanhound.huntArrivals();
    }
    return await endingOf(backend!);
  } finally {
    await plugin.stop();
  }
}
