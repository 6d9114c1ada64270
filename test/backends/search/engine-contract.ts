import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DocumentFields, documentFields } from '../../../mappings/search/documents.js';
import { type EngineName, engineOf } from '../../../scripts/engines/engine.js';
import { Connection } from '../../../server/backends/search/connection.js';
import { SearchDocuments } from '../../../server/backends/search/documents.js';
import { coverageContract } from '../../contract/coverage-contract.js';
import { documentsContract } from '../../contract/documents-contract.js';
import { eventsContract } from '../../contract/events-contract.js';
import { hostTelemetryContract } from '../../contract/host-telemetry-contract.js';
import { leasesContract } from '../../contract/leases-contract.js';
import { telemetryContract } from '../../contract/telemetry-contract.js';
import { engineFor, needsEngine } from '../../engines.js';
import { at, DAY } from '../../scenarios/times.js';
import { catchUpContract } from './catch-up-contract.js';
import { connectTo } from './connect-to.js';
import { huntsAsEmbedded } from './hunt-contract.js';
import { lateArrivalsContract } from './late-arrivals-contract.js';
import { openDocuments } from './open-documents.js';
import { openEngine, openTelemetry } from './open-engine.js';
import { queryContract } from './query-contract.js';
import { searchTelemetryContract } from './search-telemetry-contract.js';
import { losingAnswers, standIn } from './stand-in.js';

type Opened = Awaited<ReturnType<typeof openDocuments>>;

/** By what the contract asks its documents. */
const contractFields = {
  name: 'keyword',
  tags: 'keyword',
  score: 'double',
  'inner.when': 'keyword',
  nothing: 'keyword',
} as const;
export const fields: DocumentFields = { ...documentFields, alert: contractFields, run: contractFields };

