import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { zeekSweep } from '../../api/zeek-sweep.js';
import { textSeeds } from '../fuzz-seeds.js';
import { zipOf } from '../read-text.js';
import { WatchSite } from './watch-site.js';

/** Records of a Zeek log in JSON, no two alike. */
const records = (count: number, net = 1): string[] =>
  Array.from({ length: Math.ceil(count / 100) }, (_, n) => zeekSweep(100, `10.${net}.${n >> 8}.${n & 255}`))
    .flat()
    .slice(0, count);
const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const zeekHead = textSeeds.find(({ format }) => format === 'Zeek text logs')!.head;
const zeekLines = (from: number, to: number): string[] =>
  Array.from(
    { length: to - from },
    (_, n) => `1700000000.5\tC${from + n}\t10.1.1.1\t${from + n}\t10.1.1.9\t22\ttcp\tS0\tS`,
  );

test('of a file that grows only what is new is read, and a half-written line when it is whole', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(30);
  writeFileSync(site.path('conn.log'), text(lines.slice(0, 10)) + lines[10]!.slice(0, 40));
  await site.look(2);
  assert.deepEqual(await site.stored(), lines.slice(0, 10).toSorted());
  appendFileSync(site.path('conn.log'), `${lines[10]!.slice(40)}\n${text(lines.slice(11, 20))}`);
  await site.look(3);
  assert.equal(site.sent, 20, 'nothing is read again');
  site.restart();
  appendFileSync(site.path('conn.log'), text(lines.slice(20)));
  await site.look(2);
  assert.equal(site.sent, 30);
  assert.deepEqual(await site.stored(), lines.toSorted());
  assert.deepEqual(
    await site.places(),
    lines.map((_, n) => `conn.log:${n + 1}`),
  );
  assert.deepEqual(site.problems, []);
});

test('a log that needs its header is read on in mid-file, with the lines that records stand on', async (t) => {
  const site = await WatchSite.open(t);
  mkdirSync(site.path('zeek'));
  writeFileSync(site.path('zeek/conn.log'), text(zeekHead));
  await site.look();
  appendFileSync(site.path('zeek/conn.log'), text(zeekLines(1, 5)));
  await site.look();
  site.restart();
  appendFileSync(site.path('zeek/conn.log'), text(zeekLines(5, 8)));
  await site.look();
  assert.deepEqual(await site.stored(), zeekLines(1, 8).toSorted());
  assert.deepEqual(
    await site.places(),
    zeekLines(1, 8).map((_, n) => `zeek/conn.log:${zeekHead.length + n + 1}`),
  );
});

test('an event of several lines is stored when it is whole', async (t) => {
  const site = await WatchSite.open(t);
  const lines = (serial: number) => [
    `type=SYSCALL msg=audit(1700000000.${serial}:${serial}): arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7f a2=10 a3=0 items=0 ppid=1 pid=77 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=1 comm="nc" exe="/usr/bin/nc" key="net"`,
    `type=SOCKADDR msg=audit(1700000000.${serial}:${serial}): saddr=02000050C0A80001${'0'.repeat(16)}`,
    `type=EOE msg=audit(1700000000.${serial}:${serial}): `,
  ];
  const [first, second] = [lines(101), lines(102)];
  writeFileSync(site.path('audit.log'), text([...first, second[0]!]));
  await site.look(2);
  assert.equal((await site.stored()).length, 1);
  appendFileSync(site.path('audit.log'), text(second.slice(1)));
  await site.look();
  assert.equal(site.sent, 2);
  assert.deepEqual(
    (await site.stored()).map((original) => original.split('\n').length),
    [2, 2],
  );
});

