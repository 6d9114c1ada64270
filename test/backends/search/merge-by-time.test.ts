import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeByTime } from '../../../server/backends/search/merge-by-time.js';

async function* pagesOf(pages: readonly (readonly number[])[]) {
  for (const page of pages) yield page.map((time) => ({ time }));
}

async function merged(...streams: (readonly (readonly number[])[])[]): Promise<number[]> {
  const times: number[] = [];
  for await (const page of mergeByTime(streams.map(pagesOf))) times.push(...page.map(({ time }) => time));
  return times;
}

test('streams of any pages are one in time order, nothing lost', async () => {
  assert.deepEqual(await merged(), []);
  assert.deepEqual(await merged([]), []);
  assert.deepEqual(await merged([[1, 2], [], [2, 3]]), [1, 2, 2, 3]);
  assert.deepEqual(await merged([[1, 9], [10]], [[2], [3, 4, 11], [12]]), [1, 2, 3, 4, 9, 10, 11, 12]);
  assert.deepEqual(await merged([[5, 5]], [[5], [5, 6]], [[], []]), [5, 5, 5, 5, 6]);
});
