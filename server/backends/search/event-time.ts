import { every, none, type Query, some } from '../../../queries/compile/query.js';
import type { Span } from '../../model/ports.js';
import { coalesceSpans } from '../shared/coalesce-spans.js';

/** A field that tells an event's time: `event.start` where the document has it, else `@timestamp`. */
export type Stamp = 'event.start' | '@timestamp';

/** Documents whose time this field tells. */
export const stampedBy = (stamp: Stamp): Query => {
  const hasStart = { exists: { field: 'event.start' } };
  return stamp === 'event.start' ? hasStart : every(none(hasStart), { exists: { field: '@timestamp' } });
};

/** What lies between is read with them. */
const NEAR_MS = 3_600_000;

/** Few enough spans for a query that hold all of these. */
export const fewSpans = (spans: readonly Span[]): Span[] =>
  coalesceSpans(
    spans.toSorted((one, other) => one.from - other.from),
    NEAR_MS,
  );

/** Documents whose time lies in one of the spans. */
export const within = (stamps: readonly Stamp[], spans: readonly Span[]): Query =>
  some(...stamps.map((stamp) => withinBy(stamp, spans)));

/** Those of them whose time this field tells. */
export const withinBy = (stamp: Stamp, spans: readonly Span[]): Query =>
  every(stampedBy(stamp), some(...spans.map((span) => timeRange(stamp, span))));

/** The last time that an index of nanoseconds can hold. */
const LATEST_MS = Date.UTC(2262, 0, 1);

/** Whole milliseconds, floored: the last one is in to its end. */
export const timeRange = (field: string, { from, to }: Span): Query => ({
  range: {
    [field]: {
      gte: Math.min(Math.max(from, 0), LATEST_MS),
      lt: Math.min(Math.max(to + 1, 0), LATEST_MS),
      format: 'epoch_millis',
    },
  },
});
