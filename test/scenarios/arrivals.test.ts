import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { Cast } from './cast.js';
import { finalOf } from './final.js';
import { scenarios } from './index.js';
import { alertsIn, imported, now, requestsWith } from './play.js';
import { thresholds } from './thresholds.js';
import { tunedScenarios } from './tunables.js';

/** The scenarios that leave the tunables as they stand, in one telemetry. */
const documents = scenarios
  .filter((scenario) => scenario.settings === undefined)
  .filter((scenario) => !thresholds.includes(scenario) && !tunedScenarios.includes(scenario)) // few shapes, many times
  .flatMap(({ events }, index) => events(new Cast(index)));

async function hunted(pieces: readonly (readonly EcsDocument[])[]): Promise<unknown[]> {
  const backend = await openInMemory(now);
  try {
    for (const [index, piece] of pieces.entries()) {
      await backend.events.append({ key: String(index), events: imported(piece) });
      await huntAll(requestsWith(), { ...backend, now });
    }
    return finalOf(await alertsIn(backend.documents));
  } finally {
    await backend.close();
  }
}

/** Every document in one of `count` pieces, in an order that has nothing to do with time. */
function inPieces(count: number): EcsDocument[][] {
  const shuffled = documents
    .map((document, index) => ({ document, key: (index * 7_919) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ document }) => document);
  const size = Math.ceil(shuffled.length / count);
  return Array.from({ length: count }, (_, piece) => shuffled.slice(piece * size, (piece + 1) * size));
}

test('the scenarios, arriving shuffled in pieces that are hunted one by one, end in the same final alerts', async () => {
  const once = await hunted([documents]);
  assert.ok(once.length > 50);
  assert.deepEqual(await hunted(inPieces(3)), once);
});
