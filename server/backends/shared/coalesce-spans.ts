import type { Span } from '../../model/ports.js';

/** More spans cost more queries than reading what lies between them. */
const MOST_SPANS = 16;
/** So near that what lies between is hunted with them. */
const NEAR_MS = 2 * 86_400_000;

/**
 * Few spans that hold all of these, which come in order of their starts: the widest gaps stay, all others close.
 *
 * @param nearMs gaps up to this close anyway
 */
export function coalesceSpans(spans: readonly Span[], nearMs = NEAR_MS): Span[] {
  let end = Number.NEGATIVE_INFINITY;
  const gaps = spans.map(({ from, to }) => {
    const gap = from - end;
    end = Math.max(end, to);
    return gap;
  });
  const widest = gaps.filter((gap) => gap > nearMs).sort((a, b) => b - a);
  const least = widest[MOST_SPANS - 1] ?? nearMs;
  const joined: Span[] = [];
  spans.forEach((span, index) => {
    const last = joined.at(-1);
    if (last && gaps[index]! <= least) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  });
  return joined;
}
