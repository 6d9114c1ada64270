import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DocumentQuery, Documents } from '../../server/model/ports.js';

export interface OpenDocuments {
  documents: Documents;
  close(): Promise<void>;
}

interface Body {
  name: string;
  score: number;
  tags?: readonly string[];
  inner?: { when: string };
}

/** Texts that end strings, statements, patterns or paths elsewhere, or that few encodings keep. */
const HOSTILE = [
  "'); DROP TABLE documents; --",
  '"},"x":{"',
  '%_*?\\',
  '\u001f\u007f\u2028\n\r\t',
  'Größe 漢字 🛰️',
  '\ud800 alone',
  '$kind $p0 $$',
  '__proto__',
  'a.b/c~d',
  ' ',
];

const bodyOf = (text: string): unknown =>
  JSON.parse(JSON.stringify([text, { [text]: [text, 1.5, -0.25, 9_007_199_254_740_991, true, null] }]));

/** As UTF-8 keeps it: half a surrogate pair becomes U+FFFD. */
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** What every store of small state keeps. `open` gives an empty one. */
export function documentsContract(backend: string, open: () => Promise<OpenDocuments>): void {
  const on = (name: string, use: (documents: Documents) => Promise<void>) =>
    test(`${backend}: documents: ${name}`, async () => {
      const { documents, close } = await open();
      try {
        await use(documents);
      } finally {
        await close();
      }
    });

  on('what is not there', async (documents) => {
    assert.equal(await documents.get('alert', 'a'), undefined);
    assert.equal(await documents.update('alert', 'a', {}, 1), false);
    assert.deepEqual(await documents.query('alert', { limit: 10 }), []);
  });

  on('of two creations at once one wins', async (documents) => {
    const won = await Promise.all(['one', 'two'].map((name) => documents.create('alert', 'a', { name })));
    assert.deepEqual(won.toSorted(), [false, true]);
    const stored = await documents.get<Body>('alert', 'a');
    assert.equal(stored?.body.name, won[0] ? 'one' : 'two');
  });

  on('an update is made only over the version that was read', async (documents) => {
    await documents.create('alert', 'a', { n: 1 });
    const first = (await documents.get('alert', 'a'))!;
    const won = await Promise.all([2, 3].map((n) => documents.update('alert', 'a', { n }, first.version)));
    assert.deepEqual(won.toSorted(), [false, true]);
    const second = (await documents.get<{ n: number }>('alert', 'a'))!;
    assert.notEqual(second.version, first.version);
    assert.equal(second.body.n, won[0] ? 2 : 3);
    assert.equal(await documents.update('alert', 'a', { n: 4 }, first.version), false);
    assert.equal(await documents.update('alert', 'a', { n: 5 }, second.version), true);
  });

  on('many writers of one document each get their turn', async (documents) => {
    await documents.create('mark', 'm', { n: 0 });
    const add = async (): Promise<void> => {
      for (;;) {
        const stored = (await documents.get<{ n: number }>('mark', 'm'))!;
        if (await documents.update('mark', 'm', { n: stored.body.n + 1 }, stored.version)) return;
      }
    };
    await Promise.all(Array.from({ length: 10 }, add));
    assert.equal((await documents.get<{ n: number }>('mark', 'm'))?.body.n, 10);
  });

  on('kinds are apart', async (documents) => {
    assert.equal(await documents.create('alert', 'a', { name: 'alert' }), true);
    assert.equal(await documents.create('silenced', 'a', { name: 'silenced' }), true);
    assert.equal((await documents.get<Body>('silenced', 'a'))?.body.name, 'silenced');
    assert.equal((await documents.query('alert', { limit: 10 })).length, 1);
  });

  on('bodies and ids come back as they were given', async (documents) => {
    for (const text of HOSTILE) {
      assert.equal(await documents.create('run', text, bodyOf(text)), true, text);
      const stored = await documents.get('run', text);
      assert.deepEqual(stored?.body, bodyOf(wellFormed(text)), text);
      assert.equal(stored?.id, wellFormed(text));
    }
    const ids = (await documents.query('run', { limit: 100 })).map(({ id }) => id);
    assert.deepEqual(ids.toSorted(), HOSTILE.map(wellFormed).toSorted());
  });

  on('conditions find hostile texts, and only them', async (documents) => {
    for (const [index, name] of HOSTILE.entries())
      await documents.create('run', `r${index}`, { name, tags: ['x', name] });
    for (const [index, name] of HOSTILE.entries())
      for (const path of ['name', 'tags']) {
        const found = await documents.query('run', { where: [{ path, oneOf: [name] }], limit: 100 });
        assert.deepEqual(
          found.map(({ id }) => id),
          [`r${index}`],
          `${path} ${name}`,
        );
      }
  });

  on('conditions', async (documents) => {
    const bodies: Record<string, Body> = {
      a: { name: 'one', score: 9, tags: ['x', 'y'], inner: { when: '2025-01-01T00:00:00.000Z' } },
      b: { name: 'two', score: 10, tags: ['y'], inner: { when: '2025-02-01T00:00:00.000Z' } },
      c: { name: 'two', score: 100, inner: { when: '2025-03-01T00:00:00.000Z' } },
      d: { name: 'four', score: -5 },
    };
    for (const [id, body] of Object.entries(bodies)) await documents.create('alert', id, body);
    const ids = async (where: NonNullable<DocumentQuery['where']>) =>
      (await documents.query('alert', { where, limit: 10 })).map(({ id }) => id).join('');
    assert.equal(await ids([]), 'abcd');
    assert.equal(await ids([{ path: 'name', oneOf: ['two', 'four'] }]), 'bcd');
    assert.equal(await ids([{ path: 'name', oneOf: [] }]), '');
    assert.equal(await ids([{ path: 'name', oneOf: ['tw'] }]), '');
    assert.equal(await ids([{ path: 'tags', oneOf: ['y'] }]), 'ab');
    assert.equal(await ids([{ path: 'score', oneOf: [10, 100] }]), 'bc');
    assert.equal(await ids([{ path: 'score', atLeast: 10 }]), 'bc');
    assert.equal(await ids([{ path: 'score', atLeast: 9, atMost: 10 }]), 'ab');
    assert.equal(await ids([{ path: 'score', atMost: 0 }]), 'd');
    assert.equal(await ids([{ path: 'inner.when', atLeast: '2025-02-01T00:00:00.000Z' }]), 'bc');
    assert.equal(await ids([{ path: 'inner.when', atMost: '2025-01-31' }]), 'a');
    assert.equal(
      await ids([
        { path: 'name', oneOf: ['two'] },
        { path: 'score', atMost: 99 },
      ]),
      'b',
    );
    assert.equal(await ids([{ path: 'nothing', oneOf: ['x'] }]), '');
    assert.equal(await ids([{ path: 'nothing', atLeast: 0 }]), '');
  });

  on('pages in order, ties by id, none twice and none missing', async (documents) => {
    const scores = [5, 10, 10, 10, 9, 100, 10, 1_000, 5];
    for (const [index, score] of scores.entries())
      await documents.create('alert', `id${index}`, { name: `n${score % 10}`, score });
    const inPages = async (sort: NonNullable<DocumentQuery['sort']>) => {
      const ids: string[] = [];
      let after: DocumentQuery['after'];
      for (;;) {
        const page = await documents.query<Body>('alert', { sort, limit: 2, ...(after ? { after } : {}) });
        ids.push(...page.map(({ id }) => id.slice(2)));
        const last = page.at(-1);
        if (page.length < 2 || !last) return ids.join('');
        after = { value: sort.path === 'score' ? last.body.score : last.body.name, id: last.id };
      }
    };
    assert.equal(await inPages({ path: 'score', direction: 'asc', isNumeric: true }), '084123657');
    assert.equal(await inPages({ path: 'score', direction: 'desc', isNumeric: true }), '756321480');
    assert.equal(await inPages({ path: 'name', direction: 'asc' }), '123567084');
    assert.equal(await inPages({ path: 'name', direction: 'desc' }), '480765321');
    const byId = await documents.query('alert', { limit: 3, after: { value: '', id: 'id5' } });
    assert.deepEqual(
      byId.map(({ id }) => id),
      ['id6', 'id7', 'id8'],
    );
  });
}
