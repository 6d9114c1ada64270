import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { type DocumentFields, documentFields } from '../../../mappings/search/documents.js';
import { Connection } from '../../../server/backends/search/connection.js';
import { SearchDocuments } from '../../../server/backends/search/documents.js';
import { documentIndices } from '../../../server/backends/search/own-indices.js';
import { indexSteps } from '../../../server/backends/search/setup.js';
import { AppError } from '../../../server/model/app-error.js';
import { documentsContract } from '../../contract/documents-contract.js';
import { fields as contractFields } from './engine-contract.js';
import { onSecure, refusalOf, type SecureName, secureEngine, type User } from './secure.js';

/** The text of what the engine refuses. */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error: unknown = await attempt.then(
    () => assert.fail('it was allowed'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof AppError && error.code === 'ENGINE_REFUSED', String(error));
  return error.message;
}

/** Documents that the setup role made room for, as another role has them. */
async function openAs(name: SecureName, user: User, fields: DocumentFields = documentFields) {
  const prefix = `scanhound-${randomUUID()}`;
  const own = documentIndices(prefix, fields);
  await onSecure(name, 'setup', async (setup) => {
    await Promise.all((await indexSteps(setup, own)).map(({ take }) => take()));
  });
  const connection = Connection.open(await secureEngine(name, user));
  return {
    prefix,
    documents: await SearchDocuments.open(connection, prefix, fields),
    async close() {
      await connection.close();
      const index = own.map((one) => one.index);
      await onSecure(name, 'admin', (admin) => admin.request((client) => client.indices.delete({ index })));
    },
  };
}

/** What the hunter's role is enough for, what it keeps from, and what is said to who may do less. */
export function authContract(name: SecureName): void {
  documentsContract(`${name}, by the hunter's role`, () => openAs(name, 'hunter', contractFields));

  test(`${name}: the hunter makes and deletes no index`, async () => {
    await onSecure(name, 'hunter', async (hunter) => {
      const open = SearchDocuments.open(hunter, `scanhound-${randomUUID()}`);
      assert.match(
        await refusal(open),
        refusalOf(name, { elasticsearch: 'create_index', opensearch: 'indices:admin/create' }),
      );
    });
    const { prefix, close } = await openAs(name, 'hunter');
    try {
      const index = `${prefix}-mark-1`;
      await onSecure(name, 'hunter', async (hunter) => {
        assert.match(await refusal(hunter.request((client) => client.indices.delete({ index }))), /403/);
        assert.match(await refusal(hunter.request((client) => client.delete({ index, id: 'a' }))), /403/);
      });
    } finally {
      await close();
    }
  });

  test(`${name}: who lacks one privilege is told which`, async () => {
    const { documents, close } = await openAs(name, 'mute');
    try {
      assert.match(
        await refusal(documents.create('mark', 'a', {})),
        refusalOf(name, { elasticsearch: 'index', opensearch: 'indices:data/write/index' }),
      );
    } finally {
      await close();
    }
    const index = `logs-${randomUUID()}`;
    await onSecure(name, 'admin', (admin) => admin.request((client) => client.indices.create({ index })));
    try {
      await onSecure(name, 'blind', async (blind) => {
        const says = refusalOf(name, { elasticsearch: 'read', opensearch: 'indices:data/read/search' });
        assert.match(await refusal(blind.search({ index })), says);
        // by a pattern Elasticsearch says that there is nothing
        await assert.rejects(blind.search({ index: `${index}*` }), {
          message: new RegExp(`may not be read|${says.source}`),
        });
      });
    } finally {
      await onSecure(name, 'admin', (admin) => admin.request((client) => client.indices.delete({ index })));
    }
  });

  test(`${name}: a wrong password is refused, and in no message`, async () => {
    const engine = await secureEngine(name, 'hunter');
    const connection = Connection.open({ ...engine, auth: { username: 'hunter', password: 'wr0ng-passw0rd' } });
    try {
      const said = await refusal(connection.search({ index: 'logs-*' }));
      assert.match(said, /answered 401[.:]/);
      assert.ok(!said.includes('wr0ng'));
    } finally {
      await connection.close();
    }
  });
}
