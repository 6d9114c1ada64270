import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DraftDocuments } from '../../server/jobs/draft-documents.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { documentsContract } from '../contract/documents-contract.js';

async function openDraft() {
  const [stored, layer] = [await openInMemory(() => 0), await openInMemory(() => 0)];
  return {
    stored: stored.documents,
    documents: new DraftDocuments(stored.documents, layer.documents),
    close: async () => {
      await stored.close();
      await layer.close();
    },
  };
}

documentsContract('a draft', openDraft);

test('a draft is seen through to what is stored, which stays as it is', async () => {
  const { stored, documents, close } = await openDraft();
  try {
    for (const [id, score] of Object.entries({ a: 1, b: 2, c: 3, d: 4 })) await stored.create('alert', id, { score });
    const b = (await documents.get('alert', 'b'))!;
    assert.equal(await documents.update('alert', 'b', { score: 9 }, b.version), true);
    assert.equal(await documents.update('alert', 'b', { score: 10 }, b.version), false, 'an old version');
    assert.equal(await documents.create('alert', 'a', { score: 5 }), false, 'the id is taken');
    assert.equal(await documents.create('alert', 'e', { score: 0 }), true);
    const sort = { path: 'score', direction: 'desc', isNumeric: true } as const;
    const ids = async (limit: number, after?: { value: number; id: string }) =>
      (await documents.query('alert', { sort, limit, ...(after && { after }) })).map(({ id }) => id).join('');
    assert.equal(await ids(10), 'bdcae');
    assert.equal(await ids(2), 'bd');
    assert.equal(await ids(2, { value: 4, id: 'd' }), 'ca');
    assert.equal(
      (await documents.query('alert', { where: [{ path: 'score', atMost: 2 }], limit: 10 }))
        .map(({ id }) => id)
        .join(''),
      'ae',
    );
    assert.deepEqual(await documents.changes('alert'), [
      { id: 'b', before: { score: 2 }, after: { score: 9 } },
      { id: 'e', before: undefined, after: { score: 0 } },
    ]);
    assert.deepEqual((await stored.get('alert', 'b'))?.body, { score: 2 });
    assert.equal(await stored.get('alert', 'e'), undefined);
  } finally {
    await close();
  }
});
