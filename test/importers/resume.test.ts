import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { DuckDbDocuments } from '../../server/backends/duckdb/documents.js';
import { DuckDbEvents } from '../../server/backends/duckdb/events.js';
import { Store } from '../../server/backends/duckdb/store.js';
import { Checkpoints } from '../../server/importers/checkpoint.js';
import { importTelemetry } from '../../server/importers/import-telemetry.js';
import type { KindSummary } from '../../server/importers/kind-summary.js';
import type { Batch } from '../../server/model/ports.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { needsData, sharedData } from '../shared-data.js';
import { textSeeds } from './fuzz-seeds.js';
import { zipOf } from './read-text.js';

const BATCH = 2_000;
const BATCHES_A_CHECKPOINT = 4;

/** Records of a Zeek log in JSON, no two alike. */
const records = (count: number, net = 1): string[] =>
  Array.from({ length: Math.ceil(count / 100) }, (_, n) => zeekSweep(100, `10.${net}.${n >> 8}.${n & 255}`))
    .flat()
    .slice(0, count);

/** A store that its tests can stop an import of. */
class Site {
  /** Events that reached the store in the last import. */
  read = 0;

  private constructor(
    private readonly store: Store,
    readonly folder: string,
  ) {}

  static async open(t: TestContext): Promise<Site> {
    const site = new Site(await Store.open(), mkdtempSync(join(tmpdir(), 'scanhound-')));
    t.after(async () => {
      await site.store.close();
      rmSync(site.folder, { recursive: true });
    });
    return site;
  }

  write(name: string, content: string | Buffer): string {
    writeFileSync(join(this.folder, name), content);
    return join(this.folder, name);
  }

  /**
   * @param batches after which the import is stopped
   * @param isCrash the last of them is stored, and nothing tells of those since the last checkpoint
   */
  async import(path: string, batches = Number.POSITIVE_INFINITY, isCrash = false): Promise<KindSummary | undefined> {
    const inner = new DuckDbEvents(this.store, Date.now);
    const stop = new AbortController();
    this.read = 0;
    let appended = 0;
    const append = async (batch: Batch) => {
      if (appended === batches) throw new Error('stopped'); // it is given before the one before is stored
      appended += 1;
      const isLast = appended === batches;
      const result = await inner.append(batch);
      this.read += batch.events.length;
      if (isLast) stop.abort(new Error('stopped'));
      return result;
    };
    const checkpoints = new Checkpoints(new DuckDbDocuments(this.store));
    const save = checkpoints.save.bind(checkpoints);
    let saved = 0;
    checkpoints.save = async (...given) => {
      saved += 1;
      if (isCrash && saved === Math.ceil(batches / BATCHES_A_CHECKPOINT)) throw new Error('stopped');
      await save(...given);
    };
    try {
      const { kinds, failure } = await importTelemetry([path], { append }, { checkpoints, signal: stop.signal });
      assert.equal(failure, undefined);
      assert.ok(kinds.length <= 1);
      return kinds[0];
    } catch (error) {
      assert.match(String(error), /stopped/);
      return undefined;
    }
  }

  /** What is stored, in order of the records. */
  async stored(): Promise<string[]> {
    const rows = await this.store.all('SELECT original FROM originals ORDER BY original');
    return rows.map(({ original }) => String(original));
  }
}

/** Files of kinds that are gone on with, by how many events they hold. */
const files: Readonly<Record<string, (lines: readonly string[]) => Buffer>> = {
  'plain text': (lines) => Buffer.from(`${lines.join('\n')}\n`),
  gzip: (lines) => gzipSync(`${lines.join('\n')}\n`),
  'UTF-16 without an end': (lines) => Buffer.from(`\ufeff${lines.join('\r\n')}`, 'utf16le'),
};
const zeekHead = textSeeds.find(({ format }) => format === 'Zeek text logs')!.head;
const zeekLines = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => `1700000000.5\tC${n}\t10.1.1.1\t${n}\t10.1.1.9\t22\ttcp\tS0\tS`);

