/**
 * A seeded source of numbers (mulberry32): the same seed gives the same numbers on every machine. Good enough to make
 * telemetry look uneven; no cryptography.
 */
export class Random {
  #state: number;

  private constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A source of its own for each name, so that one activity more leaves the numbers of the others as they were. */
  static of(seed: number, ...names: string[]): Random {
    let hash = 0x811c9dc5; // FNV-1a
    for (const character of [String(seed), ...names].join('\n')) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    }
    return new Random(hash);
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number, both ends included. */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)]!;
  }

  /** The values in another order. */
  shuffle<T>(values: readonly T[]): T[] {
    const mixed = [...values];
    for (let last = mixed.length - 1; last > 0; last--) {
      const other = this.integer(0, last);
      [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
    }
    return mixed;
  }
}
