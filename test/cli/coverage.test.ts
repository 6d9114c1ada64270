import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from './run-cli.js';

test('imported, it is to be hunted; served, it was hunted; imported anew, it is behind', async (t) => {
  const folder = ownFolder(t);
  const none = await run(folder, ['coverage']);
  assert.equal(none.code, 1);
  assert.match(none.stderr, /STORE_EMPTY/);
  const covered = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(folder, ['coverage', ...args]);
    assert.deepEqual([code, stderr], [0, '']);
    for (const line of stdout.split('\n')) assert.ok(args.includes('--json') || line.length <= 120, line);
    return stdout;
  };

  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  await run(folder, ['import', 'conn.log']);
  assert.match(
    await covered(),
    /^Telemetry: 2026-01-31 08:00:00 to 2026-01-31 08:00:24, up to arrival 25\.\n\nAnalytic .*\nAN1057 +1m, 10m, 1h, 24h +never +2026-01-31 08:00:00 to 2026-01-31 08:00:24\n[\s\S]*\n\nNo hunts\.\n$/,
  );

  assert.match(
    await covered('--analytic', 'AN1059'),
    /\nAN1059 +0 \(0\) +0 +25 \(25\) +0 +0 +2026-01-31 08:00:24\n[\s\S]*\nAN1059 +No mDNS questions: .*\n/,
  );

  const service = start(folder, ['serve', '--port', '0', '--set', 'AN1058.PollingRounds=4'], {
    SCANHOUND_SCHEDULE: 'off',
  });
  t.after(() => service.kill('SIGKILL'));
  await listening(service);
  service.kill('SIGTERM');
  await ended(service);
  const hunted = await covered('--analytic', 'AN1058');
  assert.match(hunted, /\nAN1058 +1m, 10m, 1h, 24h +25 +hunted\n/);
  assert.match(hunted, /\nAN1058 .* done by schedule +arrivals 0 to 25 +1 suspect, 25 records, 1 episode;/);
  assert.match(hunted, /PollingRounds=4/);

  writeFileSync(join(folder, 'more.log'), zeekSweep(25, '10.0.0.6').join('\n'));
  await run(folder, ['import', 'more.log']);
  assert.match(await covered(), /\nAN1057 +1m, 10m, 1h, 24h +25 +behind +2026-01-31 08:00:00 to/);
  assert.match(await covered('--to', '2026-01-31T07:00'), /\nAN1057 +1m, 10m, 1h, 24h +25 +hunted\n/);
  const { position, analytics } = JSON.parse(await covered('--json', '--set', 'TimeWindow=30s'));
  assert.deepEqual([position, analytics[3].windows[0].seconds, analytics[3].windows[0].state], [50, 30, 'behind']);
});

test('a source that a service found silent is shown', async (t) => {
  const folder = ownFolder(t);
  const hours = (Date.now() - Date.parse('2026-01-31T08:00:00Z')) / 3_600_000;
  const shift = Math.floor(hours - 3) * 3_600; // three hours ago
  const lines = zeekSweep(25).map((line) => line.replace(/"ts":(\d+)/, (_, ts) => `"ts":${Number(ts) + shift}`));
  writeFileSync(join(folder, 'conn.log'), lines.join('\n'));
  await run(folder, ['import', 'conn.log']);
  const service = start(folder, ['serve', '--port', '0'], { SCANHOUND_SCHEDULE: 'off', SCANHOUND_SILENCE: '30m' });
  t.after(() => service.kill('SIGKILL'));
  const url = await listening(service);
  for (let isTold = false; !isTold; ) {
    const { silent } = (await (await fetch(`${url}/api/coverage`)).json()) as { silent?: object };
    isTold = silent !== undefined;
  }
  service.kill('SIGTERM');
  await ended(service);
  const { stdout } = await run(folder, ['coverage']);
  assert.match(
    stdout,
    /\n\nSilent since [\d-]+ [\d:]+: telemetry of any kind\.\nSo it was at [\d-]+ [\d:]+\.\n\nAnalytic/,
  );
});
