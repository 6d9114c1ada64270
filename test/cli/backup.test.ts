import assert from 'node:assert/strict';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from './run-cli.js';

const quiet = { error() {}, warn() {}, info() {} };

/** What a store says of itself, and what a hunt of what arrived adds to it. */
async function told(data: string) {
  const plugin = new ScanhoundPlugin(quiet);
  const scanhound = await plugin.setup({ data });
  const before = { alerts: await scanhound.finalAlerts(), coverage: await scanhound.coverage({}) };
  await scanhound.huntArrivals();
  const after = await scanhound.finalAlerts();
  await plugin.stop();
  return { ...before, after };
}

/** A store with one alert in `scanhound-data`. */
async function hunted(t: TestContext): Promise<string> {
  const folder = ownFolder(t);
  const plugin = new ScanhoundPlugin(quiet);
  const scanhound = await plugin.setup({ data: join(folder, 'scanhound-data') });
  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  await scanhound.importTelemetry([join(folder, 'conn.log')]);
  await scanhound.huntArrivals();
  await plugin.stop();
  return folder;
}

test('a backup restored elsewhere has the same alerts and coverage, and hunts add nothing', async (t) => {
  const folder = await hunted(t);
  const made = await run(folder, ['backup', 'saved/store.duckdb']);
  assert.deepEqual([made.code, made.stderr], [0, '']);
  assert.match(made.stdout, /^saved\/store\.duckdb: 25 events, [\d,]+ bytes\n$/);
  assert.deepEqual(readdirSync(join(folder, 'saved')), ['store.duckdb']);
  assert.equal(statSync(join(folder, 'saved/store.duckdb')).mode & 0o077, 0);

  const restored = await run(folder, ['restore', 'saved/store.duckdb', '--data', 'other']);
  assert.deepEqual([restored.code, restored.stderr], [0, '']);
  const [was, is] = [await told(join(folder, 'scanhound-data')), await told(join(folder, 'other'))];
  assert.deepEqual(is, was);
  assert.equal(is.alerts.length, 1);
  assert.deepEqual(is.after, is.alerts);
  const again = await run(folder, ['import', 'conn.log', '--data', 'other']);
  assert.match(again.stderr, /0 events, 25 already stored/);
});

test('nothing is overwritten, and what is no backup is told', async (t) => {
  const folder = await hunted(t);
  const code = async (...args: string[]) => /\[(\w+)\]/.exec((await run(folder, args)).stderr)?.[1];
  assert.equal(await code('backup', 'one.duckdb'), undefined);
  assert.equal(await code('backup', 'one.duckdb'), 'BACKUP_UNUSABLE');
  assert.equal(await code('restore', 'one.duckdb'), 'STORE_NOT_EMPTY');
  assert.equal(await code('restore', 'conn.log', '--data', 'new'), 'BACKUP_UNUSABLE');
  assert.equal(await code('restore', 'nowhere', '--data', 'new'), 'BACKUP_UNUSABLE');
  assert.equal(await code('backup', '--data', 'new'), 'STORE_EMPTY');
  assert.equal(await code('restore', 'one.duckdb', '--data', 'new'), undefined, 'an empty one makes room');
  assert.equal((await told(join(folder, 'new'))).alerts.length, 1);
});

test('a service makes one while it runs, in its own folder', async (t) => {
  const folder = await hunted(t);
  const child = start(folder, ['serve', '--port', '0']);
  t.after(() => child.kill('SIGKILL'));
  const end = ended(child);
  const url = await listening(child);
  assert.match((await run(folder, ['backup', 'x.duckdb', '--url', url])).stderr, /\[USAGE\]/);
  assert.match((await run(folder, ['restore', 'x.duckdb'])).stderr, /\[BACKUP_UNUSABLE\]/);
  const { code, stdout, stderr } = await run(folder, ['backup', '--url', url]);
  assert.equal(code, 0, stderr);
  const file = /^(scanhound-data\/backups\/scanhound-[-\dT.]+Z\.duckdb): 25 events/.exec(stdout)?.[1];
  assert.ok(file, stdout);
  assert.match((await run(folder, ['restore', file])).stderr, /\[STORE_LOCKED\]/);
  assert.equal((await fetch(`${url}/api/backup`)).status, 405);
  child.kill('SIGTERM');
  assert.equal((await end).code, 0);
  assert.equal((await run(folder, ['restore', file, '--data', 'other'])).code, 0);
  assert.deepEqual((await told(join(folder, 'other'))).alerts.length, 1);
});
