import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import request from 'supertest';
import { ScanhoundPlugin } from '../server/plugin.js';
import { zeekSweep } from './api/zeek-sweep.js';

const quiet = { error() {}, warn() {}, info() {} };

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'conn.log'), zeekSweep(25).join('\n'));
  return folder;
}

test('set up, fed and asked: one alert, also over the API; stopped, it refuses', async (t) => {
  const folder = folderOf(t);
  const plugin = new ScanhoundPlugin(quiet);
  const scanhound = await plugin.setup({});
  assert.equal(await scanhound.holdsTelemetry(), false);
  await scanhound.importTelemetry([folder]);
  assert.equal(await scanhound.holdsTelemetry(), true);
  const { runs, alerts } = await scanhound.hunt({ origin: 'command' });
  assert.deepEqual(
    runs.map(({ state }) => state),
    ['done', 'done', 'done', 'done'],
  );
  assert.equal(alerts.length, 1);
  const api = await scanhound.openApi();
  const { body } = await request(api).get('/api/alerts').expect(200);
  assert.deepEqual(body.alerts, alerts);
  await plugin.stop();
  await plugin.stop();
  await request(api).get('/readyz').expect(503);
});

test('what arrived is hunted once; another process finds it done', async (t) => {
  const folder = folderOf(t);
  const data = join(folder, 'store');
  const first = new ScanhoundPlugin(quiet);
  const scanhound = await first.setup({ data });
  assert.deepEqual(await scanhound.huntArrivals(), [], 'nothing is there');
  await scanhound.importTelemetry([join(folder, 'conn.log')]);
  assert.equal((await scanhound.huntArrivals()).length, 4);
  assert.deepEqual(await scanhound.huntArrivals(), [], 'nothing new');
  const found = await scanhound.finalAlerts();
  assert.equal(found.length, 1);
  await first.stop();

  const second = new ScanhoundPlugin(quiet);
  const again = await second.setup({ data });
  await again.importTelemetry([join(folder, 'conn.log')]);
  await again.huntArrivals();
  assert.deepEqual(await again.finalAlerts(), found);
  await second.stop();
});

test('a source that went silent is logged once, and told by coverage and to Prometheus', async (t) => {
  const folder = folderOf(t);
  let notice = (_said: unknown[]) => {};
  const noticed = new Promise<unknown[]>((resolve) => {
    notice = resolve;
  });
  const log = { ...quiet, warn: (...said: unknown[]) => notice(said) };
  const plugin = new ScanhoundPlugin(log, () => Date.parse('2026-01-31T10:00:00Z'));
  t.after(() => plugin.stop());
  const { openApi, importTelemetry } = await plugin.setup({ silenceMs: 3_600_000 });
  const app = await openApi();
  await importTelemetry([folder]);
  plugin.start();
  assert.deepEqual(await noticed, [
    'Silent: telemetry of any kind',
    { source: 'telemetry', last: '2026-01-31T08:00:24.000Z' },
  ]);
  const { body } = await request(app).get('/api/coverage').expect(200);
  assert.equal(body.silent.sources[0].source, 'telemetry');
  const { text } = await request(app).get('/metrics').expect(200);
  assert.match(text, /^scanhound_silent_source\{analytic="AN1060",source="telemetry"\} 1$/m);
});

test('tunables of the site hold for every hunt', async (t) => {
  const folder = folderOf(t);
  const plugin = new ScanhoundPlugin(quiet);
  t.after(() => plugin.stop());
  const settings = ['HostSweepThreshold', 'FailedSocketThreshold', 'SequenceThreshold'].map(
    (name) => [name, 26] as const,
  );
  const scanhound = await plugin.setup({ settings });
  await scanhound.importTelemetry([folder]);
  assert.deepEqual((await scanhound.hunt({ origin: 'command' })).alerts, []);
  const own = await scanhound.hunt({ origin: 'command', settings: [['AN1058.HostSweepThreshold', 25]] });
  assert.equal(own.alerts.length, 1);
});

test('what is wrong with the settings is said before the store is made', async (t) => {
  const data = join(folderOf(t), 'store');
  await assert.rejects(new ScanhoundPlugin(quiet).setup({ data, settings: [['No', 1]] }), { code: 'TUNABLE_INVALID' });
  await assert.rejects(new ScanhoundPlugin(quiet).setup({ data, cadences: { every: 'now' } }), {
    code: 'CONFIG_INVALID',
  });
  assert.equal(existsSync(data), false);
});