test('a log that is renamed, then packed, goes on under its name, and nothing is stored twice', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(60);
  writeFileSync(site.path('conn.log'), text(lines.slice(0, 10)));
  await site.look();
  appendFileSync(site.path('conn.log'), text(lines.slice(10, 20)));
  renameSync(site.path('conn.log'), site.path('conn.log.1'));
  appendFileSync(site.path('conn.log.1'), text(lines.slice(20, 30)));
  writeFileSync(site.path('conn.log'), text(lines.slice(30, 40)));
  await site.look();
  assert.equal(site.sent, 40);
  site.restart(); // what comes now comes while the service is down
  appendFileSync(site.path('conn.log.1'), text(lines.slice(40, 50)));
  writeFileSync(site.path('conn.log.1.gz'), gzipSync(readFileSync(site.path('conn.log.1'))));
  rmSync(site.path('conn.log.1'));
  appendFileSync(site.path('conn.log'), text(lines.slice(50)));
  await site.look(2);
  assert.equal(site.sent, 60);
  assert.deepEqual(await site.stored(), lines.toSorted());
  site.restart();
  await site.look(2);
  assert.equal(site.sent, 60);
});

test('a log that is copied and cut to nothing goes on, whenever somebody looks', async (t) => {
  for (const looksBetween of [0, 1]) {
    const site = await WatchSite.open(t);
    const lines = records(60);
    writeFileSync(site.path('eve.json'), text(lines.slice(0, 40)));
    await site.look();
    appendFileSync(site.path('eve.json'), text(lines.slice(40, 50)));
    copyFileSync(site.path('eve.json'), site.path('eve.json.1'));
    await site.look(looksBetween);
    truncateSync(site.path('eve.json'));
    appendFileSync(site.path('eve.json'), text(lines.slice(50)));
    await site.look(2);
    assert.equal(site.sent, 60);
    assert.deepEqual(await site.stored(), lines.toSorted());
  }
});

test('of a copy that lacks the last lines that were read nothing is read', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(60);
  writeFileSync(site.path('eve.json'), text(lines.slice(0, 40)));
  await site.look();
  copyFileSync(site.path('eve.json'), site.path('eve.json.1'));
  appendFileSync(site.path('eve.json'), text(lines.slice(40)));
  await site.look();
  truncateSync(site.path('eve.json'));
  await site.look(2);
  site.restart();
  await site.look(2);
  assert.equal(site.sent, 60);
});

test('a copy that goes its own way is read on where it was copied', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(60);
  writeFileSync(site.path('a.json'), text(lines.slice(0, 40)));
  await site.look();
  writeFileSync(site.path('b.json'), text([...lines.slice(0, 40), ...lines.slice(50)]));
  await site.look();
  appendFileSync(site.path('a.json'), text(lines.slice(40, 50)));
  await site.look();
  assert.equal(site.sent, 60);
  assert.deepEqual(await site.stored(), lines.toSorted());
});

test('killed at any writing, with lines that come before the next start: each is stored once', async (t) => {
  for (let writings = 1, isDead = true; isDead; writings += 1) {
    const site = await WatchSite.open(t);
    const lines = records(6_000);
    writeFileSync(site.path('a.json'), text(lines.slice(0, 5_000)));
    writeFileSync(site.path('b.log'), text([...zeekHead, ...zeekLines(0, 2_500)]));
    isDead = await site.lookAndDie(writings);
    appendFileSync(site.path('a.json'), text(lines.slice(5_000)));
    appendFileSync(site.path('b.log'), text(zeekLines(2_500, 2_600)));
    await site.look(2);
    assert.deepEqual(await site.stored(), [...lines, ...zeekLines(0, 2_600)].sort(), `dead at ${writings}`);
  }
});

test('a last line without an end is read when the file is quiet, and known again once it has one', async (t) => {
  const site = await WatchSite.open(t);
  const lines = zeekLines(0, 4);
  writeFileSync(site.path('conn.log'), text([...zeekHead, ...lines.slice(0, 3)]).trimEnd());
  await site.look(3);
  assert.equal((await site.stored()).length, 2);
  site.now += 11 * 60_000;
  await site.look(2);
  assert.equal((await site.stored()).length, 3);
  assert.equal(site.sent, 3);
  site.restart();
  appendFileSync(site.path('conn.log'), `\n${text(lines.slice(3))}`);
  await site.look(2);
  assert.deepEqual(await site.stored(), lines.toSorted());
});

