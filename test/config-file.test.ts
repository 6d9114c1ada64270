import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readConfig, settingsInForce } from '../server/config.js';
import { configKeys } from '../server/config-file.js';

function written(t: TestContext, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'scanhound.yaml');
  writeFileSync(file, text);
  return file;
}

const WHOLE = `server:
  host: 192.0.2.1
  port: 9000
  allowed_hosts: [scan.example, b]
schedule:
  every: 2s
log: { level: warn }
elasticsearch:
  url: http://127.0.0.1:9200
  username: hunter
store:
  indices: [a-*, b-*]
  prefix: site
tunables:
  TimeWindow: 30
  AN1057:
    ScanRateThreshold: 20
    KnownScannerExeList: [/opt/scan]
`;

test('a file gives settings and tunables; the environment comes before it, options before both', (t) => {
  const SCANHOUND_CONFIG = written(t, WHOLE);
  const environment = { SCANHOUND_CONFIG, ELASTICSEARCH_PASSWORD: 'p', SCANHOUND_PORT: '9001' };
  const config = readConfig({}, environment);
  assert.deepEqual(
    [config.host, config.port, config.allowedHosts, config.cadences.every, config.logLevel],
    ['192.0.2.1', 9001, ['scan.example', 'b'], '2s', 'warn'],
  );
  assert.deepEqual(config.engine?.auth, { username: 'hunter', password: 'p' });
  assert.deepEqual([config.engine?.indices, config.engine?.prefix], [['a-*', 'b-*'], 'site']);
  assert.deepEqual(config.tunables, [
    ['TimeWindow', 30],
    ['AN1057.ScanRateThreshold', 20],
    ['AN1057.KnownScannerExeList', ['/opt/scan']],
  ]);
  assert.equal(readConfig({ SCANHOUND_PORT: '9002' }, environment).port, 9002);
});

test('of another engine, or another secret, nothing is taken from the file', (t) => {
  const SCANHOUND_CONFIG = written(
    t,
    'opensearch: { url: "http://127.0.0.1:1", username: u, password_file: /nowhere }',
  );
  const other = readConfig({}, { SCANHOUND_CONFIG, ELASTICSEARCH_URL: 'http://127.0.0.1:2' }).engine;
  assert.deepEqual([other?.engine, other?.auth], ['elasticsearch', undefined]);
  const secret = readConfig({}, { SCANHOUND_CONFIG, OPENSEARCH_API_KEY: 'k' }).engine;
  assert.deepEqual([secret?.engine, secret?.auth], ['opensearch', { apiKey: 'k' }]);
});

test('what is wrong is told with its file, line and key', (t) => {
  for (const [text, says] of [
    ['server:\n  prt: 1', /server\.prt \(.*scanhound\.yaml, line 2\) is unknown; there is server\.host, server\.port/],
    ['sever: {}', /sever \(.*line 1\) is unknown; there is .*server.*tunables/],
    ['elasticsearch:\n  password: x', /elasticsearch\.password \(.*line 2\) is unknown; .*password_file/],
    ['server:\n  port: 70000', /server\.port \(.*line 2\): must be a port/],
    ['server:\n  drain: 5', /server\.drain \(.*line 2\): must be seconds or minutes/],
    ['server:\n  port: { a: 1 }', /server\.port \(.*line 2\) must be a text, a number or a list/],
    ['schedule:\n  every: 61 * * * *', /schedule\.every \(.*line 2\): must be a cron expression/],
    ['cadences:\n  AN1057: 5', /cadences\.AN1057 \(.*line 2\) must be a cadence as 1m, or cadences by window/],
    ['log:\n  level: loud', /log\.level \(.*line 2\): /],
    ['server: [', /scanhound\.yaml: .* at line 1/],
    ['a: &a [x]\nb: *c', /scanhound\.yaml: /],
    [`a: &a [x]\nserver: { allowed_hosts: [${'*a, '.repeat(100)}] }`, /scanhound\.yaml: .*alias/],
    ['x'.repeat(1024 * 1024 + 1), /has more than 1048576 bytes/],
  ] as const)
    assert.throws(
      () => readConfig({ SCANHOUND_CONFIG: written(t, text) }, {}),
      { code: 'CONFIG_INVALID', message: says },
      text.slice(0, 50),
    );
  assert.throws(() => readConfig({ SCANHOUND_CONFIG: '/nowhere' }, {}), {
    message: /\/nowhere can't be read \(ENOENT\)/,
  });
});

const CADENCES = `cadences:
  AN1057: { 60s: 30s, 1h: "*/15 * * * *" }
  an1058: 5m
`;

test('cadences are read by analytic and window, with their places; the environment comes before them', (t) => {
  const SCANHOUND_CONFIG = written(t, CADENCES);
  const { cadences } = readConfig({}, { SCANHOUND_CONFIG });
  assert.equal(cadences.every, undefined);
  assert.deepEqual(
    cadences.own?.map(({ place, ...own }) => own),
    [
      { analytic: 'AN1057', window: '60s', when: '30s' },
      { analytic: 'AN1057', window: '1h', when: '*/15 * * * *' },
      { analytic: 'an1058', when: '5m' },
    ],
  );
  assert.match(cadences.own![1]!.place, /^cadences\.AN1057\.1h \(.*scanhound\.yaml, line 2\)$/);
  assert.deepEqual(readConfig({}, { SCANHOUND_CONFIG, SCANHOUND_SCHEDULE: '2s' }).cadences, { every: '2s', own: [] });
  const SCANHOUND_CADENCES = 'AN1057.60s=1m; AN1058 = 0,30 * * * *;';
  assert.deepEqual(
    readConfig({}, { SCANHOUND_CONFIG, SCANHOUND_CADENCES }).cadences.own?.map(({ window, when }) => [window, when]),
    [
      ['60s', '1m'],
      [undefined, '0,30 * * * *'],
    ],
  );
  assert.throws(() => readConfig({}, { SCANHOUND_CADENCES: 'often' }), {
    code: 'CONFIG_INVALID',
    message: /SCANHOUND_CADENCES must be ANALYTIC\.WINDOW=CADENCE/,
  });
});

test('each setting in force is told with where it comes from', (t) => {
  const SCANHOUND_CONFIG = written(t, 'server:\n  port: 9000\nschedule: { every: 5m }');
  const told = settingsInForce({ SCANHOUND_CONFIG }, { SCANHOUND_SCHEDULE: '2s' });
  const of = (wanted: string) => told.find(({ key }) => key === wanted);
  assert.match(of('server.port')!.from, /^server\.port \(.*line 2\)$/);
  assert.deepEqual(of('schedule.every'), {
    key: 'schedule.every',
    setting: '2s',
    from: 'environment SCANHOUND_SCHEDULE',
  });
  assert.deepEqual(of('schedule.settle'), { key: 'schedule.settle', setting: '30s', from: 'default' });
  assert.equal(of('elasticsearch.url'), undefined);
});

test('the documentation lists every key with its variable', () => {
  const rows = [...readFileSync('docs/configuration.md', 'utf8').matchAll(/^\| `([a-z_.]+)` \| `([A-Z_]+)` \|/gm)];
  assert.deepEqual(Object.fromEntries(rows.map(([, key, variable]) => [key, variable])), configKeys);
});
