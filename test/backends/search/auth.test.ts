import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type DocumentFields, documentFields } from '../../../mappings/search/documents.js';
import { hunterRole } from '../../../mappings/search/roles.js';
import { Connection } from '../../../server/backends/search/connection.js';
import { SearchDocuments } from '../../../server/backends/search/documents.js';
import { documentIndices } from '../../../server/backends/search/own-indices.js';
import { indexSteps } from '../../../server/backends/search/setup.js';
import { readEngine } from '../../../server/engine-config.js';
import { AppError } from '../../../server/model/app-error.js';
import { documentsContract } from '../../contract/documents-contract.js';
import { fields as contractFields } from './engine-contract.js';
import { needsSecure, onSecure, secureEngine, type User } from './secure.js';

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
async function openAs(user: User, fields: DocumentFields = documentFields) {
  const prefix = `scanhound-${randomUUID()}`;
  const own = documentIndices(prefix, fields);
  await onSecure('setup', async (setup) => {
    await Promise.all((await indexSteps(setup, own)).map(({ take }) => take()));
  });
  const connection = Connection.open(await secureEngine(user));
  return {
    prefix,
    documents: await SearchDocuments.open(connection, prefix, fields),
    async close() {
      await connection.close();
      const index = own.map(({ alias }) => `${alias}-1`);
      await onSecure('admin', (admin) => admin.request((client) => client.indices.delete({ index })));
    },
  };
}

if (needsSecure().skip === undefined)
  documentsContract("elasticsearch-9-secure, by the hunter's role", () => openAs('hunter', contractFields));

test("the hunter's role is that of the indices that are hunted unless told otherwise", () => {
  const { indices } = readEngine({ ELASTICSEARCH_URL: 'http://127.0.0.1' })!;
  const file = readFileSync('mappings/search/roles/elasticsearch-hunter.json', 'utf8');
  assert.deepEqual(JSON.parse(file), hunterRole(indices));
});

test('the hunter makes and deletes no index', needsSecure(), async () => {
  await onSecure('hunter', async (hunter) => {
    const open = SearchDocuments.open(hunter, `scanhound-${randomUUID()}`);
    assert.match(await refusal(open), /answered 403: .*granted by the index privileges \[create_index,/);
  });
  const { prefix, close } = await openAs('hunter');
  try {
    const index = `${prefix}-mark-1`;
    await onSecure('hunter', async (hunter) => {
      assert.match(await refusal(hunter.request((client) => client.indices.delete({ index }))), /403/);
      assert.match(await refusal(hunter.request((client) => client.delete({ index, id: 'a' }))), /403/);
    });
  } finally {
    await close();
  }
});

test('who lacks one privilege is told which', needsSecure(), async () => {
  const { documents, close } = await openAs('mute');
  try {
    assert.match(await refusal(documents.create('mark', 'a', {})), /granted by the index privileges \[.*\bindex\b/);
  } finally {
    await close();
  }
  const index = `logs-${randomUUID()}`;
  await onSecure('admin', (admin) => admin.request((client) => client.indices.create({ index })));
  try {
    await onSecure('blind', async (blind) => {
      assert.match(await refusal(blind.search({ index })), /granted by the index privileges \[.*\bread\b/);
      // by a pattern the engine would say that there is nothing
      await assert.rejects(blind.search({ index: `${index}*` }), {
        code: 'ENGINE_ANSWER_INCOMPLETE',
        message: /may not be read/,
      });
    });
  } finally {
    await onSecure('admin', (admin) => admin.request((client) => client.indices.delete({ index })));
  }
});

test('a wrong password is refused, and in no message', needsSecure(), async () => {
  const engine = await secureEngine('hunter');
  const connection = Connection.open({ ...engine, auth: { username: 'hunter', password: 'wr0ng-passw0rd' } });
  try {
    const said = await refusal(connection.search({ index: 'logs-*' }));
    assert.match(said, /answered 401: security_exception: unable to authenticate user \[hunter\]/);
    assert.ok(!said.includes('wr0ng'));
  } finally {
    await connection.close();
  }
});
