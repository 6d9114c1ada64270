import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfig } from '../../server/config.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ownFolder, run } from './run-cli.js';

test('without settings it listens on this machine alone, and keeps its store here', () => {
  assert.deepEqual(readConfig({}, {}), {
    file: undefined,
    host: '127.0.0.1',
    port: 8046,
    data: 'scanhound-data',
    engine: undefined,
    cadences: { every: undefined, own: [] },
    retentionDays: undefined,
    watch: [],
    allowedHosts: [],
    silenceMs: 3_600_000,
    drainMs: 5_000,
    logLevel: 'info',
    tunables: [],
  });
});

test('options come before variables; an empty one is none', () => {
  const environment = {
    SCANHOUND_PORT: '80',
    SCANHOUND_DATA: '/data',
    SCANHOUND_HOST: '',
    SCANHOUND_ALLOWED_HOSTS: ' Scan.Example, ,b',
    SCANHOUND_SCHEDULE: 'off',
  };
  const { host, port, data, cadences, allowedHosts } = readConfig({ SCANHOUND_PORT: '0' }, environment);
  assert.deepEqual({ host, port, data }, { host: '127.0.0.1', port: 0, data: '/data' });
  assert.equal(cadences.every, 'off');
  assert.deepEqual(allowedHosts, ['scan.example', 'b']);
});

test('an engine that the environment names is used, unless a folder is given as an option', () => {
  const environment = { ELASTICSEARCH_URL: 'http://127.0.0.1:9200', SCANHOUND_DATA: '/data' };
  assert.equal(readConfig({}, environment).engine?.engine, 'elasticsearch');
  assert.equal(readConfig({ SCANHOUND_DATA: '/data' }, environment).engine, undefined);
});

test('each wrong variable is named', () => {
  const environment = { SCANHOUND_PORT: '-1', SCANHOUND_SCHEDULE: 'hourly', SCANHOUND_LOG: 'loud' };
  assert.throws(() => readConfig({}, environment), {
    code: 'CONFIG_INVALID',
    message: /SCANHOUND_PORT \(--port\): must be a port.*; SCANHOUND_SCHEDULE: must be a cron.*; SCANHOUND_LOG: /,
  });
  for (const port of ['65536', '1e3', '0x10', ' 80', '80.5', 'http'])
    assert.throws(() => readConfig({ SCANHOUND_PORT: port }, {}), { code: 'CONFIG_INVALID' }, port);
});

test('config check prints what is in force; what is wrong ends it with 2', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'good.yaml'), 'server: { port: 9000 }\ntunables: { AN1057: { ScanRateThreshold: 20 } }\n');
  const good = await run(folder, ['config', 'check', '--config', 'good.yaml'], '', { SCANHOUND_LOG: 'warn' });
  assert.deepEqual([good.code, good.stderr], [0, '']);
  assert.match(good.stdout, /^server\.port: "?9000"? {2}# server\.port \(good\.yaml, line 1\)$/m);
  assert.match(good.stdout, /^log\.level: warn {2}# environment SCANHOUND_LOG$/m);
  assert.match(good.stdout, /^tunables\.AN1057\.ScanRateThreshold: 20 {2}# file$/m);
  writeFileSync(join(folder, 'bad.yaml'), 'tunables: { AN1057: { ScanRateThreshold: many } }\n');
  const bad = await run(folder, ['config', 'check', '--config', 'bad.yaml']);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /ScanRateThreshold/);
});

test('tunables of a file hold for a hunt, and --set comes before them', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  const names = ['HostSweepThreshold', 'FailedSocketThreshold', 'SequenceThreshold'];
  writeFileSync(
    join(folder, 'quiet.yaml'),
    `tunables: { AN1058: { ${names.map((name) => `${name}: 26`).join(', ')} } }`,
  );
  const alerts = async (...more: string[]) =>
    (await run(folder, ['hunt', '--json', '--input', 'conn.log', ...more])).stdout.split('\n').length - 1;
  assert.equal(await alerts(), 1);
  assert.equal(await alerts('--config', 'quiet.yaml'), 0);
  assert.equal(await alerts('--config', 'quiet.yaml', '--set', 'HostSweepThreshold=16'), 1);
});
