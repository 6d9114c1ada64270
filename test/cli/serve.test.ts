import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from './run-cli.js';

/** Serves until the test says so; gives the address, and how it ended. */
async function serve(t: TestContext, folder: string, args: string[]) {
  const child = start(folder, ['serve', '--port', '0', ...args]);
  t.after(() => child.kill('SIGKILL'));
  const end = ended(child);
  const url = await listening(child);
  return {
    url,
    stop: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return end;
    },
  };
}

test('the sample gives alerts of each analytic; a second start adds none', async (t) => {
  const folder = ownFolder(t);
  const first = await serve(t, folder, ['--sample']);
  const { alerts } = (await (await fetch(`${first.url}/api/alerts?limit=200`)).json()) as {
    alerts: { id: string; scanhound: { analytic: string } }[];
  };
  const analytics = new Set(alerts.map(({ scanhound }) => scanhound.analytic));
  assert.deepEqual([...analytics].sort(), ['AN1057', 'AN1058', 'AN1059', 'AN1060']);
  const { code, stdout, stderr } = await first.stop('SIGINT');
  assert.equal(code, 0, stderr);
  assert.ok(stdout.indexOf('AN1060') < stdout.indexOf('listens on'), 'the table comes first');

  const second = await serve(t, folder, ['--sample']);
  const again = (await (
    await fetch(`${second.url}/api/alerts?limit=200&state=active,recurring,joined,merged,withdrawn`)
  ).json()) as {
    alerts: { id: string; scanhound: { state: string } }[];
  };
  const standing = again.alerts.filter(({ scanhound }) => ['active', 'recurring'].includes(scanhound.state));
  assert.deepEqual(standing.map(({ id }) => id).sort(), alerts.map(({ id }) => id).sort());
  assert.equal((await second.stop('SIGTERM')).code, 0);
});

test('a store that is served is told as held, and by whom', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  assert.equal((await run(folder, ['import', 'conn.log'])).code, 0);
  const served = await serve(t, folder, []);
  const { code, stderr } = await run(folder, ['import', 'conn.log']);
  assert.equal(code, 1);
  assert.match(stderr, /^scanhound: The store scanhound-data is held by process \d+ \(.*\)\. Stop that process/);
  assert.equal((await served.stop('SIGINT')).code, 0);
});

test('a port in use is told', async (t) => {
  const server = createServer().listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await run(ownFolder(t), ['serve', '--port', String(port)]);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is in use\\. .*--port.*\\[PORT_IN_USE\\]`));
});
