import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  fromVersion,
  shorten,
  toEngineId,
  toKept,
  toVersioned,
} from '../../../server/backends/search/kept-document.js';

test('versions hold both numbers, and are apart where one of them is', () => {
  const kept = toKept('a', 'w', {}, {});
  const sequence = fc.integer({ min: 0, max: 2 ** 40 - 1 });
  const term = fc.integer({ min: 1, max: 2 ** 13 - 1 });
  fc.assert(
    fc.property(sequence, term, (if_seq_no, if_primary_term) => {
      const { version } = toVersioned(kept, if_seq_no, if_primary_term);
      assert.ok(Number.isSafeInteger(version));
      assert.deepEqual(fromVersion(version), { if_seq_no, if_primary_term });
    }),
  );
  assert.throws(() => toVersioned(kept, 2 ** 40, 1), RangeError);
  assert.throws(() => toVersioned(kept, 0, 2 ** 13), RangeError);
  assert.throws(() => toVersioned(kept, undefined, 1), RangeError);
});

test('an engine id is short, and of no two ids the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (id) => {
      const engineId = toEngineId(id);
      assert.match(engineId, /^[~\w-][\w.:-]{0,255}$/);
      assert.ok(engineId === id || engineId.startsWith('~'));
    }),
  );
  assert.notEqual(toEngineId('a'.repeat(300)), toEngineId(`${'a'.repeat(299)}b`));
  assert.notEqual(toEngineId(toEngineId('a b')), toEngineId('a b'));
});

test('long texts keep their order up to their thousandth character, and what they differ by', () => {
  const long = 'x'.repeat(5_000);
  assert.equal(shorten('x'.repeat(1_024)), 'x'.repeat(1_024));
  assert.notEqual(shorten(`${long}a`), shorten(`${long}b`));
  assert.ok(shorten(`a${long}`) < shorten(`b${long}`));
  assert.ok(Buffer.byteLength(shorten('漢'.repeat(5_000))) < 32_766);
});

test('beside the body stands only what its type can read', () => {
  const fields = { 'a.text': 'keyword', 'a.when': 'date', 'a.count': 'double' } as const;
  const body = {
    a: {
      text: ['x', 7, null, { y: 1 }],
      when: ['2025-01-01T00:00:00.000Z', '2025-02-30T25:00:00.000Z', 'yesterday', 1],
      count: ['1', 2.5, true],
    },
  };
  const { document, ...asked } = toKept('id', 'w', body, fields);
  assert.deepEqual(asked, {
    'a.text': ['x'],
    'a.when': ['2025-01-01T00:00:00.000Z'],
    'a.count': [2.5],
    document_key: 'id',
  });
  assert.deepEqual(document.body, body);
  assert.deepEqual(toKept('id', 'w', 'no object', { length: 'double' }).document.body, 'no object');
});
