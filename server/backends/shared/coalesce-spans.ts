import type { Span } from '../../model/ports.js';

/** More spans cost more queries than reading what lies between them. */
const MOST_SPANS = 16;
const NEAR_MS = 2 * 86_400_000;

/** Few spans that hold all of these, which come in order of their starts: the widest gaps stay, all others close. */
export function coalesceSpans(spans: readonly Span[]): Span[] {
  let end = Number.NEGATIVE_INFINITY;
  const gaps = spans.map(({ from, to }) => {
    const gap = from - end;
    end = Math.max(end, to);
    return gap;
  });
  const widest = gaps.filter((gap) => gap > NEAR_MS).sort((a, b) => b - a);
  const least = widest[MOST_SPANS - 1] ?? NEAR_MS;
  const joined: Span[] = [];
  spans.forEach((span, index) => {
    const last = joined.at(-1);
    if (last && gaps[index]! <= least) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  });
  return joined;
}