for (const [kind, pack] of Object.entries(files))
  for (const [format, lines] of [
    ['JSON', records(9_000)],
    ['Zeek text', [...zeekHead, ...zeekLines(9_000)]],
  ] as const)
    test(`an import goes on where it was stopped: ${format}, ${kind}`, async (t) => {
      const undisturbed = await Site.open(t);
      const whole = await undisturbed.import(undisturbed.write('a', pack(lines)));
      assert.equal(whole?.stored, 9_000);
      const expected = await undisturbed.stored();
      for (const batches of [1, 4]) {
        const site = await Site.open(t);
        const path = site.write('a', pack(lines));
        assert.equal(await site.import(path, batches), undefined);
        const rest = await site.import(path);
        assert.equal(site.read, 9_000 - batches * BATCH, 'only what is behind the checkpoint is read');
        assert.deepEqual(rest, { ...whole, stored: site.read, repeated: batches * BATCH });
        assert.deepEqual(await site.stored(), expected);
      }
    });

test('killed before a checkpoint, what was stored since the last one is read again and stored once', async (t) => {
  const lines = records(15_000);
  for (const [batches, read] of [
    [2, 13_000],
    [4, 13_000],
    [5, 5_000],
  ] as const) {
    const site = await Site.open(t);
    const path = site.write('a', lines.join('\n'));
    await site.import(path, 1);
    await site.import(path, batches, true);
    const rest = await site.import(path);
    assert.equal(site.read, read);
    const repeated = (1 + batches) * BATCH;
    assert.deepEqual([rest?.records, rest?.stored, rest?.repeated], [15_000, 15_000 - repeated, repeated]);
    assert.deepEqual(await site.stored(), lines.toSorted());
  }
});

test('a finished file is not read again, and told with the counts it had', async (t) => {
  const site = await Site.open(t);
  const bad = records(1)[0]!
    .replace('10.0.0.10', 'nowhere')
    .replace(/10\.1\.0\.0/, 'nobody');
  const noise = ['noise', '{"other":1}', '{"ts":1,"_path":"weird","uid":"CsQ7Yx2Ab3"}', bad];
  const lines = [...records(10), ...noise];
  for (const [name, content] of [
    ['a', `${lines.join('\n')}\n`],
    ['b', `[${lines.join(',\n')}]`],
    ['c.gz', gzipSync(lines.join('\n'))],
    ['d.zip', zipOf({ x: lines.join('\n') })],
  ] as const) {
    const path = site.write(name, content);
    const first = await site.import(path);
    const again = await site.import(path);
    assert.equal(site.read, 0, name);
    assert.deepEqual(again, { ...first, stored: 0, repeated: first!.stored + first!.repeated }, name);
  }
});

test('a Windows event log that is finished is not read again', needsData, async (t) => {
  const site = await Site.open(t);
  const path = join(sharedData ?? '', 'evtx-attack-samples/DE_sysmon-3-rdp-tun.evtx');
  const first = await site.import(path);
  assert.deepEqual(await site.import(path), { ...first, stored: 0, repeated: first?.stored });
  assert.equal(site.read, 0);
});

test('an array is begun anew, and its stored batches are known again', async (t) => {
  const site = await Site.open(t);
  const path = site.write('a', `[${records(5_000).join(',\n')}]`);
  await site.import(path, 1);
  const rest = await site.import(path);
  assert.deepEqual([site.read, rest?.stored, rest?.repeated], [5_000, 3_000, 2_000]);
});

test('of a file that has grown only what is new is read', async (t) => {
  const site = await Site.open(t);
  const lines = records(2_300);
  const [cut, rest] = [lines[2_200]!.slice(0, 50), lines[2_200]!.slice(50)];
  const path = site.write('a', `${lines.slice(0, 2_100).join('\n')}\n`);
  await site.import(path);
  for (const [more, read] of [
    [`${lines.slice(2_100, 2_200).join('\n')}\n${cut}`, 100],
    [`${rest}\n${lines[2_201]}`, 2],
    [`\n${lines.slice(2_202).join('\n')}\n`, 98],
  ] as const) {
    appendFileSync(path, more);
    await site.import(path);
    assert.equal(site.read, read);
  }
  assert.deepEqual(await site.stored(), lines.toSorted());
});

