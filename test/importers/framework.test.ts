import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Formats } from '../../server/importers/detect.js';
import { type JsonFormat, Rejected, type TextFormat } from '../../server/importers/format.js';
import { readSources } from '../../server/importers/read-sources.js';
import { RejectFile } from '../../server/importers/reject-file.js';
import { AppError } from '../../server/model/app-error.js';
import { gather, readText, zipOf } from './read-text.js';

const json: JsonFormat = {
  name: 'numbers',
  recognizes: (record) => Object.hasOwn(record, 'n'),
  toDocuments: ({ n }) => {
    if (n === 'bad') throw new Rejected('no_time', 'n is bad');
    return typeof n === 'number' ? Array.from({ length: n }, (_, place) => ({ n, place })) : [];
  },
};

/** Joins two lines to one document. */
const text: TextFormat = {
  name: 'pairs',
  recognizes: (head) => head.startsWith('#pairs'),
  open: () => {
    let held: string | undefined;
    const join = (line: string) => {
      const pair = held;
      held = pair === undefined ? line : undefined;
      return pair === undefined ? [] : [{ document: { pair: pair + line }, original: `${pair}\n${line}` }];
    };
    return {
      line: (line) => {
        if (line === 'bad') throw new Rejected('not_this_format', 'bad line');
        return line.startsWith('#') ? [] : join(line);
      },
      end: () => (held === undefined ? [] : join('')),
      header: () => (held === undefined ? [] : undefined),
    };
  },
};

const formats: Formats = { json: [json], text: [text] };
const read = (content: string | Buffer) => readText(content, formats);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scanhound-'));
});
after(() => rm(folder, { recursive: true }));
const file = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

test('JSON records become events that know where they stand', async () => {
  const { events, results } = await read('{"n":1}\n{"n":2}\n{"n":0}\n{"other":1}\n');
  assert.deepEqual(
    events.map(({ document, original, index, id }) => [document.place, original, index, id]),
    [
      [0, '{"n":1}', '-', '1'],
      [0, '{"n":2}', '-', '2'],
      [1, '{"n":2}', '-', '2'],
    ],
  );
  assert.deepEqual(results, [
    { file: '-', state: 'read', formats: ['numbers'], records: 4, events: 3, ignored: 1, unknown: 1, rejected: {} },
  ]);
});

test('records on one line have ids of their own', async () => {
  const { events } = await read('[{"n":1},{"n":1},\n{"n":1}]');
  assert.deepEqual(
    events.map(({ id }) => id),
    ['1', '1:2', '2'],
  );
});

test('hits, elasticdump lines and bulk bodies give index and id', async () => {
  const hit = '{"_index":"logs","_id":"a","_score":1,"_source":{"n":1}}';
  for (const content of [hit, `{"hits":{"hits":[${hit}]}}`, '{"create":{"_index":"logs","_id":"a"}}\n{"n":1}\n']) {
    const { events, results } = await read(content);
    assert.deepEqual([events[0]?.index, events[0]?.id], ['logs', 'a']);
    assert.deepEqual(events[0]?.document, { n: 1, place: 0 });
    assert.equal(results[0]?.records, 1);
  }
});

test('lines that belong together become one event, what is held at the end too', async () => {
  const { events, rejected, results } = await read('#pairs\na\nbad\r\nb\nc\n');
  assert.deepEqual(
    events.map(({ document, original, id }) => [document.pair, original, id]),
    [
      ['ab', 'a\nb', '4'],
      ['c', 'c\n', '5'],
    ],
  );
  assert.deepEqual(rejected, [{ file: '-', line: 3, reason: 'not_this_format', message: 'bad line', text: 'bad' }]);
  assert.equal(results[0]?.records, 5);
});

test('a rejected record is counted, told and passed by', async () => {
  const { events, rejected, results } = await read('{"n":1}\nnoise\n{"n":"bad"}\n{"n":1}');
  assert.equal(events.length, 2);
  assert.deepEqual(rejected, [
    { file: '-', line: 2, reason: 'not_json', message: 'Not a JSON object', text: 'noise' },
    { file: '-', line: 3, reason: 'no_time', message: 'n is bad', text: '{"n":"bad"}' },
  ]);
  assert.deepEqual(results[0]?.rejected, { not_json: 1, no_time: 1 });
});

test('encodings: UTF-8 with a mark, UTF-16 of both orders, bytes that are no text', async () => {
  const content = '{"n":1,"name":"é"}\r\n';
  const little = Buffer.from(`\uFEFF${content}`, 'utf16le');
  for (const bytes of [Buffer.from(`\uFEFF${content}`), little, Buffer.from(little).swap16()]) {
    assert.equal((await read(bytes)).events[0]?.original, content.trim());
  }
  const broken = await read(Buffer.concat([Buffer.from('{"n":1,"x":"'), Buffer.from([0xff]), Buffer.from('"}')]));
  assert.match(broken.events[0]?.original ?? '', /\uFFFD/);
});

test('batches are bounded, and the same records have the same key wherever they stand', async () => {
  const lines = Array.from({ length: 4_500 }, (_, number) => `{"n":1,"number":${number}}`);
  const first = await gather(readSources([await file('a.json', lines.join('\n'))], { formats }));
  const copy = await gather(readSources([await file('b.json.gz', gzipSync(lines.join('\n')))], { formats }));
  assert.deepEqual(
    first.batches.map(({ events }) => events.length),
    [2_000, 2_000, 500],
  );
  assert.deepEqual(
    first.batches.map(({ key }) => key),
    copy.batches.map(({ key }) => key),
  );
  assert.equal(new Set(first.batches.map(({ key }) => key)).size, 3);
  const large = await read(Array.from({ length: 9 }, () => `{"n":1,"x":"${'x'.repeat(1_000_000)}"}`).join('\n'));
  assert.deepEqual(
    large.batches.map(({ events }) => events.length),
    [4, 4, 1],
  );
});

