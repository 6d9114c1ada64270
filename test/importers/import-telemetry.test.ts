import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DuckDbEvents } from '../../server/backends/duckdb/events.js';
import { Store } from '../../server/backends/duckdb/store.js';
import { importTelemetry } from '../../server/importers/import-telemetry.js';
import { AppError } from '../../server/model/app-error.js';
import { zeekSweep } from '../api/zeek-sweep.js';

async function open(t: TestContext, files: Readonly<Record<string, string>>) {
  const store = await Store.open();
  const folder = mkdtempSync(join(tmpdir(), 'scanhound-'));
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { events: new DuckDbEvents(store, Date.now), folder, rejects: join(folder, '.rejects') };
}

const lines = zeekSweep(3).join('\n');
/** A record whose address the store refuses. */
const badAddress = zeekSweep(1)[0]!.replace('10.0.0.10', 'not-an-address');

test('files add up by kind; the rest is named', async (t) => {
  const { events, folder } = await open(t, {
    'a.log': lines,
    'b.log': zeekSweep(2, '10.0.0.6').join('\n'),
    'notes.txt': 'Buy milk.\n',
  });
  const { kinds, skipped, failure } = await importTelemetry([folder], events);
  assert.deepEqual(
    kinds.map(({ kind, files, records, stored, repeated }) => ({ kind, files, records, stored, repeated })),
    [{ kind: 'Zeek JSON logs', files: 2, records: 5, stored: 5, repeated: 0 }],
  );
  assert.deepEqual(skipped, [{ file: join(folder, 'notes.txt'), why: 'no known format' }]);
  assert.equal(failure, undefined);
});

test('a second import stores nothing again', async (t) => {
  const { events, folder } = await open(t, { 'a.log': lines });
  await importTelemetry([folder], events);
  const { kinds } = await importTelemetry([join(folder, 'a.log')], events);
  assert.deepEqual([kinds[0]?.stored, kinds[0]?.repeated], [0, 3]);
});

test('what readers and store reject is counted by reason and kept aside where asked', async (t) => {
  const { events, folder, rejects } = await open(t, { 'a.log': [lines, '{"broken', badAddress].join('\n') });
  const { kinds, keptAside } = await importTelemetry([folder], events, { rejects });
  const rejected = kinds[0]?.rejected ?? {};
  const total = Object.values(rejected).reduce((sum, times) => sum + times, 0);
  assert.equal(total, 2, JSON.stringify(rejected));
  assert.equal(keptAside, 2);
  const kept = readFileSync(rejects, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(kept.map(({ line }) => line).sort(), [4, 5]);
  for (const { file, text, message } of kept) {
    assert.equal(file, join(folder, 'a.log'));
    assert.ok(text.length > 0 && message.length > 0);
  }
});

test('nothing that can be read is a failure that lists what is known', async (t) => {
  const { events, folder } = await open(t, { 'notes.txt': 'Buy milk.\n' });
  const { failure } = await importTelemetry([folder], events);
  assert.ok(failure instanceof AppError && failure.code === 'INPUT_UNKNOWN');
  assert.match(failure.message, /Zeek text logs, .*auditd/);
});

test('a file that is named and unknown fails the import after the others are stored', async (t) => {
  const { events, folder } = await open(t, { 'a.log': lines, 'notes.txt': 'Buy milk.\n' });
  const { kinds, failure } = await importTelemetry([join(folder, 'notes.txt'), join(folder, 'a.log')], events);
  assert.equal(kinds[0]?.stored, 3);
  assert.match(String(failure), /notes\.txt/);
});

test('an import may be given up between two batches', async (t) => {
  const { events, folder } = await open(t, { 'a.log': lines });
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(importTelemetry([folder], events, { signal }), /enough/);
});
