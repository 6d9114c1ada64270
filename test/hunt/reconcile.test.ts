import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Head, reachBeyond, reconcile, type StoredEpisode } from '../../server/hunt/reconcile.js';
import { EPISODE_GAP_MS, type FoundEpisode } from '../../server/model/episode.js';

const found = (start: number, end: number): FoundEpisode => ({ start, end, measures: [] });
const stored = (id: string, start: number, end: number, state: StoredEpisode['state'] = 'standing'): StoredEpisode => ({
  ...{ id, anchor: start, start, end, state },
});
const head = (...episodes: StoredEpisode[]): Head => ({
  ...{ analytic: 'AN1058', subject: 's', first: 0, last: 0, episodes },
});
const ALL = { from: 0, to: 10_000 };
const told = ({ episodes }: Head): string[] =>
  episodes.map(({ id, start, end, state }) => `${id} ${start}-${end} ${state}`);

test('what is new gets an id of its anchor, and keeps it when it grows', () => {
  const first = reconcile(head(), [found(100, 200)], ALL);
  const id = first.head.episodes[0]?.id ?? '';
  assert.match(id, /^[0-9a-f]{32}$/);
  assert.deepEqual(told(first.head), [`${id} 100-200 standing`]);
  assert.deepEqual([first.head.first, first.head.last], [100, 200]);
  const grown = reconcile(first.head, [found(50, 300)], ALL);
  assert.deepEqual(told(grown.head), [`${id} 50-300 standing`]);
  assert.equal(grown.head.episodes[0]?.anchor, 100);
});

test('the one stored first absorbs the others', () => {
  const { head: after } = reconcile(head(stored('b', 500, 600), stored('a', 100, 200)), [found(100, 600)], ALL);
  assert.deepEqual(told(after), ['b 100-600 standing', 'a 100-200 merged']);
  assert.equal(after.episodes[1]?.mergedInto, 'b');
});

test('of a split the earliest keeps the id', () => {
  const { head: after, written } = reconcile(head(stored('a', 100, 600)), [found(500, 600), found(100, 200)], ALL);
  assert.deepEqual(told(after), ['a 100-200 standing', `${after.episodes[1]?.id} 500-600 standing`]);
  assert.equal(written[0]?.stored.id, 'a');
});

test('of which nothing is found is withdrawn, within the span only; what is found again comes back', () => {
  const before = head(stored('a', 100, 200), stored('b', 20_000, 20_100));
  const gone = reconcile(before, [], ALL);
  assert.deepEqual(told(gone.head), ['a 100-200 withdrawn', 'b 20000-20100 standing']);
  assert.deepEqual(told(reconcile(gone.head, [], ALL).head), told(gone.head));
  assert.deepEqual(reconcile(gone.head, [], ALL).withdrawn, []);
  assert.deepEqual(told(reconcile(gone.head, [found(150, 160)], ALL).head)[0], 'a 150-160 standing');
});

test('parts that touch at midnight are not one', () => {
  const { head: after } = reconcile(head(stored('a', 100, 199)), [found(100, 199), found(200, 300)], ALL);
  assert.equal(after.episodes.length, 2);
  assert.equal(after.episodes[0]?.id, 'a');
});

test('an id that is taken moves on', () => {
  const idAt = (start: number) => reconcile(head(), [found(start, start)], ALL).head.episodes[0]!.id;
  const before = head(stored(idAt(100), 5_000, 6_000));
  const { head: after } = reconcile(before, [found(100, 200)], { from: 0, to: 1_000 });
  assert.equal(after.episodes[1]?.id, idAt(101));
});

test('what reaches over the edges must be read', () => {
  const span = { from: EPISODE_GAP_MS, to: 2 * EPISODE_GAP_MS };
  assert.deepEqual(reachBeyond(span, [], [], 1_000), span);
  assert.deepEqual(reachBeyond(span, [stored('a', 0, span.from)], [], 1_000), { ...span, from: 0 });
  assert.deepEqual(reachBeyond(span, [stored('a', 0, span.from, 'merged')], [], 1_000), span);
  assert.deepEqual(reachBeyond(span, [stored('a', 5 * EPISODE_GAP_MS, 6 * EPISODE_GAP_MS)], [], 1_000), span);
  assert.deepEqual(reachBeyond(span, [], [found(span.from, span.to)], 1_000), {
    from: 0,
    to: 3 * EPISODE_GAP_MS + 1_000,
  });
});
