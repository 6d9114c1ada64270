import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { clausesOf, every, none, type Query, some } from '../../queries/compile/query.js';
import { simplify } from '../../queries/compile/simplify.js';

const LEAVES = ['a', 'b', 'c', 'd', 'e'];
const leaf = (name: string): Query => ({ term: { field: name } });
const [a, b, c] = LEAVES.map(leaf) as [Query, Query, Query];

const { query } = fc.letrec<{ query: Query }>((tie) => {
  const parts = fc.array(tie('query'), { maxLength: 4 });
  return {
    query: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      fc.constantFrom(...LEAVES).map(leaf),
      fc.constantFrom<Query>({ match_all: {} }, { match_none: {} }),
      parts.map((queries): Query => ({ bool: { filter: queries } })),
      parts.map((queries): Query => ({ bool: { must_not: queries } })),
      fc
        .array(tie('query'), { minLength: 1, maxLength: 4 })
        .map((should): Query => ({ bool: { should, minimum_should_match: 1 } })),
      fc
        .tuple(parts, parts, fc.array(tie('query'), { minLength: 1, maxLength: 3 }))
        .map(([filter, must_not, should]): Query => ({ bool: { filter, must_not, should, minimum_should_match: 1 } })),
    ),
  };
});

test('the same documents match, by no more clauses', () => {
  fc.assert(
    fc.property(query, (given) => {
      const simple = simplify(given);
      for (let document = 0; document < 2 ** LEAVES.length; document++)
        assert.equal(isMatch(simple, document), isMatch(given, document), JSON.stringify(simple));
      assert.ok(clausesOf(simple) <= Math.max(1, clausesOf(given)));
      assert.deepEqual(simplify(simple), simple);
    }),
    { numRuns: 2_000 },
  );
});

test('what is asked beside a clause decides it', () => {
  assert.deepEqual(simplify(every(a, every(b, every(a, c)))), { bool: { filter: [a, b, c] } });
  assert.deepEqual(simplify(every(a, some(every(a, b), c))), { bool: { filter: [a, some(c, b)] } });
  assert.deepEqual(simplify(every(some(a, b), some(every(some(b, a), c), a))), every(some(a, b), some(a, c)));
  assert.deepEqual(simplify(every(a, some(a, b))), a);
  assert.deepEqual(simplify(some(a, every(a, b))), a);
  assert.deepEqual(simplify(some(a, every(none(a), b))), some(a, b));
  assert.deepEqual(simplify(every(a, none(a))), { match_none: {} });
  assert.deepEqual(simplify(some(a, none(a))), { match_all: {} });
});

test('opposites stand where an engine asks for them', () => {
  assert.deepEqual(simplify(every(a, none(b), none(c))), { bool: { filter: [a], must_not: [b, c] } });
  assert.deepEqual(simplify(none(none(a))), a);
  assert.deepEqual(simplify(none(every(a, b))), { bool: { must_not: [{ bool: { filter: [a, b] } }] } });
  assert.deepEqual(simplify(some(a, none(b))), some(a, none(b)));
});

/** As an engine reads it: bits of the document tell which leaves hold. */
function isMatch(query: Query, document: number): boolean {
  if ('match_all' in query) return true;
  if ('match_none' in query) return false;
  if ('term' in query) return ((document >> LEAVES.indexOf((query.term as { field: string }).field)) & 1) === 1;
  const { filter = [], must_not = [], should = [] } = query.bool as Record<string, Query[]>;
  const isSo = (part: Query) => isMatch(part, document);
  return filter.every(isSo) && !must_not.some(isSo) && (should.length === 0 || should.some(isSo));
}
