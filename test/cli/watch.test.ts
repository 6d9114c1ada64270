import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Store } from '../../server/backends/duckdb/store.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from './run-cli.js';

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

async function watch(t: TestContext, folder: string) {
  const settings = { SCANHOUND_SCHEDULE: '1s', SCANHOUND_LOG: 'error' };
  const child = start(folder, ['serve', '--port', '0', '--watch', 'logs'], settings);
  t.after(() => child.kill('SIGKILL'));
  const end = ended(child);
  const url = await listening(child);
  return {
    /** Once the sweep of this source is an alert. */
    async found(source: string): Promise<void> {
      for (;;) {
        const answer = await fetch(`${url}/api/alerts?source=${source}`);
        const { alerts } = (await answer.json()) as { alerts: unknown[] };
        if (alerts.length > 0) return;
        await wait(100);
      }
    },
    stop: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return end;
    },
  };
}

test('a service that is killed while it reads a watched folder stores each line once', async (t) => {
  const folder = ownFolder(t);
  mkdirSync(join(folder, 'logs'));
  const log = join(folder, 'logs/conn.log');
  const bulk = (net: number) => Array.from({ length: 60 }, (_, n) => zeekSweep(100, `10.${net}.0.${n + 1}`)).flat();
  const lines = [zeekSweep(20, '10.9.0.1'), bulk(1), bulk(2), zeekSweep(20, '10.9.0.2')] as const;

  const first = await watch(t, folder);
  writeFileSync(log, text(lines[0]));
  await first.found('10.9.0.1');
  appendFileSync(log, text(lines[1]));
  await first.found('10.1.0.1'); // the rest of it may be under way
  appendFileSync(log, text(lines[2]));
  assert.equal((await first.stop('SIGKILL')).code, null);
  renameSync(log, `${log}.1`);
  writeFileSync(log, text(lines[3]));

  const second = await watch(t, folder);
  await second.found('10.9.0.2');
  await second.found('10.2.0.60');
  const { code, stderr } = await second.stop('SIGTERM');
  assert.equal(code, 0, stderr);
  const store = await Store.open(join(folder, 'scanhound-data'));
  const rows = await store.all('SELECT original FROM originals ORDER BY original');
  await store.close();
  assert.deepEqual(
    rows.map(({ original }) => original),
    lines.flat().sort(),
  );
});

test('a folder that is none is told before anything is opened', async (t) => {
  const { code, stderr } = await run(ownFolder(t), ['serve', '--port', '0', '--watch', 'nowhere']);
  assert.equal(code, 1);
  assert.match(stderr, /nowhere: no such folder\. .*\[SOURCE_NOT_FOUND\]/);
});
