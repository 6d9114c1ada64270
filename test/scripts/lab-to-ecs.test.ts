import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EcsDocument, readText } from '../../queries/document.js';
import { auditd } from '../../queries/integrations/auditd.js';
import { matches } from '../../queries/matches.js';
import { LabEvent, labToEcs, parseHosts, parseLines } from '../../scripts/lab-to-ecs.js';

const hosts = new Map([['box', '10.77.0.9']]);

const base = { host: 'box', pid: 20, ppid: 10, auid: 2001, uid: 0, exe: '/usr/bin/nc', comm: 'nc', exit: 0 };
const exec = (serial: number, more: Partial<Extract<LabEvent, { kind: 'exec' }>> = {}): LabEvent => ({
  ...base,
  kind: 'exec',
  ts: 1_800_000_000.25,
  serial,
  args: ['nc', '-zv', '10.77.0.101', '22'],
  ...more,
});
const connect = (exit: number): LabEvent => ({
  ...base,
  kind: 'connect',
  ts: 1_800_000_000.5,
  serial: 9,
  exit,
  family: 'inet',
  dest_ip: '10.77.0.101',
  dest_port: 22,
});

const only = (events: LabEvent[]): EcsDocument => labToEcs(events, hosts).at(-1)!;

test('a launch knows its host, its arguments and its parent', () => {
  const shell = exec(1, { pid: 10, ppid: 1, exe: '/usr/bin/bash', comm: 'bash', args: ['bash', '-c', 'loop'] });
  const [, document] = labToEcs([shell, exec(2)], hosts);
  assert.ok(document && matches(auditd.documents, document) && matches(auditd.launch!, document));
  assert.equal(document['@timestamp'], '2027-01-15T08:00:00.250Z');
  assert.deepEqual(document['host.ip'], ['10.77.0.9']);
  assert.equal(document['process.command_line'], 'nc -zv 10.77.0.101 22');
  assert.equal(document['process.parent.executable'], '/usr/bin/bash');
  assert.equal(document['process.parent.command_line'], 'bash -c loop');
  assert.equal(document['user.audit.id'], '2001');
});

test('a launch that failed is no launch, and its pid keeps the program it ran', () => {
  const [first, failed, after] = labToEcs([exec(1), exec(2, { exit: -2 }), connect(0)], hosts);
  assert.ok(failed && !matches(auditd.launch!, failed));
  assert.equal(failed['auditd.data.exit'], 'ENOENT');
  assert.equal(after?.['process.entity_id'], first?.['process.entity_id']);
});

test('a pid that becomes another program is another process', () => {
  const [first, second] = labToEcs([exec(1), exec(2)], hosts);
  assert.notEqual(first?.['process.entity_id'], second?.['process.entity_id']);
});

test('a connect is a contact with the outcome of its errno', () => {
  const { begun, refused, unanswered, accepted } = auditd.contact!;
  for (const [exit, outcome] of [
    [0, accepted],
    [-111, refused],
    [-113, unanswered],
    [-115, undefined],
  ] as const) {
    const document = only([connect(exit)]);
    assert.ok(matches(begun, document));
    const found = [refused, unanswered, accepted].filter((filter) => matches(filter!, document));
    assert.deepEqual(found, outcome ? [outcome] : []);
    assert.equal(readText(document, 'destination.port'), '22');
  }
});

test('raw and packet sockets are seen, others are not', () => {
  const socket = (family: 'inet' | 'inet6' | 'packet', sock_type: string): LabEvent => ({
    ...base,
    kind: 'socket',
    ts: 1,
    serial: 3,
    exit: 3,
    family,
    sock_type,
  });
  for (const [family, type] of [
    ['inet', 'raw'],
    ['inet6', 'raw'],
    ['packet', 'raw'],
    ['packet', 'dgram'],
    ['packet', '10'],
  ] as const)
    assert.ok(matches(auditd.rawSocket!, only([socket(family, type)])), `${family} ${type}`);
  assert.ok(!matches(auditd.rawSocket!, only([socket('inet', 'dgram')])));
});

test('a container is named, an unknown host is not', () => {
  assert.equal(only([exec(1, { container_id: 'abc' })])['container.id'], 'abc');
  const unknown = only([exec(1, { host: null })]);
  assert.ok(!('host.name' in unknown) && !('container.id' in unknown));
});

test('a broken line is named with file, line and field', () => {
  const text = `${JSON.stringify(exec(1))}\n\n${JSON.stringify({ ...exec(2), pid: 'x' })}\n`;
  assert.throws(() => parseLines(text, 'events.ndjson', LabEvent), /events\.ndjson:3: [\s\S]*pid/);
  assert.throws(() => parseLines('{', 'events.ndjson', LabEvent), /events\.ndjson:1: not JSON/);
});

test('only lines with an address make a host', () => {
  const text = '{"host":"box","ip":"10.77.0.9","netns":1}\n{"host":"box","listen":22}\n{"container_id":"abc"}\n';
  assert.deepEqual([...parseHosts(text)], [['box', '10.77.0.9']]);
});
