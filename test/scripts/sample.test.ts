import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSample, officePart, readStored } from '../../scripts/build-sample.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';

test('the simulated part of the sample is what its seed gives', () => {
  const { files, labels } = officePart();
  for (const [name, content] of files) assert.ok(readStored('sample', name)?.equals(content), name);
  const stored = readStored('sample', 'labels.ndjson')?.toString().split('\n') ?? [];
  assert.deepEqual(
    stored.filter((line) => line.startsWith('{"part":"office"')),
    labels,
  );
});

test('the whole sample is what lab and seed give', needsData, () => {
  const built = buildSample(join(sharedData ?? '', 'lab'));
  for (const [name, content] of built) assert.ok(readStored('sample', name)?.equals(content), name);
  const stored = readdirSync('sample', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice('sample/'.length));
  assert.deepEqual(stored.sort(), [...built.keys(), 'README.md'].sort());
});

test('every record of the sample is read', async () => {
  for await (const step of readSources(['sample/lab', 'sample/office'])) {
    assert.notEqual(step.kind, 'rejected', JSON.stringify(step));
    if (step.kind !== 'file') continue;
    const { file, state, events, unknown, ignored } = step.result;
    assert.deepEqual({ state, unknown, ignored }, { state: 'read', unknown: 0, ignored: 0 }, file);
    assert.ok(events > 100, file);
  }
});
