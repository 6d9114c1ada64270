import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from './run-cli.js';

test('jobs of a store, and through the service that holds it', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  await run(folder, ['import', 'conn.log']);
  const paused = await run(folder, ['jobs', 'pause', 'an1058', '--by', 'anna']);
  assert.deepEqual([paused.code, paused.stderr], [0, '']);
  for (const line of paused.stdout.split('\n')) assert.ok(line.length <= 120, line);
  assert.match(paused.stdout, /\nAN1058 +1m +\* \* \* \* \* +25 arrivals +paused since /);

  const service = start(folder, ['serve', '--port', '0'], {
    SCANHOUND_SCHEDULE: 'off',
    SCANHOUND_CADENCES: 'AN1057.60s=1h',
  });
  t.after(() => service.kill('SIGKILL'));
  const url = await listening(service);
  const through = (...args: string[]) => run(folder, ['jobs', ...args, '--url', url]);
  const listed = (await through('list', '--json')).stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    listed.map(({ id, state, windows }) => [id, state, windows[0].cadence, windows[0].arrivalsBehind]),
    [
      ['AN1057', 'idle', '1h', 0],
      ['AN1058', 'paused', 'off', 25],
      ['AN1059', 'idle', 'off', 0],
      ['AN1060', 'idle', 'off', 0],
    ],
  );
  const hunted = await through('run', 'AN1058');
  assert.deepEqual([hunted.code, hunted.stderr], [0, 'AN1058: 1 episode in 25 records of suspects\n']);
  assert.match((await through('resume', 'AN1058')).stdout, /\nAN1058 +1m, 10m, 1h, 24h +off +0 arrivals +idle +done /);
  const unknown = await through('run', 'AN1');
  assert.equal(unknown.code, 1);
  assert.match(unknown.stderr, /^scanhound: No job AN1\. There are: .* \[JOB_UNKNOWN\]\n$/);
  service.kill('SIGTERM');
  assert.equal((await ended(service)).code, 0);

  const own = await run(folder, ['jobs', 'run', 'AN1058']);
  assert.deepEqual([own.code, own.stderr], [0, 'AN1058: 0 episodes in 0 records of suspects\n']);
});
