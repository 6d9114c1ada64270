const START = Date.UTC(2025, 10, 20, 12);

/** Epoch ms of so many seconds (and ms) after noon of the scenarios' day. */
export const at = (seconds: number, ms = 0): number => START + seconds * 1_000 + ms;

export const iso = (time: number): string => new Date(time).toISOString();

export const repeat = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

/** Numbers below `count` in an order without a run of three: the least, the most, the second least … */
export const scattered = (count: number): number[] =>
  repeat(count, (index) => (index % 2 === 0 ? index / 2 : count - 1 - (index - 1) / 2));

export const MINUTE = 60;
export const HOUR = 3_600;
export const DAY = 86_400;