test('a last line of text without an end is read, and known again once it has one', async (t) => {
  const site = await Site.open(t);
  const lines = zeekLines(50);
  const path = site.write('conn.log', [...zeekHead, ...lines.slice(0, 10)].join('\n'));
  await site.import(path);
  assert.equal((await site.stored()).length, 10);
  appendFileSync(path, `\n${lines.slice(10, 20).join('\n')}\n${lines[20]!.slice(0, 20)}`);
  const grown = await site.import(path);
  assert.deepEqual([site.read, grown?.rejected], [11, { truncated: 1 }]);
  appendFileSync(path, `${lines[20]!.slice(20)}\n${lines.slice(21).join('\n')}`);
  const whole = await site.import(path);
  assert.deepEqual([whole?.records, whole?.rejected], [zeekHead.length + 50, {}]);
  assert.deepEqual(await site.stored(), lines.toSorted());
});

test('a file that is another by its size, time or beginning is read anew', async (t) => {
  const site = await Site.open(t);
  const [one, two, three] = [records(50), records(50, 2), records(60, 3)];
  const path = site.write('a', `${one.join('\n')}\n`);
  await site.import(path);
  site.write('a', `${two.join('\n')}\n`);
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  const same = await site.import(path);
  assert.deepEqual([same?.stored, same?.repeated], [50, 0]);
  site.write('a', `${three.join('\n')}\n`);
  assert.equal((await site.import(path))?.stored, 60);
  site.write('a', `${three.slice(0, 20).join('\n')}\n`);
  assert.deepEqual([(await site.import(path))?.records, site.read], [20, 20]);
});

test('a file that turns out to be of another format once it has grown is read anew', async (t) => {
  const site = await Site.open(t);
  const syslog = textSeeds.find(({ format }) => format === 'iptables/nftables (syslog)')!.lines;
  const path = site.write('messages', `${syslog.join('\n')}\n`);
  await site.import(path);
  const { lines } = textSeeds.find(({ format }) => format === 'Sysmon for Linux (syslog)')!;
  appendFileSync(path, `${lines.join('\n')}\n`);
  const grown = await site.import(path);
  assert.deepEqual([grown?.kind, grown?.records, grown?.stored], ['Sysmon for Linux (syslog)', 4, 2]);
});

test('a packed file that is larger and yet holds less is read anew', async (t) => {
  const site = await Site.open(t);
  const lines = records(3_000);
  const path = site.write('a.gz', gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
  await site.import(path);
  const fewer = `${lines.slice(0, 2_500).join('\n')}\n`;
  site.write('a.gz', gzipSync(fewer, { level: 0 }));
  const anew = await site.import(path);
  assert.deepEqual([anew?.records, site.read], [2_500, 2_500]);
});

test('stopped and grown at random, all is stored once, as in one import', async (t) => {
  const lines = records(12_000);
  const text = `${lines.join('\n')}\n`;
  const step = fc.record({
    upTo: fc.integer({ min: lines[0]!.length, max: text.length }),
    batches: fc.integer({ min: 1, max: 4 }),
    isCrash: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
      const site = await Site.open(t);
      const path = site.write('a', '');
      let length = 0;
      for (const { upTo, batches, isCrash } of steps) {
        if (upTo > length) appendFileSync(path, text.slice(length, upTo));
        length = Math.max(length, upTo);
        await site.import(path, batches, isCrash);
        if (isCrash) await site.import(path, batches); // it grows later: the last batch of a file is another one then
      }
      appendFileSync(path, text.slice(length));
      const { records: total, stored = 0, repeated = 0, rejected } = (await site.import(path))!;
      assert.deepEqual([total, stored + repeated, rejected], [12_000, 12_000, {}]);
      const kept = await site.stored();
      assert.equal(kept.length, 12_000);
      assert.deepEqual(new Set(kept), new Set(lines));
    }),
    { numRuns: 8 },
  );
});
