import { openBackend, type StoreSettings } from '../../server/open-backend.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { settings } from './site.js';
import { watched } from './watched-backend.js';

/** One of several services on a store, until it is told to stop or killed; tells each call of a port on a line. */
const [, , store = '', clockAheadMs = ''] = process.argv;
const complain = (message: string): void => void process.stderr.write(`${message}\n`);

const plugin = new ScanhoundPlugin(
  { error: complain, warn: complain, info() {} },
  () => Date.now() + Number(clockAheadMs),
  async (...asked) => watched(await openBackend(...asked), (call) => process.stdout.write(`${call}\n`)),
  { lengthMs: 3_000, clock: () => performance.now() },
);
process.once('SIGTERM', () => void plugin.stop());
await plugin.setup({ ...(JSON.parse(store) as StoreSettings), settings, cadences: { every: '1s' } });
plugin.start();
