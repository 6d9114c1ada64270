import type { Span, Touched } from '../../model/ports.js';
import { clampSpan, covers } from '../../model/spans.js';
import { subjectKey } from '../../model/subject.js';
import { coalesceSpans } from './coalesce-spans.js';

/** When it is known from now on who holds an address, which was not before. */
export interface NewlyHeld extends Span {
  address: string;
}

/** So many subjects are looked for at less cost than all. */
export const MOST_SUBJECTS = 1_000;

/**
 * What arrivals touch: the times of their events; and a day around of addresses that are newly held, of whose flows alone
 * others may be told now. Of all, where these addresses are many.
 *
 * @param extent of all event times
 */
export function touchedSpans(events: readonly Span[], held: readonly NewlyHeld[], extent: Span): Touched[] {
  const subjects = [...new Set(held.map(({ address }) => subjectKey({ kind: 'address', address })))];
  const areFew = subjects.length <= MOST_SUBJECTS;
  const ofAll = areFew ? events : [...events, ...held];
  const ofSome = areFew ? held : [];
  return fewWithin([...events, ...held], extent).map((span) => {
    const all = fewWithin(ofAll, span);
    const some = fewWithin(ofSome, span).filter((part) => !all.some((one) => covers(one, part)));
    return { ...span, parts: [...all, ...some.map((part) => ({ ...part, subjects }))] };
  });
}

function fewWithin(spans: readonly Span[], bounds: Span): Span[] {
  const inBounds = spans.map((span) => clampSpan(span, bounds)).filter(({ from, to }) => from <= to);
  return coalesceSpans(inBounds.sort((one, other) => one.from - other.from));
}