test('plain, gzip and zip are told by what they hold', async () => {
  const zip = zipOf({ 'one.log': '{"n":1}', 'sub/two.gz': gzipSync('{"n":2}'), 'in.zip': zipOf({ x: '{"n":1}' }) });
  const { events, results, error } = await gather(readSources([await file('archive.log', zip)], { formats }));
  assert.equal(error, undefined);
  assert.equal(events.length, 3);
  assert.deepEqual(
    results.map(({ file: name, state, why }) => [name.slice(folder.length + 1), state, why]),
    [
      ['archive.log!one.log', 'read', undefined],
      ['archive.log!sub/two.gz', 'read', undefined],
      ['archive.log!in.zip', 'unknown', 'a zip inside an archive, which is not opened'],
    ],
  );
  assert.equal(events[0]?.index, `${folder}/archive.log!one.log`);
  const trailed = await gather(
    readSources([await file('trailed.zip', Buffer.concat([zip, Buffer.from('\n')]))], { formats }),
  );
  assert.equal(trailed.events.length, 3, 'a line break behind a zip does no harm');
});

test('a folder is read in order of names; what is unknown is named and skipped', async () => {
  const sub = await mkdtemp(join(folder, 'mixed-'));
  await writeFile(join(sub, 'b.json'), '{"n":2}');
  await writeFile(join(sub, 'a.json'), '{"n":1}');
  await writeFile(join(sub, 'notes.txt'), 'nothing of ours');
  await writeFile(join(sub, 'other.json'), '{"x":1}\nnoise');
  await writeFile(join(sub, 'empty.log'), '');
  const { documents, results, rejected, error } = await gather(readSources([sub, join(sub, '*.json')], { formats }));
  assert.equal(error, undefined);
  assert.deepEqual(rejected, [], 'an unknown file is not rejected line by line');
  assert.deepEqual(
    documents.map(({ n }) => n),
    [1, 2, 2],
  );
  assert.deepEqual(
    results.map(({ file: name, state, why }) => [name.slice(sub.length + 1), state, why]),
    [
      ['a.json', 'read', undefined],
      ['b.json', 'read', undefined],
      ['empty.log', 'unknown', 'empty'],
      ['notes.txt', 'unknown', 'no known format'],
      ['other.json', 'unknown', 'JSON, but no record of a known format'],
    ],
  );
});

test('a named file of unknown kind fails the import, after the others are read', async () => {
  const given = [await file('notes.txt', 'nothing'), await file('good.json', '{"n":1}')];
  const { events, error } = await gather(readSources(given, { formats }));
  assert.equal(events.length, 1);
  assert.ok(error instanceof AppError);
  assert.equal(error.code, 'FORMAT_UNKNOWN');
  assert.match(error.message, /notes\.txt: no known format\. Known formats: numbers, pairs$/);
});

test('a source that is not there fails before anything is read', async () => {
  for (const missing of ['no-such-file.log', `${folder}/*.nothing`]) {
    const { results, error } = await gather(readSources([await file('good.json', '{"n":1}'), missing], { formats }));
    assert.deepEqual(results, []);
    assert.equal(error instanceof AppError && error.code, 'SOURCE_NOT_FOUND');
  }
});

test('progress counts the bytes on disk', async () => {
  const packed = gzipSync(Array.from({ length: 9_999 }, (_, n) => `{"n":0,"x":${Math.sin(n)}}`).join('\n'));
  const calls: [number, number | undefined][] = [];
  const given = [await file('p.gz', packed), await file('p.json', '{"n":1}')];
  await gather(readSources(given, { formats, onProgress: (read, total) => calls.push([read, total]) }));
  assert.deepEqual(calls.at(-1), [packed.length + 7, packed.length + 7]);
});

test('the reject file is made with the first record, and appended to', async () => {
  const path = join(folder, 'rejected.ndjson');
  const rejected = { file: 'a', line: 1, reason: 'not_json', message: 'm', text: 'é' } as const;
  const untouched = new RejectFile(path);
  await untouched.close();
  await assert.rejects(stat(path));
  for (const line of [1, 2]) {
    const rejects = new RejectFile(path);
    await rejects.write({ ...rejected, line });
    await rejects.close();
    assert.equal(rejects.written, 1);
  }
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line)),
    [rejected, { ...rejected, line: 2 }],
  );
});

test('captures and flow exports are named with the way to make records of them', async () => {
  for (const [magic, way] of [
    ['d4c3b2a1', /zeek -C -r .* or Suricata \(suricata/],
    ['4d3cb2a1', /zeek -C -r/],
    ['0a0d0d0a', /zeek -C -r/],
    ['0ca50100', /Filebeat.*nfreplay/],
    ['0ca50200', /Filebeat/],
    ['000a00105f000000', /Filebeat/],
    ['000500015f000000', /Filebeat/],
  ] as const) {
    const { results } = await readText(Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(64)]));
    assert.equal(results[0]?.state, 'unknown');
    assert.match(results[0]?.why ?? '', way);
  }
});
