import type { Span } from '../../model/ports.js';

/** Reads a span whole, or, where that does not fit into DuckDB's memory, in halves, down to twice the shortest (ms). */
export async function inHalves<T>(
  span: Span,
  shortestMs: number,
  read: (part: Span) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  try {
    return await read(span);
  } catch (error) {
    const half = Math.floor((span.to - span.from) / 2);
    if (half < shortestMs || !isOutOfMemory(error)) throw error;
    const first = await inHalves({ from: span.from, to: span.from + half }, shortestMs, read);
    return [...first, ...(await inHalves({ from: span.from + half + 1, to: span.to }, shortestMs, read))];
  }
}

export const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && /^Out of Memory/.test(error.message);
