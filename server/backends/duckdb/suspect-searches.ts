import { longestWindowMs, type Plan, windowSecondsOf, withWindows } from '../../../queries/plan.js';
import type { Span } from '../../model/ports.js';

/** So many contacts, counted in all windows at once, fit into the memory that the store may have. */
const CONTACTS_AT_ONCE = 12_000_000;

/** Windows up to these many seconds make many buckets of a span, longer ones few. */
const SHORT_SECONDS = 3_600;

/** Windows of some lengths, and the stretch of time in which those end that are sought at once. */
export interface SuspectSearch {
  plan: Plan;
  span: Span;
}

/**
 * In which parts the windows of a span are sought: all at once where the contacts are few; otherwise short ones in
 * stretches that hold as many as fit, and long ones by themselves, as each stretch reads as far back as they reach.
 */
export function suspectSearches(plan: Plan, span: Span, contacts: number): SuspectSearch[] {
  if (contacts <= CONTACTS_AT_ONCE) return [{ plan, span }];
  const windows = windowSecondsOf(plan.measures);
  const short = windows.filter((seconds) => seconds <= SHORT_SECONDS);
  const long = windows.filter((seconds) => seconds > SHORT_SECONDS);
  const share = CONTACTS_AT_ONCE / contacts;
  return [short, ...long.map((seconds) => [seconds])]
    .filter((some) => some.length > 0)
    .flatMap((some) => {
      const part = withWindows(plan, some);
      const length = Math.max(longestWindowMs(part), Math.floor((span.to - span.from) * share));
      return stretches(span, length).map((stretch) => ({ plan: part, span: stretch }));
    });
}

function stretches({ from, to }: Span, length: number): Span[] {
  const found: Span[] = [];
  for (let at = from; at <= to; at += length) found.push({ from: at, to: Math.min(at + length - 1, to) });
  return found;
}
