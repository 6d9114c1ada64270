import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reload } from '../../server/jobs/reloads.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from './run-cli.js';

const NAMES = ['HostSweepThreshold', 'FailedSocketThreshold', 'SequenceThreshold'];
const thresholds = (hosts: number) => NAMES.map((name) => `${name}: ${hosts}`).join(', ');
const configOf = (hosts: number, more = '') => `tunables: { AN1058: { ${thresholds(hosts)} } }\n${more}`;

test('at SIGHUP tunables are read anew, all or none, and who asks later is told what changed', async (t) => {
  const folder = ownFolder(t);
  const write = (text: string) => {
    writeFileSync(join(folder, 'new.yaml'), text);
    renameSync(join(folder, 'new.yaml'), join(folder, 'own.yaml')); // at once, as editors and package managers do
  };
  write(configOf(26));
  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  assert.equal((await run(folder, ['import', 'conn.log'])).code, 0);
  const child = start(folder, ['serve', '--port', '0', '--config', 'own.yaml'], { SCANHOUND_SCHEDULE: 'off' });
  t.after(() => child.kill('SIGKILL'));
  const end = ended(child);
  const url = await listening(child);
  const get = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
  /** Hunts all that is stored, and counts the alerts that stand. */
  const alertsNow = async () => {
    const headers = { 'content-type': 'application/json' };
    const { runs } = (await (
      await fetch(`${url}/api/hunts`, { method: 'POST', headers, body: '{"analytics":["AN1058"]}' })
    ).json()) as { runs: string[] };
    while ((await get<{ state: string }>(`/api/runs/${runs[0]}`)).state !== 'done') await sleep(50);
    return (await get<{ alerts: object[] }>('/api/alerts')).alerts.length;
  };
  /** The newest of so many reloads, once there are. */
  const reloads = async (count: number) => {
    for (;;) {
      const { changes } = await get<{ changes: Reload[] }>('/api/tunables/changes');
      if (changes.length >= count) return changes[0]!;
      await sleep(50);
    }
  };
  const inForce = async () => {
    type Listed = { analytics: { id: string; tunables: Record<string, { value: unknown }> }[] };
    const { analytics } = await get<Listed>('/api/analytics');
    return analytics.find(({ id }) => id === 'AN1058')!.tunables.HostSweepThreshold!.value;
  };
  assert.equal(await alertsNow(), 0);

  write(configOf(25, 'server: { drain: 7s }\n'));
  child.kill('SIGHUP');
  const taken = await reloads(1);
  assert.equal(taken.state, 'taken');
  const told = new Map(taken.changes.map(({ analytic, tunable, from, to }) => [`${analytic}.${tunable}`, [from, to]]));
  assert.deepEqual(told, new Map(NAMES.map((name) => [`AN1058.${name}`, [26, 25]])));
  assert.deepEqual(taken.needRestart, ['server.drain']);
  const sha256 = createHash('sha256').update(configOf(25, 'server: { drain: 7s }\n')).digest('hex');
  assert.deepEqual(taken.source, { file: 'own.yaml', sha256 });
  assert.equal(await alertsNow(), 1);

  write('tunables: { AN1058: { HostSweepThreshold: 30, SequenceThreshold: many } }\n');
  child.kill('SIGHUP');
  const { state, error, changes } = await reloads(2);
  assert.deepEqual([state, changes, error?.code], ['refused', [], 'TUNABLE_INVALID']);
  assert.match(error!.message, /AN1058\.SequenceThreshold/);
  assert.equal(await inForce(), 25);

  write('tunables:\n  AN1058: [');
  child.kill('SIGHUP');
  assert.match((await reloads(3)).error!.message, /own\.yaml.*line 2/);
  assert.equal(await inForce(), 25);

  write(configOf(16));
  child.kill('SIGHUP');
  assert.equal((await reloads(4)).state, 'taken');
  assert.equal(await inForce(), 16);

  child.kill('SIGTERM');
  const { code, stderr } = await end;
  assert.equal(code, 0);
  assert.match(stderr, /Taken over: AN1058\.HostSweepThreshold from 26 to 25/);
  assert.match(stderr, /not before a restart: server\.drain/);
  assert.match(stderr, /Nothing is taken over from own\.yaml: .*SequenceThreshold/);
});
