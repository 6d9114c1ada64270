import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Answer, assertWhole } from '../../../server/backends/search/whole.js';

const whole: Answer = { timed_out: false, _shards: { total: 3, successful: 3, failed: 0 } };
const bucket = (bound: number) => ({ buckets: [{ key: 'a', doc_count: 1 }], doc_count_error_upper_bound: bound });

test('whole answers pass', () => {
  for (const answer of [
    whole,
    { ...whole, terminated_early: true },
    { ...whole, _clusters: { total: 2, successful: 2, skipped: 0, partial: 0, failed: 0 } },
    { ...whole, aggregations: { subjects: { ...bucket(0), sum_other_doc_count: 7 } } },
  ])
    assertWhole(answer);
});

test('whatever an answer lacks makes it an error that says so', () => {
  const lacking: [RegExp, Answer][] = [
    [/out of time/, { ...whole, timed_out: true }],
    [/1 of 3 shards/, { ...whole, _shards: { total: 3, successful: 2, failed: 1 } }],
    [/1 of 3 shards/, { ...whole, _shards: { total: 3, successful: 2, failed: 0 } }],
    [/no shard/, { ...whole, _shards: { total: 0, successful: 0, failed: 0 } }],
    [/1 clusters/, { ...whole, _clusters: { skipped: 1 } }],
    [/1 clusters/, { ...whole, _clusters: { partial: 1 } }],
    [/1 clusters/, { ...whole, _clusters: { failed: 1 } }],
    [/aggregations\.subjects lacks terms/, { ...whole, aggregations: { subjects: bucket(1) } }],
    [/lacks terms/, { ...whole, aggregations: { subjects: bucket(-1) } }],
    [/lacks terms/, { ...whole, aggregations: { days: { buckets: [{ key: 1, subjects: bucket(2) }] } } }],
  ];
  for (const [message, answer] of lacking)
    assert.throws(() => assertWhole(answer), { code: 'ENGINE_ANSWER_INCOMPLETE', message });
});
