import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { readText } from '../../queries/document.js';
import { integrationOf } from '../../queries/integrations/index.js';
import { matches } from '../../queries/matches.js';
import { parseLabels } from '../../scripts/evaluate/labels.js';
import { activitiesOf } from '../../scripts/simulate/activities.js';
import { mergeByTime } from '../../scripts/simulate/merge.js';
import { Office, SIZES } from '../../scripts/simulate/office.js';
import { everyHour, workingDay } from '../../scripts/simulate/pace.js';
import { type SimulationOptions, simulate } from '../../scripts/simulate/run.js';
import { readSources } from '../../server/importers/read-sources.js';

const HOUR = 3_600_000;
const tuesday = Date.parse('2027-02-02T00:00:00Z');
const size = { windows: 12, macs: 3, linux: 18, pods: 20 };

const officeHours: SimulationOptions = { seed: 5, start: tuesday + 9 * HOUR, hours: 1.25, size };

interface Read {
  documents: EcsDocument[];
  formats: Set<string>;
}

/** Reads the telemetry with Scanhound's own importers; every record has to be one of a known kind. */
async function read(options: SimulationOptions, isWanted: (file: string) => boolean = () => true): Promise<Read> {
  async function* text() {
    for (const line of simulate(options))
      if (line.file !== 'labels.ndjson' && isWanted(line.file)) yield Buffer.from(`${line.text}\n`);
  }
  const found: Read = { documents: [], formats: new Set() };
  for await (const step of readSources(['-'], { stdin: text() })) {
    assert.notEqual(step.kind, 'rejected', JSON.stringify(step));
    if (step.kind === 'batch') found.documents.push(...step.batch.events.map(({ document }) => document));
    if (step.kind !== 'file') continue;
    assert.equal(step.result.unknown, 0);
    for (const format of step.result.formats) found.formats.add(format);
  }
  return found;
}

const labelsOf = (options: SimulationOptions) =>
  parseLabels(
    [...simulate(options)]
      .filter(({ file }) => file === 'labels.ndjson')
      .map(({ text }) => text)
      .join('\n'),
    'labels.ndjson',
  );

const isContact = (document: EcsDocument): boolean => {
  const contact = integrationOf(document)?.contact;
  return contact !== undefined && matches(contact.begun, document);
};

const count = (lines: Iterable<unknown>): number => {
  let sum = 0;
  for (const _ of lines) sum++;
  return sum;
};

describe('an office of every kind of machine', async () => {
  const { documents, formats } = await read(officeHours);
  const labels = labelsOf(officeHours);
  const scans = labels.filter(({ kind }) => kind === 'scan');

  test('every record is read, in each format', () => {
    assert.deepEqual([...formats].sort(), ['ECS documents', 'Tetragon', 'Windows events (JSON)', 'Zeek JSON logs']);
  });

  test('every procedure is there, for each analytic', () => {
    const phases = (analytic: string) => scans.filter((one) => one.analytic === analytic).length;
    assert.deepEqual(['AN1057', 'AN1058', 'AN1059', 'AN1060'].map(phases), [9, 8, 3, 4]);
    assert.deepEqual(
      scans.filter(({ beyond }) => beyond !== undefined).map(({ phase }) => phase),
      ['scan-glacial'],
    );
    assert.equal(new Set(labels.map(({ phase }) => phase)).size, labels.length, 'each has a name of its own');
  });

  test('a label covers what its scanner does, and nothing of it lies outside', () => {
    const scanners: readonly (readonly [phase: string, program: RegExp, least: number])[] = [
      ['scan-softperfect', /netscan\.exe$/i, 700],
      ['scan-advanced-ip-scanner', /advanced_ip_scanner\.exe$/i, 900],
      ['scan-netbios', /\\nb\.exe$/i, 250],
      ['scan-ipv6', /nmap\.exe$/i, 100],
      ['scan-split', /svcq\.exe$/i, 24],
      ['scan-kworkerd', /kworkerd$/, 290],
      ['scan-shell', /\/usr\/bin\/bash$/, 120],
      ['scan-netcat', /nc\.openbsd$/, 120],
      ['scan-peirates', /peirates$/, 240],
      ['scan-pod-naabu', /\/app\/health$/, 180],
      ['scan-pod-curl', /\/usr\/bin\/curl$/, 59],
    ];
    for (const [phase, program, least] of scanners) {
      const label = scans.find((one) => one.phase === phase)!;
      const own = documents.filter((one) => isContact(one) && program.test(readText(one, 'process.executable') ?? ''));
      assert.ok(own.length >= least, `${phase}: ${own.length}`);
      for (const document of own) {
        const at = Date.parse(readText(document, '@timestamp')!);
        assert.ok(at >= label.start && at <= label.end, phase);
        assert.equal(readText(document, 'host.name'), label.who, phase);
      }
    }
  });

  test('of raw packets the host tells the launch and the socket, the network the rest', () => {
    const { who, ip, start, end } = scans.find(({ phase }) => phase === 'scan-masscan')!;
    const then = documents.filter((one) => {
      const at = Date.parse(readText(one, '@timestamp')!);
      return at >= start && at <= end;
    });
    const ofProgram = then.filter((one) => /masscan$/.test(readText(one, 'process.executable') ?? ''));
    assert.deepEqual(
      ofProgram.map((one) => [readText(one, 'host.name'), readText(one, 'auditd.data.syscall')]),
      [
        [who, 'execve'],
        [who, 'socket'],
      ],
    );
    assert.ok(then.filter((one) => isContact(one) && readText(one, 'source.ip') === ip).length > 1_000);
  });

  test("the sensor sees a pod under its node's address, and nothing within the cluster", () => {
    const seen = documents.filter((one) => readText(one, 'event.module') === 'zeek');
    assert.ok(seen.every((one) => !/^10\.4[23]\./.test(readText(one, 'source.ip') ?? '')));
    assert.ok(seen.every((one) => !/^10\.4[23]\./.test(readText(one, 'destination.ip') ?? '')));
    assert.ok(seen.filter((one) => readText(one, 'source.ip')?.startsWith('10.20.40.')).length > 180);
  });

  test('what may visit every machine says so', () => {
    const expected = labels.filter((one) => one.expected).map(({ tool }) => tool);
    assert.deepEqual(expected.sort(), ['ansible over ssh', 'check_tcp', 'prometheus']);
    const night = labelsOf({ ...officeHours, start: tuesday + 1.9 * HOUR });
    assert.ok(night.some(({ phase, expected, kind }) => phase === 'scan-allowed' && expected && kind === 'scan'));
    assert.ok(night.some(({ tool, expected }) => tool === 'rsync over ssh' && expected));
  });
});

