import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clausesOf, every, some } from '../../queries/compile/query.js';
import { type FieldKind, toQuery } from '../../queries/compile/search.js';
import {
  all,
  any,
  atLeast,
  contains,
  equals,
  exists,
  type Filter,
  not,
  oneOf,
  startsWith,
} from '../../queries/filter.js';
import { contactGroups, records } from '../../queries/records.js';

const fields: Readonly<Record<string, readonly FieldKind[]>> = {
  word: ['keyword'],
  text: ['other'],
  number: ['number'],
  both: ['keyword', 'number'],
  flag: ['boolean'],
  address: ['ip'],
};
const kinds = (field: string): ReadonlySet<FieldKind> => new Set(fields[field] ?? []);
const queryOf = (filter: Filter) => toQuery(filter, kinds);
const NOTHING = { match_none: {} };
const EVERYTHING = { match_all: {} };
const there = (field: string) => ({ exists: { field } });

test('leaves, each as its field can be asked', () => {
  assert.deepEqual(queryOf(equals('word', 'a')), { terms: { word: ['a'] } });
  assert.deepEqual(queryOf(oneOf('word', 'a', 1, true)), { terms: { word: ['a', 1, true] } });
  assert.deepEqual(queryOf(startsWith('word', 'a*')), { prefix: { word: { value: 'a*' } } });
  assert.deepEqual(queryOf(contains('word', 'a*\\?')), { wildcard: { word: { value: '*a\\*\\\\\\?*' } } });
  assert.deepEqual(queryOf(atLeast('number', 5)), { range: { number: { gte: 5 } } });
  assert.deepEqual(queryOf(exists('text')), there('text'));
});

test('values that a field can not hold are not asked for', () => {
  assert.deepEqual(queryOf(oneOf('number', 'ECONNREFUSED', '-111')), { terms: { number: ['-111'] } });
  assert.deepEqual(queryOf(equals('number', '')), NOTHING);
  assert.deepEqual(queryOf(oneOf('flag', 'yes', true)), { terms: { flag: [true] } });
  assert.deepEqual(queryOf(oneOf('address', 'x', '::', '10.0.0.0/8')), { terms: { address: ['::'] } });
});

test('what a field can not say is a superset, and under not a subset', () => {
  for (const filter of [equals('text', 'a'), startsWith('text', 'a'), contains('text', 'a'), atLeast('word', 1)]) {
    assert.deepEqual(queryOf(filter), there((filter as { field: string }).field));
    assert.deepEqual(queryOf(not(filter)), EVERYTHING);
    assert.deepEqual(queryOf(not(not(filter))), queryOf(filter));
  }
  assert.deepEqual(queryOf(oneOf('both', 'a', 1)), there('both'));
  assert.deepEqual(queryOf(oneOf('both', 1)), { terms: { both: [1] } });
  assert.deepEqual(queryOf(equals('number', '18446744073709551505')), there('number'));
});

test('fields that no index knows fold away', () => {
  assert.deepEqual(queryOf(exists('nowhere')), NOTHING);
  assert.deepEqual(queryOf(not(exists('nowhere'))), EVERYTHING);
  assert.deepEqual(queryOf(all(exists('word'), not(equals('nowhere', 1)))), there('word'));
  assert.deepEqual(queryOf(any(exists('word'), equals('nowhere', 1))), there('word'));
  assert.deepEqual(queryOf(all(exists('word'), exists('nowhere'))), NOTHING);
  assert.deepEqual(queryOf(all()), EVERYTHING);
  assert.deepEqual(queryOf(any()), NOTHING);
});

test('no queries at all are no condition for all, and nothing for any', () => {
  assert.deepEqual(every(), EVERYTHING);
  assert.deepEqual(some(), NOTHING);
  assert.deepEqual(some(there('a'), EVERYTHING), EVERYTHING);
  assert.deepEqual(every(there('a'), NOTHING), NOTHING);
});

test('what hunts ask of all takes half of the 1,024 clauses of an engine, also where each counts twice', () => {
  const allKnown = () => new Set<FieldKind>(['keyword']);
  const own = Object.values(records).filter((filter) => 'kind' in filter);
  for (const filter of [...own, ...contactGroups.map((group) => group.records)])
    assert.ok(clausesOf(toQuery(filter, allKnown)) < 260);
});
