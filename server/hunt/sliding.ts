/** One window that fires: its oldest member, its last, and how many distinct values it holds. */
export type Fire = (start: number, end: number, distinct: number) => void;

/** Members of one population in time order, values as small numbers from 0. */
export interface Population {
  readonly times: readonly number[];
  readonly values: readonly number[];
  /** One more than the largest value. */
  readonly size: number;
}

/**
 * Judges the closed window of `windowMs` that ends at each member: exact distinct counts in one pass. All members of
 * one instant are in the window before it is judged.
 */
export function slideDistinct(population: Population, windowMs: number, threshold: number, fire: Fire): void {
  const { times, values, size } = population;
  if (size < threshold) return;
  const held = new Int32Array(size);
  let distinct = 0;
  let oldest = 0;
  for (let at = 0; at < times.length; at++) {
    const end = times[at]!;
    if (held[values[at]!]!++ === 0) distinct++;
    if (times[at + 1] === end) continue;
    while (times[oldest]! < end - windowMs) if (--held[values[oldest++]!]! === 0) distinct--;
    if (distinct >= threshold) fire(times[oldest]!, end, distinct);
  }
}
