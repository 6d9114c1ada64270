import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { read as readField } from '../../queries/document.js';
import type { TextFormat } from '../../server/importers/format.js';
import { jsonFormats } from '../../server/importers/formats.js';
import { readSources } from '../../server/importers/read-sources.js';
import { AppError } from '../../server/model/app-error.js';
import { gather, readText, zipOf } from './read-text.js';

const record = (fields: object = {}): string =>
  JSON.stringify({
    '@timestamp': '2026-01-31T12:00:00.000Z',
    event: { kind: 'event', category: ['network'] },
    source: { ip: '10.1.1.1' },
    destination: { ip: '10.1.1.2', port: 22 },
    ...fields,
  });
const records = (count: number): string => Array.from({ length: count }, (_, n) => record({ n })).join('\n');

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanhound-'));
});
after(() => rm(folder, { recursive: true }));
async function readFileOf(name: string, content: Buffer) {
  await writeFile(join(folder, name), content);
  return gather(readSources([join(folder, name)]));
}

test('binary garbage is of unknown kind', async () => {
  const { events, results, error } = await readText(randomBytes(300_000));
  assert.deepEqual(events, []);
  assert.equal(results[0]?.state, 'unknown');
  assert.equal(error instanceof AppError && error.code, 'FORMAT_UNKNOWN');
});

test('binary garbage in the middle of a file costs its lines', async () => {
  const garbage = Buffer.from('\0\0\0\x01\x02{[[["\n\0\xff\xfe{"a":\0}\n', 'latin1');
  const { events, results } = await readText(
    Buffer.concat([Buffer.from(`${record()}\n`), garbage, Buffer.from(record())]),
  );
  assert.equal(events.length, 2);
  assert.deepEqual(results[0]?.rejected, { binary: 2 });
});

test('half a gzip gives what is in it, and says so', async () => {
  const packed = gzipSync(Array.from({ length: 5_000 }, (_, n) => record({ n, noise: Math.sin(n) })).join('\n'));
  const { events, rejected, results, error } = await readFileOf('half.gz', packed.subarray(0, packed.length >> 1));
  assert.equal(error, undefined);
  assert.ok(events.length > 2_000 && events.length < 3_000, `${events.length} events`);
  assert.deepEqual(results[0]?.rejected, { truncated: 1 });
  assert.equal(rejected[0]?.line, events.length + 1);
  const tiny = await readFileOf('tiny.gz', gzipSync(records(3)).subarray(0, -9));
  assert.ok(tiny.events.length >= 2, 'nothing that came out is lost');
});

test('a damaged gzip gives what stands before the damage', async () => {
  const packed = gzipSync(Array.from({ length: 20_000 }, (_, n) => record({ n, noise: Math.sin(n) })).join('\n'));
  packed.fill(0xff, packed.length >> 1, (packed.length >> 1) + 64);
  const { events, results } = await readFileOf('damaged.gz', packed);
  assert.ok(events.length > 5_000, `${events.length} events`);
  assert.ok((results[0]?.rejected.truncated ?? 0) >= 1);
});

test('a gzip in which nothing is left is unreadable', async () => {
  const { results, error } = await readFileOf('none.gz', gzipSync(records(3)).subarray(0, 12));
  assert.equal(results[0]?.state, 'unreadable');
  assert.equal(error instanceof AppError && error.code, 'SOURCE_UNREADABLE');
});

test('a broken member of a zip leaves the others', async () => {
  const zip = zipOf({ 'a.json': records(3_000), 'b.json': records(2) });
  zip.fill(0xff, 5_000, 5_100);
  const { results, error } = await readFileOf('broken.zip', zip);
  assert.equal(error, undefined);
  assert.equal(results.length, 2);
  assert.ok((results[0]?.rejected.truncated ?? 0) >= 1);
  assert.equal(results[1]?.events, 2);
});

test('half a zip is unreadable, one without files too, and a zip needs a file', async () => {
  const zip = zipOf({ 'a.json': records(3) });
  const half = await readFileOf('half.zip', zip.subarray(0, -30));
  const empty = await readFileOf('empty.zip', zipOf({ 'folder/': '' }));
  for (const { results, error } of [half, empty, await readText(zip)]) {
    assert.equal(results[0]?.state, 'unreadable');
    assert.equal(error instanceof AppError && error.code, 'SOURCE_UNREADABLE');
  }
});

const lines: TextFormat = {
  name: 'lines',
  recognizes: (head) => head.startsWith('line'),
  open: () => ({ line: (text) => [{ document: { text } }], end: () => [], header: () => [] }),
};

