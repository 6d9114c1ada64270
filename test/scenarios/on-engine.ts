import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineName } from '../../scripts/engines/engine.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { indexAsAgentsDo } from '../backends/search/agents-indices.js';
import { openDocuments } from '../backends/search/open-documents.js';
import { openEngine } from '../backends/search/open-engine.js';
import { needsEngine } from '../engines.js';
import { finalOf, withoutPlaces } from './final.js';
import { scenariosTogether } from './index.js';
import { alertsIn, now, playAll, requestsWith } from './play.js';
import { huntedInPieces, inPieces, siteDocuments } from './site.js';

/** Every scenario on a real engine; and the alerts that the embedded one finds, field by field. */
export function playOnEngine(name: EngineName): void {
  const { skip } = needsEngine(name);
  if (skip !== undefined) {
    test(`${name}: every scenario`, { skip }, () => undefined);
    return;
  }
  const open = (at: () => number) => openEngine(name, at);
  playAll(name, open, scenariosTogether);

  test(`${name}: the scenarios, arriving shuffled in pieces, end in the final alerts of the embedded store`, async () => {
    assert.deepEqual(await huntedInPieces(open, inPieces(3)), await huntedInPieces(openInMemory, [siteDocuments]));
  });

  test(`${name}: documents that agents indexed are hunted where they are, with the same alerts`, async () => {
    const { documents, connection, close } = await openDocuments(name);
    const indexed = await indexAsAgentsDo(connection, siteDocuments);
    try {
      const telemetry = new SearchTelemetry(connection, indexed.pattern, { now, settlingMs: 0 });
      await huntAll(requestsWith(), { telemetry, documents, now });
      const embedded = await huntedInPieces(openInMemory, [siteDocuments]);
      assert.deepEqual(withoutPlaces(finalOf(await alertsIn(documents))), withoutPlaces(embedded));
    } finally {
      await indexed.remove();
      await close();
    }
  });
}
