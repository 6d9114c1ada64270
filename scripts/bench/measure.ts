/** Median of some runs with the least and the most, in the unit they were measured in. */
export interface Spread {
  median: number;
  least: number;
  most: number;
}

export const RUNS = 5;

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)]!, least: sorted[0]!, most: sorted.at(-1)! };
}

/** Milliseconds that `run` takes, five times after one that warms up. */
export async function timed(run: () => Promise<unknown>): Promise<Spread> {
  await run();
  const times: number[] = [];
  for (let time = 0; time < RUNS; time++) {
    const start = performance.now();
    await run();
    times.push(performance.now() - start);
  }
  return spreadOf(times);
}

export const sayMs = ({ median, least, most }: Spread): string =>
  `${saySeconds(median)} s (${saySeconds(least)}–${saySeconds(most)})`;

const saySeconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(milliseconds < 1_000 ? 3 : 2);
