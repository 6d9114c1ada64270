import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { MOST_BODY_BYTES } from '../../server/jobs/intake.js';
import { openApp } from '../api/open-app.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { listening, ownFolder, run, start } from './run-cli.js';

/** The API in this process, which says so many times that it has no room. */
async function busyAtFirst(t: TestContext, times: number) {
  const { app } = await openApp(t);
  let asked = 0;
  const server = createServer((req, res) => {
    asked += 1;
    if (asked > times) return app(req, res);
    res.writeHead(429, { 'retry-after': '0' }).end('{"error":{"code":"INTAKE_BUSY","message":"No room."}}');
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

/** So much that it is still being sent when a refusal comes. */
const large = Array.from({ length: 200 }, (_, n) => zeekSweep(100, `10.1.0.${n}`))
  .flat()
  .join('\n');

test('files are sent to the service that holds the store, and it finds their scan', async (t) => {
  const folder = ownFolder(t);
  const sweep = zeekSweep(25).join('\n');
  writeFileSync(join(folder, 'conn.log'), sweep);
  writeFileSync(join(folder, 'copy.log.gz'), gzipSync(sweep));
  writeFileSync(join(folder, 'notes.txt'), 'Buy milk.\n');
  const service = start(folder, ['serve', '--port', '0'], { SCANHOUND_SCHEDULE: '* * * * * *' });
  t.after(() => service.kill('SIGKILL'));
  const url = await listening(service);

  const { code, stderr } = await run(folder, ['import', '--url', url, '[cn]o*.*']);
  assert.equal(code, 0, stderr);
  assert.match(
    stderr,
    /^Zeek JSON logs: 2 files, 50 records: 25 events, 25 already stored by an earlier import, 0 ignored, 0 rejected\n/,
  );
  assert.match(stderr, /\nSkipped notes\.txt: no known format\n$/);

  const alerts = async () => ((await (await fetch(`${url}/api/alerts`)).json()) as { alerts: unknown[] }).alerts;
  while ((await alerts()).length === 0) await wait(50);
  assert.equal((await alerts()).length, 1);

  const hunt = (...args: string[]) => run(folder, ['hunt', '--url', url, ...args]);
  const found = await hunt('--json', '--from', '2026-01-31', '--analytic', 'AN1058');
  assert.equal(found.code, 0, found.stderr);
  assert.match(found.stderr, /^AN1058: 1 episode in 25 records of suspects\n$/);
  assert.equal(JSON.parse(found.stdout).scanhound.targets.hosts, 25);
  const quiet = ['HostSweepThreshold', 'FailedSocketThreshold', 'SequenceThreshold'];
  const none = await hunt('--analytic', 'AN1058', ...quiet.flatMap((name) => ['--set', `AN1058.${name}=26`]));
  assert.deepEqual([none.code, none.stdout], [0, 'No alerts.\n']);
  service.kill('SIGKILL');
  const gone = await hunt();
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /No answer from .* \[SERVICE_UNUSABLE\]/);
});

test('what can’t be sent or read fails with what to do, after the rest', async (t) => {
  const folder = ownFolder(t);
  const { url } = await busyAtFirst(t, 0);
  for (const name of ['notes.txt', 'conn.log', 'large.log']) writeFileSync(join(folder, name), zeekSweep(1).join(''));
  writeFileSync(join(folder, 'notes.txt'), 'Buy milk.\n');
  truncateSync(join(folder, 'large.log'), MOST_BODY_BYTES + 1);
  const unknown = await run(folder, ['import', '--url', url, 'notes.txt', 'conn.log']);
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.stderr,
    /^Zeek JSON logs: 1 file.*\nscanhound: notes\.txt: no known format\. .*\[INPUT_UNKNOWN\]/,
  );
  const tooLarge = await run(folder, ['import', '--url', url, 'large.log', 'conn.log']);
  assert.equal(tooLarge.code, 1);
  assert.match(
    tooLarge.stderr,
    /^Zeek JSON logs: 1 file.*\nscanhound: large\.log has 67108865 bytes\. .*64 MiB.*\[BODY_TOO_LARGE\]/,
  );
});

test('a service without room is asked again, within bounds', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), large);
  const soon = await busyAtFirst(t, 3);
  const { code, stderr } = await run(folder, ['import', '--url', soon.url, 'conn.log']);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /: 1 file, 20,000 records: 20,000 events/);
  assert.equal(soon.asked(), 4);
  const never = await busyAtFirst(t, Number.POSITIVE_INFINITY);
  const refused = await run(folder, ['import', '--url', never.url, 'conn.log']);
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /No room\. .*\[INTAKE_BUSY\]/);
  assert.equal(never.asked(), 20);
});

test('an address where no service is, or none can be, is told', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), zeekSweep(1).join(''));
  const other = createServer((_req, res) => res.writeHead(404).end('<html>')).listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const cases: [string[], number, RegExp][] = [
    [['--url', url], 1, /What answers at .* is no Scanhound\. .*\[SERVICE_UNUSABLE\]/],
    [['--url', 'nowhere'], 2, /must be an address.*\[USAGE\]/],
    [['--url', 'http://user:secret@127.0.0.1'], 2, /must be an address/],
    [['--url', url, '--data', 'store'], 2, /cannot be used with option '--data/],
  ];
  for (const [args, code, line] of cases) {
    const ended = await run(folder, ['import', ...args, 'conn.log']);
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, line);
  }
  await new Promise((resolve) => other.close(resolve));
  const gone = await run(folder, ['import', '--url', url, 'conn.log']);
  assert.equal(gone.code, 1);
  assert.match(gone.stderr, /No answer from .*: ECONNREFUSED\. .*\[SERVICE_UNUSABLE\]/);
});
