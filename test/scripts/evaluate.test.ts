import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isOf, type KnownScan, type Sighting } from '../../scripts/evaluate/known-scan.js';
import { LAB_SETS, OFFSETS_MS } from '../../scripts/evaluate/lab.js';
import { shift, timeOf } from '../../scripts/evaluate/telemetry.js';
import { setOf } from '../../scripts/evaluate/truth.js';
import { truthOf } from '../../scripts/evaluate/truth-table.js';
import { type Evaluation, evaluate, readSettings } from '../../scripts/evaluate.js';
import { needsData, sharedData } from '../shared-data.js';

const data = sharedData ?? '';
const settings = readSettings('scripts/evaluate/settings.json');
const missedIn = ({ goals }: Evaluation): string[] => goals.flatMap(({ missed }) => missed);

describe('the evaluation over a handful of files', needsData, () => {
  test('finds the scans of a positive file and keeps quiet on hard negatives', async () => {
    const files = ['slips/vertical-conn.log', 'derived-zeek/ethereum.conn.log.gz', 'derived-zeek/gnutella.conn.log.gz'];
    const evaluation = await evaluate({ data, settings, parts: ['files'], files });
    assert.deepEqual(missedIn(evaluation), []);
    assert.equal(evaluation.files.length, 3);
    assert.ok(evaluation.files.every(({ contacts, refused }) => contacts > 40 && refused === 0));
    assert.deepEqual(
      evaluation.files.flatMap(({ judgement }) => judgement.found.map(({ name }) => name)),
      ['192.168.1.9'],
    );
    const foreignPorts = evaluation.margins.find(
      ({ counts, windowSeconds }) => [counts, windowSeconds].join() === 'failed foreign ports,600',
    );
    assert.equal(foreignPorts?.benign.tuning?.distinct, 7);
    assert.equal(foreignPorts?.least?.distinct, 42);
    assert.equal(evaluation.silenced, 0, 'the settings silence nothing');
  });

  test('finds ten of the lab scans by one network sensor, the same at midnight', async () => {
    const labSets = LAB_SETS.filter(({ name }) => name === 'Zeek TSV' || name === 'EVE').map((set) => ({
      ...set,
      isMeasured: false,
    }));
    const offsetsMs = OFFSETS_MS.slice(-1);
    const evaluation = await evaluate({ data, settings, parts: ['lab'], labSets, offsetsMs });
    assert.deepEqual(missedIn(evaluation), []);
    for (const { name, alone, whole, alerts } of evaluation.lab) {
      const wrong = alone.filter(({ isRight }) => !isRight).map(({ label }) => label.phase);
      assert.deepEqual(wrong, ['p01', 'p05'], `${name}: an ARP sweep leaves no flow, and 8 failed sockets are too few`);
      assert.deepEqual([whole.missed.map((scan) => scan.name), alerts], [['p01'], 3], name);
    }
  });

  test('exits 1 and names the scan when a goal is missed, else 0', () => {
    const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
    try {
      const absurd = join(folder, 'absurd.json');
      writeFileSync(absurd, '{"PortScanThreshold": 60000, "PortRunThreshold": 60000}');
      const command = fileURLToPath(new URL('../../scripts/evaluate.js', import.meta.url));
      const run = (...more: string[]) =>
        spawnSync(process.execPath, [command, '--part', 'files', '--file', 'slips/vertical', ...more], {
          encoding: 'utf8',
        });
      const failed = run('--settings', absurd);
      assert.equal(failed.status, 1, failed.stderr);
      assert.match(failed.stdout, /FAIL .*\(tuning\)/);
      assert.match(failed.stdout, /Missed: .* slips\/vertical-conn\.log: 192\.168\.1\.9, 44 ports of a host/);
      const passed = run('--json');
      assert.equal(passed.status, 0, passed.stderr);
      const { goals, files } = JSON.parse(passed.stdout) as Evaluation;
      assert.ok(goals.length > 5 && goals.every(({ missed }) => missed.length === 0));
      assert.equal(files[0]?.judgement.found.length, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the sample is found by its labels, each scan by its analytic', async () => {
  const evaluation = await evaluate({ data, settings, parts: ['sample'] });
  assert.deepEqual(missedIn(evaluation), []);
  assert.equal(evaluation.labelled[0]?.judgement.found.length, 18);
});

test('an alert is of a scan when machine, time and program are', () => {
  const scan: KnownScan = {
    name: 'scan',
    who: ['ws-1', '10.0.0.7'],
    start: 10_000,
    end: 20_000,
    isGoal: true,
    says: '',
    command: String.raw`C:\Users\Public\wsyncd.exe -sT 10.0.0.1-32`,
  };
  const process = String.raw`c:\users\public\wsyncd.exe`;
  const byProcess: Sighting = {
    subject: { kind: 'process', host: 'id-1', container: '', process },
    hostName: 'ws-1',
    start: 12_000,
    end: 13_000,
  };
  const byAddress: Sighting = { ...byProcess, subject: { kind: 'address', address: '10.0.0.7' }, hostName: null };
  assert.ok(isOf(scan, byProcess) && isOf(scan, byAddress));
  assert.ok(!isOf(scan, { ...byProcess, hostName: 'ws-2' }), 'another host');
  assert.ok(!isOf(scan, { ...byAddress, subject: { kind: 'address', address: '10.0.0.8' } }), 'another address');
  assert.ok(
    !isOf(scan, { ...byProcess, subject: { kind: 'process', host: 'id-1', container: '', process: '/usr/bin/nc' } }),
    'a program that the command does not name',
  );
  assert.ok(isOf(scan, { ...byAddress, start: 22_000, end: 22_000 }), 'two seconds after the end');
  assert.ok(!isOf(scan, { ...byAddress, start: 22_001, end: 23_000 }), 'later');
  assert.ok(isOf(scan, { ...byAddress, start: 1, end: 9_000 }), 'a second before the start');
  assert.ok(!isOf(scan, { ...byAddress, start: 1, end: 8_999 }), 'earlier');
});

test('moved telemetry keeps everything but its times', () => {
  const document = {
    '@timestamp': '1970-01-01T00:00:12.529625Z',
    'event.start': '1970-01-01T00:00:11Z',
    'source.port': 5,
  };
  const event = { document, original: '{}', index: 'a.log', id: '1' };
  const [moved] = shift([event], 86_400_000);
  assert.equal(timeOf(event), 11_000);
  assert.deepEqual(moved, {
    ...event,
    document: {
      '@timestamp': '1970-01-02T00:00:12.529Z',
      'event.start': '1970-01-02T00:00:11.000Z',
      'source.port': 5,
    },
  });
  assert.equal(event.document['@timestamp'], '1970-01-01T00:00:12.529625Z', 'the original stays');
});

test('a file has its own entry before that of its folder', () => {
  assert.equal(truthOf('zat/conn.log')?.kind, 'hard negative');
  assert.equal(truthOf('zat/dns.log')?.kind, 'negative');
  assert.equal(truthOf('nowhere/conn.log'), undefined);
  assert.deepEqual(['slips/a', 'zat/a'].map(setOf), ['tuning', 'kept aside']);
});

test('offsets reach every part of a minute, of ten, of an hour and across midnight', () => {
  assert.equal(OFFSETS_MS.length, 12);
  assert.equal(new Set(OFFSETS_MS.map((offset) => offset % 60_000)).size, 12);
  const firstScan = Date.parse('2026-11-24T03:13:31Z');
  const lastScan = Date.parse('2026-11-24T03:17:47Z');
  const day = (time: number) => Math.floor(time / 86_400_000);
  assert.ok(OFFSETS_MS.some((offset) => day(firstScan + offset) !== day(lastScan + offset)));
});
