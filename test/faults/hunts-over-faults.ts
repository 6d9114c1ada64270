import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { documentFields } from '../../mappings/search/documents.js';
import { type EngineName, engineOf } from '../../scripts/engines/engine.js';
import { Connection } from '../../server/backends/search/connection.js';
import { SearchDocuments } from '../../server/backends/search/documents.js';
import { SearchEvents } from '../../server/backends/search/events.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { indexAsAgentsDo } from '../backends/search/agents-indices.js';
import { connectTo } from '../backends/search/connect-to.js';
import { openDocuments } from '../backends/search/open-documents.js';
import { engineFor, needsEngine } from '../engines.js';
import { finalOf } from '../scenarios/final.js';
import { alertsIn, imported, now, requestsWith } from '../scenarios/play.js';
import { FAULTS, faultyWay } from './faulty-way.js';
import { scan } from './scan.js';

const TIMEOUT_MS = 2_000;
/** Places in a hunt, as parts of all its requests. */
const PLACES = [0, 0.3, 0.6, 0.95];

/** Wherever the way to the engine breaks, a hunt fails with a clear error, and the next one makes up what is missing. */
export function huntsOverFaults(name: EngineName): void {
  test(`${name}: a hunt over a way that breaks fails, and the next makes it up`, needsEngine(name), async () => {
    const direct = await connectTo(name);
    const prefix = `test-${randomUUID()}`;
    const index = `${prefix}-telemetry`;
    const way = await faultyWay(await engineFor(name));
    const config = { engine: engineOf(name).kind, url: way.url };
    const connection = Connection.open(config, async () => undefined, TIMEOUT_MS);
    const embedded = await openInMemory(now);
    try {
      const events = await SearchEvents.open(direct, index, now);
      await SearchDocuments.open(direct, prefix); // indices take longer to make than answers may over the way
      const documents = await SearchDocuments.open(connection, prefix);
      const ports = { telemetry: new SearchTelemetry(connection, index, { now, settlingMs: 0 }), documents, now };
      let scans = 0;
      const arrive = async () => {
        const batch = { key: `scan ${scans}`, events: imported(scan(scans)) };
        scans++;
        for (const store of [events, embedded.events]) await store.append(batch);
      };

      await arrive();
      way.mend();
      await huntAll(requestsWith(), ports);
      const requests = way.asked();
      for (const fault of FAULTS)
        for (const place of fault === 'delay' ? PLACES.slice(2, 3) : PLACES) {
          await arrive();
          way.break(fault, Math.floor(requests * place));
          await assert.rejects(huntAll(requestsWith(), ports), { code: /^ENGINE_/ }, `${fault} at ${place}`);
          way.mend();
          await huntAll(requestsWith(), ports);
        }
      await huntAll(requestsWith(), { ...embedded, now });
      assert.deepEqual(finalOf(await alertsIn(documents)), finalOf(await alertsIn(embedded.documents)));
    } finally {
      const made = Object.keys(documentFields).map((kind) => `${prefix}-${kind}-1`);
      await direct.request((client) => client.indices.delete({ index: [index, ...made] }));
      await Promise.all([direct.close(), connection.close(), way.close(), embedded.close()]);
    }
  });
}

/** A search over a pattern leaves closed indices out without a word: the run names them. */
export function closedIndicesAreNamed(name: EngineName): void {
  test(`${name}: a closed index of the pattern is named in the run`, needsEngine(name), async () => {
    const { documents, connection, close } = await openDocuments(name);
    const { pattern, remove } = await indexAsAgentsDo(connection, scan(0), ({ 'event.module': module }) => module);
    try {
      const ports = { telemetry: new SearchTelemetry(connection, pattern, { now, settlingMs: 0 }), documents, now };
      const closed = pattern.replace('*', 'zeek');
      await connection.request((client) => client.indices.close({ index: closed }));
      const span = { from: 0, to: now() };
      const [run] = await huntAll(
        requestsWith().map((request) => ({ ...request, span })),
        ports,
      );
      assert.deepEqual(run?.unread, [closed]);
      await connection.request((client) => client.indices.open({ index: closed }));
      const [whole] = await huntAll(
        requestsWith().map((request) => ({ ...request, span })),
        ports,
      );
      assert.equal(whole?.unread, undefined);
    } finally {
      await remove();
      await close();
    }
  });
}
