import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { huntedInPieces, inPieces, siteDocuments } from './site.js';

test('the scenarios, arriving shuffled in pieces that are hunted one by one, end in the same final alerts', async () => {
  const once = await huntedInPieces(openInMemory, [siteDocuments]);
  assert.ok(once.length > 50);
  assert.deepEqual(await huntedInPieces(openInMemory, inPieces(3)), once);
});