/** What every engine keeps, and what only an engine can break. */
export function engineContract(name: EngineName): void {
  const { skip } = needsEngine(name);
  if (skip !== undefined) {
    test(`${name}: everything`, { skip }, () => undefined);
    return;
  }
  documentsContract(name, () => openDocuments(name, fields));
  leasesContract(name, () => openDocuments(name));
  const open = () => openTelemetry(name, () => at(30 * DAY));
  eventsContract(name, open);
  telemetryContract(name, open);
  hostTelemetryContract(name, open);
  coverageContract(name, (now) => openEngine(name, now));
  queryContract(name);
  searchTelemetryContract(name);
  lateArrivalsContract(name);
  catchUpContract(name);

  const on = (what: string, use: (opened: Opened) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const opened = await openDocuments(name);
      try {
        await use(opened);
      } finally {
        await opened.close();
      }
    });

  on('of two processes that write at once each gets its turn', async ({ documents, openAgain }) => {
    const writers = [documents, await openAgain()];
    const created = await Promise.all(writers.map((writer) => writer.create('mark', 'm', { n: 0 })));
    assert.deepEqual(created.toSorted(), [false, true]);
    let lost = 0;
    await Promise.all(
      writers.map(async (writer) => {
        for (let done = 0; done < 25; ) {
          const { body, version } = (await writer.get<{ n: number }>('mark', 'm'))!;
          if (await writer.update('mark', 'm', { n: body.n + 1 }, version)) done++;
          else lost++;
        }
      }),
    );
    assert.equal((await documents.get<{ n: number }>('mark', 'm'))?.body.n, 50);
    assert.ok(lost > 0, 'they never met');
  });

  on('what another process wrote is found', async ({ documents, openAgain }) => {
    const other = await openAgain();
    await other.create('run', 'a', { state: 'running' });
    const found = await documents.query('run', { where: [{ path: 'state', oneOf: ['running'] }], limit: 10 });
    assert.equal(found.length, 1);
    assert.equal(await other.update('run', 'a', { state: 'done' }, found[0]!.version), true);
  });

  on('a writing whose answer was lost is known again', async ({ documents, prefix }) => {
    const proxy = await standIn(losingAnswers(await engineFor(name)));
    const connection = Connection.open({ engine: engineOf(name).kind, url: proxy.url }, async () => undefined);
    try {
      const losing = await SearchDocuments.open(connection, prefix);
      assert.equal(await losing.create('mark', 'm', { n: 1 }), true);
      const { version } = (await documents.get('mark', 'm'))!;
      assert.equal(await losing.update('mark', 'm', { n: 2 }, version), true);
      assert.equal(await losing.update('mark', 'm', { n: 3 }, version), false);
      assert.equal(await losing.create('mark', 'm', { n: 4 }), false);
      assert.deepEqual((await documents.get('mark', 'm'))?.body, { n: 2 });
    } finally {
      await connection.close();
      await proxy.close();
    }
  });

  on('hunts and lists give what they give embedded', ({ documents }) => huntsAsEmbedded(documents));

  on('texts and ids of any length', async ({ documents }) => {
    const long = ['a', 'b'].map((end) => `${'/usr/'.repeat(20_000)}漢${end}`);
    for (const text of long) assert.equal(await documents.create('head', text, { analytic: text }), true);
    assert.equal(await documents.create('head', long[0]!, {}), false);
    assert.deepEqual((await documents.get('head', long[1]!))?.body, { analytic: long[1] });
    const found = await documents.query('head', { where: [{ path: 'analytic', oneOf: [long[1]!] }], limit: 10 });
    assert.deepEqual(
      found.map(({ id }) => id),
      [long[1]],
    );
    const ids = ['', '.', '..', '_all', 'a/../b', 'x?refresh=true', '%2e', '~a'];
    for (const id of ids) assert.equal(await documents.create('mark', id, { id }), true, id);
    for (const id of ids) assert.deepEqual((await documents.get('mark', id))?.body, { id });
  });

  on('more documents than an answer holds, by time and by nothing', async ({ documents }) => {
    const timeOf = (at: number) => new Date(Date.UTC(2025, 0, 1) + 1_000 * at).toISOString();
    await Promise.all(
      Array.from({ length: 1_203 }, (_, at) =>
        documents.create('alert', `a${String(at).padStart(4, '0')}`, { event: { start: timeOf(at % 700) } }),
      ),
    );
    const all = await documents.query('alert', { limit: 100_000 });
    assert.deepEqual(
      all.map(({ id }) => id),
      all.map(({ id }) => id).toSorted(),
    );
    assert.equal(new Set(all.map(({ id }) => id)).size, 1_203);
    assert.equal((await documents.query('alert', { limit: 1_001 })).length, 1_001);
    const late = await documents.query<{ event: { start: string } }>('alert', {
      where: [{ path: 'event.start', atLeast: timeOf(699) }],
      sort: { path: 'event.start', direction: 'desc' },
      limit: 10,
    });
    assert.deepEqual(
      late.map(({ id }) => id),
      ['a0699'],
    );
    const next = await documents.query('alert', {
      sort: { path: 'event.start', direction: 'desc' },
      after: { value: late[0]!.body.event.start, id: 'a0699' },
      limit: 1,
    });
    assert.deepEqual(
      next.map(({ id }) => id),
      ['a0698'],
    );
  });

  on('a field that is new to it can be asked by', async ({ documents, openAgain }) => {
    const byFile = { where: [{ path: 'file', oneOf: ['x'] }], limit: 1 };
    await assert.rejects(documents.query('import', byFile), TypeError);
    const later = await openAgain({ ...documentFields, import: { file: 'keyword' } });
    await later.create('import', 'a', { file: 'x' });
    assert.equal((await later.query('import', byFile)).length, 1);
  });

  on('an index that was deleted is an error, and stays deleted', async ({ documents, connection, prefix }) => {
    const index = `${prefix}-mark-1`;
    await connection.request((client) => client.indices.delete({ index }));
    for (const use of [
      () => documents.get('mark', 'a'),
      () => documents.create('mark', 'a', {}),
      () => documents.query('mark', { limit: 1 }),
    ])
      await assert.rejects(use, { code: 'ENGINE_REFUSED' });
    await connection.request((client) => client.indices.create({ index }));
  });

  on('a search over no index is empty, over closed ones alone refused', async ({ connection, prefix }) => {
    const nothing = await connection.search({ index: `${prefix}-absent-*` });
    assert.deepEqual(nothing.hits.hits, []);
    await connection.request((client) => client.indices.close({ index: `${prefix}-mark-1` }));
    await assert.rejects(connection.search({ index: `${prefix}-mark-*` }), { code: 'ENGINE_ANSWER_INCOMPLETE' });
  });

  test(`${name}: what it refuses is an error in its words`, async () => {
    const connection = await connectTo(name);
    try {
      await assert.rejects(connection.search({ query: { nonsense: {} } as object }), {
        code: 'ENGINE_REFUSED',
        message: /answered 400: parsing_exception: unknown query \[nonsense\]/,
      });
    } finally {
      await connection.close();
    }
  });
}