test('the same seed writes the same office, another seed another', () => {
  const options = { ...officeHours, hours: 1, size: { ...size, linux: 10, pods: 16 } };
  assert.deepEqual([...simulate(options)], [...simulate(options)]);
  assert.notDeepEqual([...simulate(options)], [...simulate({ ...options, seed: 6 })]);
});

test("Zeek's two formats tell the same", async () => {
  const options = { ...officeHours, hours: 1, size: SIZES.small };
  for (const file of ['zeek-conn.log', 'zeek-dns.log']) {
    const json = await read(options, (one) => one === file);
    const text = await read({ ...options, zeek: 'tsv' }, (one) => one === file);
    assert.deepEqual([...text.formats], ['Zeek text logs']);
    assert.ok(json.documents.length > 100);
    assert.deepEqual(text.documents, json.documents);
  }
});

test('at any rate events come in the order of time, as many as it says', () => {
  const events = (rate: number) => {
    const from = tuesday + 9 * HOUR;
    const stage = { office: new Office(size), seed: 5, pace: { rate, presence: everyHour }, from, until: from + HOUR };
    let last = 0;
    let browsed = 0;
    for (const event of mergeByTime(activitiesOf(stage).map((activity) => activity.events))) {
      assert.ok(event.at >= last, `${rate}: ${event.kind}`);
      last = event.at;
      if (event.kind === 'connection' && event.process?.executable.endsWith('msedge.exe')) browsed++;
    }
    return browsed;
  };
  const plain = events(1);
  for (const rate of [0.1, 4.9, 5.1, 60]) {
    const share = events(rate) / plain / rate;
    assert.ok(share > 0.7 && share < 1.4, `${rate}: ${share}`);
  }
});

test('people come in the morning, and hardly any on a Sunday', () => {
  const hour = (start: number) =>
    count([...simulate({ seed: 5, start, hours: 1, presence: workingDay })].filter(({ file }) => /zeek/.test(file)));
  const morning = hour(tuesday + 10 * HOUR);
  const night = hour(tuesday + 2 * HOUR);
  const sunday = hour(tuesday + 5 * 24 * HOUR + 10 * HOUR);
  assert.ok(morning - night > 1_000 && morning - sunday > 1_000, `${morning}, ${night}, ${sunday}`);
  assert.deepEqual(
    [0, 9, 34, 120].map((hours) => workingDay(tuesday + hours * HOUR)),
    [0.02, 1, 1, 0.001],
  );
});

test('every day has its scans', () => {
  const labels = labelsOf({ seed: 5, start: tuesday, hours: 26, presence: workingDay });
  const phases = labels.filter(({ kind }) => kind === 'scan').map(({ phase }) => phase);
  assert.equal(phases.length, 12);
  assert.equal(phases.filter((phase) => phase.endsWith('-2')).length, 6);
});

test('a year of the largest office begins at once: nothing of it is made before it is asked for', () => {
  let seen = 0;
  for (const { text } of simulate({ seed: 5, start: tuesday, hours: 8_784, size: SIZES.large })) {
    assert.ok(text.length > 0);
    if (++seen === 1_000) break;
  }
  assert.equal(seen, 1_000);
});