test('a line of 50 MB is passed over, in JSON and in text', async () => {
  for (const [good, open, close] of [
    [record(), '{"a":"', '"}'],
    ['line', 'long line ', ''],
  ] as const) {
    async function* stream(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${good}\n${open}`);
      const piece = Buffer.alloc(1_000_000, 'x');
      for (let count = 0; count < 50; count += 1) yield piece;
      yield Buffer.from(`${close}\n${good}\n`);
    }
    const { events, rejected } = await readText(stream(), { json: jsonFormats, text: [lines] });
    assert.deepEqual(
      rejected.map(({ line, reason, text }) => [line, reason, text.length]),
      [[2, 'too_long', 2_000]],
    );
    assert.deepEqual(
      events.map(({ id, original }) => [id, original]),
      [
        ['1', good],
        ['3', good],
      ],
    );
  }
});

test('deep nesting is told and passed by', async () => {
  const deep = (open: string, close: string) => `{"a":${open.repeat(100_000)}${close.repeat(100_000)}}`;
  const { rejected, events } = await readText([record(), deep('[', ']'), deep('{"a":', '}'), record()].join('\n'));
  assert.equal(events.length, 2);
  assert.deepEqual(
    rejected.map(({ reason }) => reason),
    ['too_deep', 'too_deep'],
  );
  const unclosed = await readText('['.repeat(5_000_000));
  assert.equal(unclosed.results[0]?.state, 'unknown');
});

test('odd times, addresses and ports pass the reader; the rows judge them', async () => {
  const odd = [
    { '@timestamp': '1601-01-01T00:00:00.000Z' },
    { '@timestamp': '9999-12-31T23:59:59.999Z' },
    { source: { ip: 'fe80::1%eth0' }, destination: { ip: '::ffff:10.1.1.2' } },
    { source: { ip: ['10.1.1.1', 7] }, destination: null },
    { destination: { ip: {}, port: 'ssh' } },
  ];
  const { documents } = await readText(odd.map(record).join('\n'));
  assert.equal(documents.length, odd.length);
  assert.equal(readField(documents[2] ?? {}, 'destination.ip'), '::ffff:10.1.1.2');
});

test('names of prototypes are names like any other', async () => {
  const content = [
    '{"__proto__":{"@timestamp":"2026-01-31T12:00:00Z","event":{}},"constructor":1}',
    '{"@timestamp":"2026-01-31T12:00:00Z","event":{"kind":"event"},"__proto__":{"polluted":true}}',
    '{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","UtcTime":"2026-01-31 12:00:00","EventData":{"__proto__":{"Image":"x"},"UtcTime":"2026-01-31 12:00:00"}}',
    '{"Event":{"System":{"EventID":5,"Channel":"Sysmon"},"EventData":{"Data":[{"@Name":"__proto__","#text":"x"},{"@Name":"UtcTime","#text":"2026-01-31 12:00:00"}]}}}',
  ].join('\n');
  const { documents, results } = await readText(content);
  assert.equal(results[0]?.unknown, 1);
  assert.equal(documents.length, 3);
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
  assert.equal(documents[1]?.['process.executable'], undefined);
});

test('no JSON value makes a format fail with anything but a rejection', () => {
  const names = ['Event', 'System', 'EventData', 'EventID', 'Channel', 'winlog', 'event_id', 'event_data', 'event'];
  const more = ['@timestamp', 'host', 'name', 'Data', '@Name', '#text', '#attributes', 'SyslogMessage', 'log_name'];
  const key = fc.constantFrom(...names, ...more, '__proto__', 'UtcTime', 'TimeCreated', 'Hashes', 'CommandLine');
  const scalars = ['1', '3', '5156', 'Security', 'Microsoft-Windows-Sysmon/Operational', '2026-01-31 12:00:00', '-'];
  const leaf = fc.oneof(
    fc.constantFrom(...scalars, '<Event><Data Name="x">', '{"a":1}', '{'),
    fc.jsonValue({ maxDepth: 1 }),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.dictionary(key, tie('value'), { maxKeys: 6 }),
      fc.array(tie('value'), { maxLength: 3 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, value, { maxKeys: 8 }), (given) => {
      const object: Record<string, unknown> = JSON.parse(JSON.stringify(given));
      for (const format of jsonFormats) {
        if (!format.recognizes(object)) continue;
        try {
          format.toDocuments(object);
        } catch (error) {
          assert.equal(error instanceof Error && 'reason' in error, true, String(error));
        }
      }
    }),
    { numRuns: 3_000 },
  );
});

test('what stands behind the end of a gzip or of a zip’s member is not waited for', { timeout: 10_000 }, async () => {
  const packed = gzipSync(records(3));
  for (const [behind, count] of [
    [Buffer.alloc(300_000), 3],
    [Buffer.from('\n'), 3],
    [gzipSync(`\n${records(2)}`), 5],
  ] as const) {
    const { events } = await readFileOf('trailed.gz', Buffer.concat([packed, behind]));
    assert.equal(events.length, count);
  }
  await readFileOf('noise.gz', Buffer.concat([packed, randomBytes(300_000)]));
  const zip = zipOf({ 'a.json': records(3), 'b.json': records(2) });
  zip.writeUInt8(0x03, 30 + 'a.json'.length); // a deflate block that ends at once
  const { results } = await readFileOf('early.zip', zip);
  assert.equal(results.length, 2);
});

const descriptors = '/proc/self/fd';

test('a skipped file is closed', { skip: !existsSync(descriptors) && 'no /proc here' }, async () => {
  const sub = await mkdtemp(join(folder, 'many-'));
  const capture = Buffer.concat([Buffer.from('d4c3b2a1', 'hex'), Buffer.alloc(600_000)]);
  for (let n = 0; n < 40; n += 1) await writeFile(join(sub, `${n}.pcap`), capture);
  await writeFile(join(sub, 'captures.zip'), zipOf({ 'a.pcap': capture, 'b.pcap': capture, 'c.json': record() }));
  const before = readdirSync(descriptors).length;
  const { results, events } = await gather(readSources([sub]));
  assert.equal(results.length, 43);
  assert.equal(events.length, 1);
  await new Promise((resolve) => setImmediate(resolve)); // a stream closes its file a turn later
  assert.ok(readdirSync(descriptors).length <= before + 2);
});
