import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { documentFields } from '../../../mappings/search/documents.js';
import { type EngineName, engineOf } from '../../../scripts/engines/engine.js';
import type { Connection } from '../../../server/backends/search/connection.js';
import { examine } from '../../../server/backends/search/doctor.js';
import type { Finding } from '../../../server/backends/search/finding.js';
import { documentIndices, type OwnIndex } from '../../../server/backends/search/own-indices.js';
import { indexSteps, type SetupStep, templateSteps } from '../../../server/backends/search/setup.js';
import { engineFor, needsEngine } from '../../engines.js';
import { connectTo } from './connect-to.js';
import { ecsMappings } from './ecs-index.js';

/** Setup and doctor on a real engine without security. */
export function setupContract(name: EngineName): void {
  const on = (what: string, use: (connection: Connection, prefix: string) => Promise<void>) =>
    test(`${name}: ${what}`, needsEngine(name), async () => {
      const connection = await connectTo(name);
      const prefix = `test-${randomUUID()}`;
      try {
        await use(connection, prefix);
      } finally {
        const made = await connection.request((client) => client.indices.get({ index: `${prefix}*` }));
        const names = Object.keys(made);
        if (names.length > 0) await connection.request((client) => client.indices.delete({ index: names }));
        await connection.request((client) =>
          client.indices.deleteIndexTemplate({ name: `${prefix}*` }, { ignore: [404] }),
        );
        await connection.close();
      }
    });

  on('what is missing is made once, whoever makes it', async (connection, prefix) => {
    const own = documentIndices(prefix);
    const missing = async () => [...(await templateSteps(connection, own)), ...(await indexSteps(connection, own))];
    const [steps, others] = await Promise.all([missing(), missing()]);
    assert.equal(steps.length, 2 * own.length);
    await takeAll([...steps, ...others]);
    assert.deepEqual(await missing(), []);

    // an index made later, by whatever means, is as ours are
    const later = `${prefix}-alert-2`;
    await connection.request((client) => client.indices.create({ index: later }));
    const { [later]: made } = await connection.request((client) => client.indices.getMapping({ index: later }));
    assert.equal(made?.mappings.properties?.document_key?.type, 'keyword');
  });

  on('an alias and fields that are gone are made again', async (connection, prefix) => {
    const { import: _, ...fields } = documentFields;
    const own = documentIndices(prefix, { ...fields, import: {} });
    await takeAll(await indexSteps(connection, own));
    await connection.request((client) =>
      client.indices.deleteAlias({ index: `${prefix}-mark-1`, name: `${prefix}-mark` }),
    );
    const wider = documentIndices(prefix, { ...fields, import: { file: 'keyword', 'size.of': 'double' } });
    const steps = await indexSteps(connection, wider);
    assert.deepEqual(steps.map(({ what }) => what.replaceAll(prefix, 'p')).sort(), [
      'alias p-mark of the index p-mark-1',
      'fields file, size.of of the index p-import-1',
    ]);
    await takeAll(steps);
    assert.deepEqual(await indexSteps(connection, wider), []);
  });

  on('what can not become ours is refused', async (connection, prefix) => {
    const [first] = documentIndices(prefix) as [OwnIndex];
    await connection.request((client) =>
      client.indices.create({
        index: first.index,
        mappings: { properties: { document_key: { type: 'text' } } },
        aliases: { [first.alias!]: {} },
      }),
    );
    await assert.rejects(indexSteps(connection, [first]), {
      code: 'ENGINE_REFUSED',
      message: `${first.index} keeps document_key as text, not as keyword: remove the index.`,
    });
    await connection.request((client) => client.indices.delete({ index: first.index }));
    await connection.request((client) => client.indices.create({ index: first.alias! }));
    await assert.rejects(indexSteps(connection, [first]), { code: 'ENGINE_REFUSED', message: /An index is called/ });
  });

  on('a doctor finds what is wrong, and nothing where nothing is', async (connection, prefix) => {
    const own = documentIndices(prefix);
    const { kind: engine } = engineOf(name);
    const url = await engineFor(name);
    const telemetry = [`${prefix}-logs-*`, `${prefix}-nothing-*`, `${prefix}-named`];
    const findings = () => all(examine({ connection, engine, url, telemetry, prefix, own, now: Date.now }));
    const worse = (found: readonly Finding[]) =>
      found
        .filter(({ verdict }) => verdict !== 'ok')
        .map(({ verdict, what }) => `${verdict} ${what.replaceAll(prefix, 'p')}`);
    const security = (found: readonly Finding[]) => found.filter(({ what }) => /security/.test(what));

    const bare = await findings();
    assert.equal(security(bare).length, 1);
    assert.deepEqual(worse(bare).slice(1), [
      'problem no open index is matched by p-logs-*, p-nothing-*, p-named',
      `problem what Scanhound keeps its state in is missing: template p-alert for the indices p-alert-* and ${2 * own.length - 1} more`,
    ]);

    await takeAll([...(await templateSteps(connection, own)), ...(await indexSteps(connection, own))]);
    const create = (index: string, mappings: object) =>
      connection.request((client) => client.indices.create({ index, mappings }));
    await create(`${prefix}-logs-good`, ecsMappings);
    assert.equal(worse(await findings()).length, 1); // security

    await create(`${prefix}-logs-closed`, {});
    await connection.request((client) => client.indices.close({ index: `${prefix}-logs-closed` }));
    await create(`${prefix}-logs-guessed`, {
      properties: {
        '@timestamp': { type: 'date' },
        'host.id': { type: 'text' },
        'process.name': { type: 'keyword', doc_values: false },
        'destination.port': { type: 'keyword' },
        'event.code': { type: 'text' },
        'event.dataset': { type: 'text' },
      },
    });
    assert.deepEqual(worse(await findings()).slice(1), [
      'warning closed, so never searched: p-logs-closed',
      'problem host.id: text where keyword is expected in p-logs-guessed, so hunts fail',
      'problem process.name: keyword without values to group by where keyword is expected in p-logs-guessed, so hunts fail',
      'problem destination.port: keyword where number is expected in p-logs-guessed, so hunts fail',
      'warning event.dataset, event.code: text, so hunts read more than they need',
      'warning event.ingested is missing in p-logs-guessed: what comes late there is never hunted as new',
    ]);
    await connection.request((client) =>
      client.indices.deleteAlias({ index: `${prefix}-run-1`, name: `${prefix}-run` }),
    );
    assert.match(worse(await findings()).at(-1)!, /is missing: alias p-run of the index p-run-1$/);
  });
}

const takeAll = (steps: readonly SetupStep[]) => Promise.all(steps.map(({ take }) => take()));

async function all<T>(found: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of found) list.push(one);
  return list;
}
