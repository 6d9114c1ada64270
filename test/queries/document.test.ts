import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EcsDocument, FLAT, read } from '../../queries/document.js';

const fields = { 'source.ip': '10.0.0.1', 'source.port': undefined, source: { port: 1, nested: 2 } };

test('in a flat document a field stands under its dotted name and nowhere else', () => {
  const flat: EcsDocument = { __proto__: FLAT, ...fields };
  assert.deepEqual(
    ['source.ip', 'source.port', 'source.nested', 'toString'].map((path) => read(flat, path)),
    ['10.0.0.1', undefined, undefined, undefined],
  );
  assert.equal(read({ ...fields }, 'source.nested'), 2);
});

test('JSON makes no document flat', () => {
  const hostile = JSON.parse('{"__proto__":{"a.b":1},"a":{"b":2}}') as EcsDocument;
  assert.equal(read(hostile, 'a.b'), 2);
});
