import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zeekSweep } from '../../api/zeek-sweep.js';
import { textSeeds } from '../fuzz-seeds.js';
import { WatchSite } from './watch-site.js';

const zeekHead = textSeeds.find(({ format }) => format === 'Zeek text logs')!.head;

interface Kind {
  /** The lines that each file begins with. */
  head: readonly string[];
  record: (n: number) => string;
}

/** Logs as programs write them: no two records alike; some begin each file with the same lines. */
const kinds: Record<string, Kind> = {
  json: { head: [], record: (n: number) => zeekSweep(1, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)[0]! },
  zeek: { head: zeekHead, record: (n: number) => `1700000000.5\tC${n}\t10.1.1.1\t4000\t10.1.1.9\t22\ttcp\tS0\tS` },
};

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('write' as const), records: fc.integer({ min: 1, max: 60 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write half a line' as const) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('look' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('die' as const), writings: fc.integer({ min: 1, max: 6 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('rename' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('copy and cut' as const), looks: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pack' as const), looks: fc.boolean() }) },
);

/** One program's log, rotated. */
class Writer {
  readonly written: string[] = [];
  private half = '';
  private files = 0;
  private unpacked: string[] = [];

  constructor(
    private readonly path: string,
    private readonly kind: Kind,
    private readonly first: number,
  ) {
    this.begin();
  }

  write(count: number): void {
    for (let n = 0; n < count; n += 1) {
      const record = this.kind.record(this.first + this.written.length);
      appendFileSync(this.path, `${record.slice(this.half.length)}\n`);
      this.half = '';
      this.written.push(record);
    }
  }

  writeHalf(): void {
    const half = this.kind.record(this.first + this.written.length).slice(0, 30);
    appendFileSync(this.path, half.slice(this.half.length));
    this.half = half;
  }

  rename(): void {
    this.endLine();
    renameSync(this.path, this.rotated());
    this.begin();
  }

  async copyAndCut(meanwhile: () => Promise<void>): Promise<void> {
    this.endLine();
    copyFileSync(this.path, this.rotated());
    await meanwhile();
    truncateSync(this.path);
    this.begin();
  }

  async pack(meanwhile: () => Promise<void>): Promise<void> {
    const path = this.unpacked.shift();
    if (path === undefined) return;
    writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
    await meanwhile();
    rmSync(path);
  }

  endLine(): void {
    if (this.half !== '') this.write(1);
  }

  private rotated(): string {
    this.files += 1;
    const path = `${this.path}.${this.files}`;
    this.unpacked.push(path);
    return path;
  }

  private begin(): void {
    if (!existsSync(this.path) || this.kind.head.length > 0)
      appendFileSync(this.path, this.kind.head.map((line) => `${line}\n`).join(''));
  }
}

for (const [name, kind] of Object.entries(kinds))
  test(`${name}: however logs are written, rotated and looked at, and whenever the service dies, each record is stored once`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), step), { maxLength: 40 }), async (steps) => {
        const after: (() => Promise<void>)[] = [];
        const site = await WatchSite.open({ after: (end) => void after.push(async () => (end as () => void)()) });
        try {
          const writers = [0, 1].map((n) => new Writer(site.path(`${n}.log`), kind, n * 100_000));
          const looking = (looks: boolean) => () => site.look(looks ? 1 : 0);
          for (const [which, one] of steps) {
            const writer = writers[which]!;
            if (one.do === 'write') writer.write(one.records);
            else if (one.do === 'write half a line') writer.writeHalf();
            else if (one.do === 'look') await site.look();
            else if (one.do === 'die') await site.lookAndDie(one.writings);
            else if (one.do === 'restart') site.restart();
            else if (one.do === 'rename') writer.rename();
            else if (one.do === 'copy and cut') await writer.copyAndCut(looking(one.looks));
            else await writer.pack(looking(one.looks));
          }
          for (const writer of writers) writer.endLine();
          await site.look(3);
          assert.deepEqual(await site.stored(), writers.flatMap(({ written }) => written).sort());
          assert.deepEqual(site.problems, []);
        } finally {
          for (const end of after) await end();
        }
      }),
      { numRuns: 60 },
    );
  });
