import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as later } from 'node:timers/promises';
import { Store } from '../../server/backends/duckdb/store.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, ownFolder, run, start } from './run-cli.js';

const RECORDS = 30_000;
/** Kept aside behind so many records: who sees it knows that the import is on its way. */
const NOISE_AT = 4_000;

const lines = Array.from({ length: RECORDS / 100 }, (_, n) => zeekSweep(100, `10.1.${n >> 8}.${n & 255}`)).flat();
const log = [...lines.slice(0, NOISE_AT), 'noise', ...lines.slice(NOISE_AT), ''].join('\n');

/** Starts an import in a folder of its own, and ends it in the middle. */
async function interrupted(t: TestContext, signal: NodeJS.Signals) {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), log);
  const child = start(folder, ['import', 'conn.log', '--data', 'store', '--rejects', 'aside']);
  const end = ended(child);
  while (!existsSync(join(folder, 'aside')) && child.exitCode === null) await later(5);
  child.kill(signal);
  return { folder, ...(await end) };
}

/** Goes on, and looks at what is stored then. */
async function goOn(folder: string) {
  const { code, stderr } = await run(folder, ['import', 'conn.log', '--data', 'store', '--rejects', 'aside']);
  assert.equal(code, 0, stderr);
  const said =
    /1 file, 30,001 records: ([\d,]+) events, ([\d,]+) already stored by an earlier import, 0 ignored, 1 rejected/;
  const [, stored, before] = said.exec(stderr) ?? assert.fail(stderr);
  const counts = [stored, before].map((text) => Number(text?.replaceAll(',', '')));
  const store = await Store.open(join(folder, 'store'));
  try {
    const originals = await store.all('SELECT original FROM originals ORDER BY original');
    const contacts = await store.all(
      'SELECT count(*) AS n, count(DISTINCT (source, destination)) AS pairs FROM contacts',
    );
    assert.deepEqual(
      originals.map(({ original }) => original),
      lines.toSorted(),
    );
    assert.deepEqual(contacts, [{ n: BigInt(RECORDS), pairs: BigInt(RECORDS) }]);
  } finally {
    await store.close();
  }
  return counts;
}

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  test(`${signal} ends an import with ${exitCode} between two batches, and the next goes on there`, async (t) => {
    const { folder, code, stderr } = await interrupted(t, signal);
    assert.equal(code, exitCode, stderr);
    assert.match(stderr, /^scanhound: Interrupted\..* run again, an import goes on where it stopped\.\n$/);
    const [stored = 0, before = 0] = await goOn(folder);
    assert.ok(before >= NOISE_AT && before < RECORDS, `${before}`);
    assert.equal(stored + before, RECORDS);
  });

test('killed in the middle of an import, the next stores what is missing, once', async (t) => {
  const { folder, code } = await interrupted(t, 'SIGKILL');
  assert.equal(code, null);
  const [stored = 0, before = 0] = await goOn(folder);
  assert.ok(before >= NOISE_AT, `${before}`);
  assert.equal(stored + before, RECORDS);
});