test('a record of JSON needs no end of its line, and a list is read as one', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(20);
  writeFileSync(site.path('a.json'), lines.slice(0, 10).join('\n'));
  writeFileSync(site.path('b.json'), `[\n${lines.slice(10, 15).join(',\n')}`);
  await site.look(2);
  assert.equal(site.sent, 10);
  appendFileSync(site.path('b.json'), `,\n${lines.slice(15).join(',\n')}]`);
  appendFileSync(site.path('a.json'), '\n');
  await site.look(2);
  assert.equal(site.sent, 20);
  assert.deepEqual(await site.stored(), lines.toSorted());
});

test('what can only be read whole is read when it rests, and once', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(30);
  writeFileSync(site.path('a.zip'), zipOf({ 'conn.log': text(lines.slice(0, 10)) }));
  writeFileSync(site.path('b.json'), Buffer.from(`\ufeff${lines.slice(10, 20).join('\r\n')}`, 'utf16le'));
  writeFileSync(site.path('c.json'), `[${JSON.stringify({ pad: 'x'.repeat(9 << 20) })},${lines.slice(20).join(',')}]`);
  await site.look();
  assert.equal(site.sent, 0);
  await site.look(2);
  assert.deepEqual(await site.stored(), lines.toSorted());
  site.restart();
  await site.look(3);
  assert.equal(site.sent, 30);
});

test('what can’t be read is told once, and the rest goes on', async (t) => {
  const site = await WatchSite.open(t);
  const lines = records(5);
  writeFileSync(site.path('a.pcap'), Buffer.concat([Buffer.from('d4c3b2a1', 'hex'), Buffer.alloc(100)]));
  writeFileSync(site.path('b.txt'), 'noise\n');
  writeFileSync(site.path('c.json'), text(['{"other":1}']));
  writeFileSync(site.path('d.json'), text(['{"_path":"conn","ts', ...lines]));
  writeFileSync(site.path('e.gz'), gzipSync(text(records(2_000, 2))).subarray(0, 5_000));
  writeFileSync(site.path('f.json'), '');
  await site.look(4);
  site.restart();
  const said = site.problems.map(({ message }) => message.slice(site.folder.length + 1)).sort();
  assert.equal(said.length, 5, said.join('\n'));
  for (const [n, says] of [
    /^a\.pcap: a packet capture: let Zeek/,
    /^b\.txt: no known format/,
    /^c\.json: JSON, but no/,
    /^d\.json: some records are broken/,
    /^e\.gz: /,
  ].entries())
    assert.match(said[n]!, says);
  const stored = await site.stored();
  for (const line of lines) assert.ok(stored.includes(line));
  assert.ok(stored.length > 5, 'what comes before the damage');
});

test('links are not followed, what is hidden is left out, what can’t be opened is told', async (t) => {
  const site = await WatchSite.open(t);
  const outside = join(site.folder, '../outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'a.json'), text(records(5)));
  symlinkSync(outside, site.path('folder'));
  symlinkSync(join(outside, 'a.json'), site.path('file.json'));
  writeFileSync(site.path('.hidden.json'), text(records(5, 2)));
  writeFileSync(site.path('closed.json'), text(records(5, 3)));
  writeFileSync(site.path('open.json'), text(records(5, 4)));
  chmodSync(site.path('closed.json'), 0);
  await site.look(2);
  const stored = await site.stored();
  assert.deepEqual(stored.filter((line) => records(5, 4).includes(line)).length, 5);
  const isRoot = process.getuid?.() === 0; // nothing is closed to it
  assert.equal(stored.length, isRoot ? 10 : 5);
  assert.equal(site.problems.length, isRoot ? 0 : 1);
});
