import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../../server/config.js';

test('without settings it listens on this machine alone, and keeps its store here', () => {
  assert.deepEqual(readConfig({}, {}), {
    host: '127.0.0.1',
    port: 8046,
    data: 'scanhound-data',
    engine: undefined,
    schedule: '* * * * *',
    allowedHosts: [],
    logLevel: 'info',
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
  const { host, port, data, schedule, allowedHosts } = readConfig({ SCANHOUND_PORT: '0' }, environment);
  assert.deepEqual({ host, port, data, schedule }, { host: '127.0.0.1', port: 0, data: '/data', schedule: undefined });
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
