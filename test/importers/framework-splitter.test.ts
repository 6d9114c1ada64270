import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type JsonPiece, JsonSplitter } from '../../server/importers/json-splitter.js';
import { type Line, LineSplitter } from '../../server/importers/line-splitter.js';

const LIMITS = { length: 200, depth: 8 };

function piecesOf(text: string, cuts: readonly number[] = []): JsonPiece[] {
  const pieces: JsonPiece[] = [];
  const splitter = new JsonSplitter(LIMITS, (piece) => pieces.push(piece));
  let from = 0;
  for (const cut of [...cuts.filter((at) => at <= text.length).toSorted((a, b) => a - b), text.length]) {
    splitter.push(text.slice(from, cut));
    from = cut;
  }
  splitter.end();
  return pieces;
}

const whole = (text: string): unknown[] =>
  piecesOf(text).map((piece) => (piece.broken ? piece.broken : JSON.parse(piece.text)));

test('one object a line, and objects over several lines', () => {
  assert.deepEqual(whole('{"a":1}\n{"a":2}\n'), [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(whole('{\n  "a": [\n    1\n  ]\n}\n{\n  "a": 2\n}'), [{ a: [1] }, { a: 2 }]);
  assert.deepEqual(whole('{"a":1}{"a":2},\r\n{"a":3}'), [{ a: 1 }, { a: 2 }, { a: 3 }]);
});

test('the elements of arrays and wrappers', () => {
  assert.deepEqual(whole('[{"a":1},\n{"a":2}]'), [{ a: 1 }, { a: 2 }]);
  for (const name of ['expected', 'events', 'Records']) {
    assert.deepEqual(whole(`{"n": 2, "${name}": [{"a":1}, {"a":{"b":[{"c":2}]}}], "m": {"x": [{}]}}`), [
      { a: 1 },
      { a: { b: [{ c: 2 }] } },
    ]);
  }
  const answer = '{"took":1,"hits":{"total":{"value":2},"hits":[{"_id":"x"},{"_id":"y"}]},"aggs":{"a":[{"b":1}]}}';
  assert.deepEqual(whole(`${answer}\n${answer}`), [{ _id: 'x' }, { _id: 'y' }, { _id: 'x' }, { _id: 'y' }]);
});

test('what only looks like a wrapper is a record', () => {
  const records = ['{"events":["a"],"b":1}', '{"x":{"events":[{"a":1}]}}', '{"hits":[{"a":1}]}', '{"key":"events"}'];
  for (const record of records) assert.deepEqual(whole(record), [JSON.parse(record)]);
  assert.deepEqual(whole('[{"events":[{"a":1}]}]'), [{ events: [{ a: 1 }] }]);
});

test('a piece knows the line it begins on', () => {
  const lines = piecesOf('\n{"a":1}\n\n{\n"a":2\n}\n{"a":3}').map(({ line }) => line);
  assert.deepEqual(lines, [2, 4, 7]);
});

test('damage costs its own record', () => {
  assert.deepEqual(whole('{"a":"cut off\n{"a":1}\n{"a":2}'), ['not_json', { a: 1 }, { a: 2 }]);
  assert.deepEqual(whole('{"a":1\n{"a":2}'), ['not_json', { a: 2 }]);
  assert.deepEqual(whole('{"a":[1}\n{"a":2}'), ['not_json', { a: 2 }]);
  assert.deepEqual(whole('no JSON {"a":1}\n{"a":2}'), ['not_json', { a: 2 }]);
  assert.deepEqual(whole('[{"a":1}, 7, "x", {"a":2}]'), [{ a: 1 }, 'not_json', 'not_json', { a: 2 }]);
  assert.deepEqual(whole('[\n{"a":"cut\n},\n{"a":2}\n]').at(-1), { a: 2 });
  assert.deepEqual(whole('{"events":[{"a":1}]\n{"a":2}\n{"a":3}'), [{ a: 1 }, 'not_json', { a: 2 }, { a: 3 }]);
});

test('what ends early is truncated', () => {
  assert.deepEqual(whole('{"a":1}\n{"a":'), [{ a: 1 }, 'truncated']);
  assert.deepEqual(whole('[{"a":1}'), [{ a: 1 }, 'truncated']);
});

test('a long or deep record is passed over, not held', () => {
  const long = `{"a":"${'x'.repeat(300)}"}`;
  const deep = `{"a":${'['.repeat(20)}${']'.repeat(20)}}`;
  assert.deepEqual(whole(`${long}\n${deep}\n{"a":1}`), ['too_long', 'too_deep', { a: 1 }]);
  assert.deepEqual(whole(`[${long},${deep},{"a":1}]`), ['too_long', 'too_deep', { a: 1 }]);
  const padded = `{"took":"${'x'.repeat(300)}","hits":{"hits":[{"a":1}]}}`;
  assert.deepEqual(whole(padded), [{ a: 1 }], 'what stands before the list does not count');
});

test('any records, in any layout, cut anywhere, come out whole', () => {
  const record = fc.dictionary(fc.string({ maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 });
  const small = record.filter((value) => JSON.stringify(value, null, 9).length < LIMITS.length && !isWrapper(value));
  const layouts: ((records: object[]) => string)[] = [
    (records) => records.map((value) => JSON.stringify(value)).join('\n'),
    (records) => records.map((value) => JSON.stringify(value, null, 2)).join('\r\n'),
    (records) => JSON.stringify(records),
    (records) => JSON.stringify(records, null, 2),
    (records) => JSON.stringify({ took: 1, hits: { total: 3, hits: records } }),
    (records) => JSON.stringify({ expected: records }, null, 1),
  ];
  const cases = fc.tuple(
    fc.array(small, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...layouts),
    fc.array(fc.nat(400)),
  );
  fc.assert(
    fc.property(cases, ([records, layout, cuts]) => {
      const pieces = piecesOf(layout(records), cuts);
      assert.deepEqual(
        pieces.map(({ text, broken }) => broken ?? JSON.parse(text)),
        records.map((value) => JSON.parse(JSON.stringify(value))),
      );
    }),
    { numRuns: 500 },
  );
});

const isWrapper = (value: object): boolean =>
  ['hits', 'expected', 'events', 'Records'].some((name) => Object.hasOwn(value, name));

test('no text makes it throw, or give more than it took', () => {
  const noise = fc.array(
    fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', 'a', ' ', '\0', 'hits', 'events'),
  );
  fc.assert(
    fc.property(noise, (parts) => {
      const text = parts.join('');
      const given = piecesOf(text).reduce((sum, piece) => sum + piece.text.length, 0);
      assert.ok(given <= text.length);
    }),
    { numRuns: 2_000 },
  );
});

function linesOf(chunks: readonly string[], maxLength = 10): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(maxLength, (line) => lines.push(line));
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return lines;
}

test('lines end with LF or CRLF, wherever they are cut', () => {
  const lines = linesOf(['on', 'e\r', '\ntwo\n\n', 'three']);
  assert.deepEqual(
    lines.map(({ number, text }) => [number, text]),
    [
      [1, 'one'],
      [2, 'two'],
      [4, 'three'],
    ],
  );
});

test('a line that is too long gives its beginning, and the next goes on', () => {
  const lines = linesOf(['abc', 'defghijkl', 'mnopqrstuv', 'wx\nnext\n']);
  assert.deepEqual(lines, [
    { number: 1, text: 'abcdefghij', isTooLong: true },
    { number: 2, text: 'next', isTooLong: false },
  ]);
});
