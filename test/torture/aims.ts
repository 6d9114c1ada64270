/** Which step of the work is to be hit next: always the one that was hit least, until there are enough kills. */
export class Aims {
  private readonly hits: Map<string, number>;
  private readonly underWay: string[] = [];

  /**
   * @param kills how many in all, at least
   * @param each how many in each step, at least
   */
  constructor(
    steps: Iterable<string>,
    private readonly kills: number,
    private readonly each: number,
  ) {
    this.hits = new Map([...steps].map((step) => [step, 0]));
  }

  /** Undefined where there are enough, counted with those under way. */
  next(): string | undefined {
    const step = this.leastHit();
    if (step !== undefined) this.underWay.push(step);
    return step;
  }

  /** Whether nothing is left to be aimed at. */
  areMet(): boolean {
    return this.leastHit() === undefined;
  }

  /** What came of an aim: the step that was hit, if any. */
  came(aim: string, hit: string | undefined): void {
    this.underWay.splice(this.underWay.indexOf(aim), 1);
    if (hit !== undefined) this.hits.set(hit, (this.hits.get(hit) ?? 0) + 1);
  }

  private leastHit(): string | undefined {
    const expected = new Map(this.hits);
    for (const step of this.underWay) expected.set(step, expected.get(step)! + 1);
    const [step, least] = [...expected].reduce((one, other) => (other[1] < one[1] ? other : one));
    const all = [...expected.values()].reduce((sum, count) => sum + count, 0);
    return all >= this.kills && least >= this.each ? undefined : step;
  }
}
