import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inFolder } from '../../scripts/bench/in-folder.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { settings, writePieces } from './site.js';

const quiet = { error() {}, warn() {}, info() {} };

/** A service starts, imports the folder, hunts what arrived and then all there is, and stops. */
async function replayed(site: string, data: string) {
  const plugin = new ScanhoundPlugin(quiet);
  const scanhound = await plugin.setup({ data, settings });
  try {
    const { kinds, failure } = await scanhound.importTelemetry([site]);
    assert.equal(failure, undefined);
    const arrived = await scanhound.huntArrivals();
    const { runs } = await scanhound.hunt({ origin: 'command' });
    return {
      stored: kinds.map(({ stored }) => stored),
      changes: [...arrived, ...runs].reduce(
        (sum, run) => sum + run.created + run.updated + run.merged + run.withdrawn,
        0,
      ),
      alerts: await scanhound.finalAlerts(),
    };
  } finally {
    await plugin.stop();
  }
}

test('the same day, imported and hunted three times, once from a copy, adds nothing', () =>
  inFolder(async (folder) => {
    const [site, copy, data] = [join(folder, 'site'), join(folder, 'copy'), join(folder, 'store')];
    writePieces(site);
    cpSync(site, copy, { recursive: true });
    const first = await replayed(site, data);
    assert.ok(first.alerts.length > 0 && first.changes > 0);
    for (const again of [site, copy])
      assert.deepEqual(await replayed(again, data), { stored: [0], changes: 0, alerts: first.alerts });
  }));
