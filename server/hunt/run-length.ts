import type { Fire, Population } from './sliding.js';

/**
 * Judges the closed window that ends at each member by its longest run: first contacts of each value in the window, in
 * time order, strictly ascending or descending. An instant with first contacts of several values has no order: it is a
 * break, and none of them is in a run.
 *
 * A tree over the instants keeps the longest run of what is in the window; a member that enters or leaves costs
 * O(log n), so a scan of 65,535 ports in a window of a day stays cheap.
 */
export function slideRuns(population: Population, windowMs: number, threshold: number, fire: Fire): void {
  const { times, values, size } = population;
  if (size < threshold) return;
  const firsts = new Firsts(times, values, size);
  if (firsts.instants.length < threshold) return;
  const tree = new RunTree(firsts.instants.length);
  let oldest = 0;
  for (let newest = 0; newest < firsts.instants.length; newest++) {
    const end = firsts.instants[newest]!;
    const before = oldest;
    while (firsts.instants[oldest]! < end - windowMs) oldest++;
    const changed = firsts.move(before, oldest, newest);
    for (const instant of changed) tree.set(instant, firsts.active[instant]!, firsts.sum[instant]!);
    if (tree.longest >= threshold) fire(firsts.instants[oldest]!, end, tree.longest);
  }
}

/** Which values have their first contact of the window at which instant, as the window moves. */
class Firsts {
  readonly instants: number[] = [];
  /** How many values have their first contact at an instant, and the sum of those values (of one: itself). */
  readonly active: Int32Array;
  readonly sum: Float64Array;
  private readonly members: { value: number; previous: number; next: number }[][] = [];

  constructor(times: readonly number[], values: readonly number[], size: number) {
    const last = new Int32Array(size).fill(-1);
    const lastMember: ({ next: number } | undefined)[] = new Array(size);
    times.forEach((time, at) => {
      if (this.instants.at(-1) !== time) {
        this.instants.push(time);
        this.members.push([]);
      }
      const instant = this.instants.length - 1;
      const value = values[at]!;
      if (last[value] === instant) return;
      const member = { value, previous: last[value]!, next: -1 };
      const earlier = lastMember[value];
      if (earlier) earlier.next = instant;
      last[value] = instant;
      lastMember[value] = member;
      this.members[instant]!.push(member);
    });
    this.active = new Int32Array(this.instants.length);
    this.sum = new Float64Array(this.instants.length);
  }

  /** Takes instant `newest` in, lets those from `before` up to `oldest` go; gives the instants that changed. */
  move(before: number, oldest: number, newest: number): Set<number> {
    const changed = new Set<number>();
    for (const { value, previous } of this.members[newest]!) if (previous < before) this.add(newest, value, 1, changed);
    for (let gone = before; gone < oldest; gone++)
      for (const { value, next } of this.members[gone]!) {
        this.add(gone, value, -1, changed);
        if (next >= 0 && next <= newest) this.add(next, value, 1, changed);
      }
    return changed;
  }

  private add(instant: number, value: number, by: 1 | -1, changed: Set<number>): void {
    this.active[instant]! += by;
    this.sum[instant]! += by * value;
    changed.add(instant);
  }
}

const BREAK = -1;

/** A segment tree whose nodes know their longest ascending and descending runs at the ends and in all. */
class RunTree {
  private readonly leaves: number;
  private readonly length: Int32Array;
  private readonly first: Int32Array;
  private readonly last: Int32Array;
  private readonly best: Int32Array;
  private readonly up: { prefix: Int32Array; suffix: Int32Array };
  private readonly down: { prefix: Int32Array; suffix: Int32Array };

  constructor(size: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(size, 1)));
    const column = () => new Int32Array(2 * this.leaves);
    this.length = column();
    this.first = column();
    this.last = column();
    this.best = column();
    this.up = { prefix: column(), suffix: column() };
    this.down = { prefix: column(), suffix: column() };
  }

  get longest(): number {
    return this.best[1]!;
  }

  /** `count` values at this leaf: none is empty, one is `value`, more are a break. */
  set(leaf: number, count: number, value: number): void {
    let node = this.leaves + leaf;
    const isValue = count === 1 ? 1 : 0;
    this.length[node] = count === 0 ? 0 : 1;
    this.first[node] = isValue ? value : BREAK;
    this.last[node] = this.first[node]!;
    this.best[node] = isValue;
    for (const { prefix, suffix } of [this.up, this.down]) {
      prefix[node] = isValue;
      suffix[node] = isValue;
    }
    for (node >>= 1; node >= 1; node >>= 1) this.join(node);
  }

  private join(node: number): void {
    const left = 2 * node;
    const right = left + 1;
    if (this.length[left] === 0 || this.length[right] === 0) {
      this.copy(this.length[left] === 0 ? right : left, node);
      return;
    }
    const end = this.last[left]!;
    const begin = this.first[right]!;
    const meet = end !== BREAK && begin !== BREAK;
    this.length[node] = this.length[left]! + this.length[right]!;
    this.first[node] = this.first[left]!;
    this.last[node] = this.last[right]!;
    this.best[node] = Math.max(this.best[left]!, this.best[right]!);
    this.joinRuns(this.up, node, meet && end < begin);
    this.joinRuns(this.down, node, meet && end > begin);
  }

  private joinRuns({ prefix, suffix }: { prefix: Int32Array; suffix: Int32Array }, node: number, meet: boolean): void {
    const left = 2 * node;
    const right = left + 1;
    const isLeftWhole = prefix[left] === this.length[left];
    const isRightWhole = suffix[right] === this.length[right];
    prefix[node] = prefix[left]! + (meet && isLeftWhole ? prefix[right]! : 0);
    suffix[node] = suffix[right]! + (meet && isRightWhole ? suffix[left]! : 0);
    if (meet) this.best[node] = Math.max(this.best[node]!, suffix[left]! + prefix[right]!);
  }

  private copy(from: number, to: number): void {
    for (const column of [this.length, this.first, this.last, this.best]) column[to] = column[from]!;
    for (const { prefix, suffix } of [this.up, this.down]) {
      prefix[to] = prefix[from]!;
      suffix[to] = suffix[from]!;
    }
  }
}
