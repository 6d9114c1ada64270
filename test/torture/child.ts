import type { StoreSettings } from '../../server/open-backend.js';
import { work } from './work.js';

/** Does the work, tells each call of a port on a line before it is made, and kills itself before the call `killAt`, from 1. */
const [, , site = '', store = '', killAt = ''] = process.argv;
let calls = 0;
await work(site, JSON.parse(store) as StoreSettings, (call) => {
  process.stdout.write(`${call}\n`);
  calls++;
  if (calls === Number(killAt)) process.kill(process.pid, 'SIGKILL');
});
