import type { Span, Touched } from './ports.js';

/** The spans in order, those that overlap or come within `nearMs` joined. */
export function joinSpans(spans: readonly Span[], nearMs: number): Span[] {
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last && span.from <= last.to + nearMs) last.to = Math.max(last.to, span.to);
    else joined.push({ ...span });
  }
  return joined;
}

export const clampSpan = ({ from, to }: Span, bounds: Span): Span => ({
  from: Math.max(from, bounds.from),
  to: Math.min(to, bounds.to),
});

export const widenSpan = ({ from, to }: Span, beforeMs: number, afterMs: number): Span => ({
  from: from - beforeMs,
  to: to + afterMs,
});

export const isWithin = (time: number, { from, to }: Span): boolean => time >= from && time <= to;

export const covers = (whole: Span, part: Span): boolean => whole.from <= part.from && whole.to >= part.to;

export const overlaps = (one: Span, other: Span, slackMs = 0): boolean =>
  one.from <= other.to + slackMs && other.from <= one.to + slackMs;

/** A span as if all in it had arrived just now. */
export const wholly = (span: Span): Touched => ({ ...span, parts: [span] });
