import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EcsDocument } from '../../queries/document.js';
import type { Filter } from '../../queries/filter.js';
import { judgeOf } from '../../queries/judge.js';
import { matches } from '../../queries/matches.js';

const FIELDS = ['a', 'a.b', 'a.b.c', 'b.c', 'c'];
const scalar = fc.constantFrom(
  '',
  ' ',
  '1',
  '22',
  '-0',
  'x',
  'xy',
  'true',
  'NaN',
  0,
  -0,
  1,
  22,
  1.5,
  Number.NaN,
  true,
  false,
);
const field = fc.constantFrom(...FIELDS);
const bound = fc.constantFrom(undefined, 0, 1, 22);

const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ kind: fc.constant('exists' as const), field }),
    fc.record({ kind: fc.constant('equals' as const), field, value: scalar }),
    fc.record({ kind: fc.constant('oneOf' as const), field, values: fc.array(scalar, { maxLength: 3 }) }),
    fc.record({ kind: fc.constant('startsWith' as const), field, prefix: fc.constantFrom('', '2', 'x', 't') }),
    fc.record({ kind: fc.constant('contains' as const), field, text: fc.constantFrom('', '2', 'y', 'u') }),
    fc.tuple(field, bound, bound).map(
      ([name, from, to]): Filter => ({
        kind: 'range',
        field: name,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
      }),
    ),
    fc.record({ kind: fc.constant('not' as const), filter: tie('filter') }),
    fc.record({
      kind: fc.constantFrom('all' as const, 'any' as const),
      filters: fc.array(tie('filter'), { maxLength: 3 }),
    }),
  ),
}));

const value = fc.oneof(
  scalar,
  fc.constantFrom(null, undefined, { toString: 1 }),
  fc.array(fc.oneof(scalar, fc.constantFrom(null, undefined, {}, [1])), { maxLength: 3 }),
);
const { document } = fc.letrec<{ document: EcsDocument }>((tie) => ({
  document: fc.dictionary(fc.constantFrom(...FIELDS), fc.oneof({ depthSize: 'small' }, value, tie('document')), {
    maxKeys: 4,
  }),
}));

test('a judge says of every document what its filter says', () => {
  fc.assert(
    fc.property(filter, fc.array(document, { minLength: 1, maxLength: 5 }), (one, documents) => {
      for (const some of documents) assert.equal(judgeOf(one)(some), matches(one, some));
    }),
    { numRuns: 3_000 },
  );
});

test('a filter has one judge', () => {
  const one: Filter = { kind: 'exists', field: 'a' };
  assert.equal(judgeOf(one), judgeOf(one));
});
