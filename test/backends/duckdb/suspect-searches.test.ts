import assert from 'node:assert/strict';
import { test } from 'node:test';
import { longestWindowMs, windowSecondsOf, withWindows } from '../../../queries/plan.js';
import { suspectSearches } from '../../../server/backends/duckdb/suspect-searches.js';
import { plans } from '../../contract/on-telemetry.js';
import { at, DAY, HOUR } from '../../scenarios/times.js';

const plan = plans.linux;
const WEEK = { from: at(0), to: at(7 * DAY) };
const FITS = 12_000_000;

test('what fits into memory is sought whole', () => {
  for (const contacts of [0, FITS]) assert.deepEqual(suspectSearches(plan, WEEK, contacts), [{ plan, span: WEEK }]);
});

test('parts cover the span for windows of each length, without a gap and once', () => {
  for (const contacts of [FITS + 1, 5 * FITS, 1_000 * FITS])
    for (const span of [WEEK, { from: at(1, 1), to: at(3 * DAY, 7) }, { from: at(5), to: at(5) }]) {
      const searches = suspectSearches(plan, span, contacts);
      for (const seconds of windowSecondsOf(plan.measures)) {
        const parts = searches.filter((search) => windowSecondsOf(search.plan.measures).includes(seconds));
        assert.equal(parts[0]?.span.from, span.from);
        assert.equal(parts.at(-1)?.span.to, span.to);
        for (const [place, part] of parts.entries()) {
          assert.ok(part.span.from <= part.span.to);
          if (place > 0) assert.equal(part.span.from, parts[place - 1]!.span.to + 1);
        }
      }
    }
});

test('long windows are sought apart from short ones, and none in stretches shorter than itself', () => {
  const searches = suspectSearches(plan, WEEK, 1_000 * FITS);
  const lengths = new Set(searches.map((search) => windowSecondsOf(search.plan.measures).join(' ')));
  assert.deepEqual([...lengths], ['60 600 3600', '86400']);
  for (const { plan: part, span } of searches)
    assert.ok(span.to === WEEK.to || span.to - span.from + 1 >= longestWindowMs(part));
  const inOne = suspectSearches(plan, { from: at(0), to: at(HOUR - 1) }, 1_000 * FITS);
  assert.equal(inOne.length, 2, 'a span no longer than the windows is whole');
});

test('a plan of short windows, or of long ones, makes no parts without windows', () => {
  for (const seconds of [60, DAY]) {
    const searches = suspectSearches(withWindows(plan, [seconds]), WEEK, 2 * FITS);
    assert.ok(searches.length > 1);
    for (const search of searches) assert.deepEqual(windowSecondsOf(search.plan.measures), [seconds]);
  }
});
