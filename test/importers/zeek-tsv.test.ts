import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EcsDocument } from '../../queries/document.js';
import { Rejected } from '../../server/importers/format.js';
import { zeekTsv } from '../../server/importers/zeek.js';

const FIELDS = 'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration conn_state local_orig local_resp';
const header = (fields: string, path = 'conn', more: string[] = []): string[] => [
  '#separator \\x09',
  '#set_separator\t,',
  '#empty_field\t(empty)',
  '#unset_field\t-',
  `#path\t${path}`,
  '#open\t2024-01-01-00-00-00',
  `#fields\t${[...fields.split(' '), ...more].join('\t')}`,
  '#types\ttime\tstring',
];
const row = (...cells: string[]): string => cells.join('\t');
const CONN = row(
  '1700000000.123456',
  'CAbc1',
  '10.0.0.1',
  '40000',
  '10.0.0.2',
  '22',
  'tcp',
  '-',
  '1.5',
  'S0',
  'T',
  'F',
);

const parse = (lines: readonly string[]) => {
  const parser = zeekTsv.open();
  return [...lines.flatMap((line) => parser.line(line)), ...parser.end()].map(({ document }) => document);
};
const valuesOf = (document: EcsDocument) =>
  Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined));
const reason = (lines: readonly string[]): string | undefined => {
  try {
    parse(lines);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Rejected);
    return error.reason;
  }
};

test('a Zeek text log is recognized by its first lines, after other comments too', () => {
  assert.ok(zeekTsv.recognizes([...header(FIELDS), CONN].join('\n')));
  assert.ok(zeekTsv.recognizes('### a note\n#fields\tts\tuid\n'));
  assert.equal(zeekTsv.recognizes('#Fields: date time s-ip\n'), false);
  assert.equal(zeekTsv.recognizes('plain text\n#fields\tts'), false);
  assert.equal(zeekTsv.recognizes('#'), false);
});

test('a conn line becomes the document of the zeek integration', () => {
  assert.deepEqual(parse([...header(FIELDS), CONN]).map(valuesOf), [
    {
      '@timestamp': '2023-11-14T22:13:20.123456Z',
      'event.kind': 'event',
      'event.category': ['network'],
      'event.type': ['connection', 'start'],
      'event.module': 'zeek',
      'event.dataset': 'zeek.connection',
      'event.id': 'CAbc1',
      'event.start': '2023-11-14T22:13:20.123456Z',
      'event.duration': 1_500_000_000,
      'source.ip': '10.0.0.1',
      'source.port': 40_000,
      'destination.ip': '10.0.0.2',
      'destination.port': 22,
      'network.transport': 'tcp',
      'network.direction': 'outbound',
      'zeek.session_id': 'CAbc1',
      'zeek.connection.state': 'S0',
      'zeek.connection.local_orig': true,
      'zeek.connection.local_resp': false,
    },
  ]);
});

test('a header in the middle of a file counts from there on', () => {
  const http = header('ts uid method', 'http');
  const reordered = header('id.resp_p id.resp_h id.orig_p id.orig_h ts proto conn_state');
  const documents = parse([
    ...header(FIELDS),
    CONN,
    '#close\t2024-01-01-01-00-00',
    ...http,
    row('1700000000.000000', 'CAbc2', 'GET'),
    ...reordered,
    row('80', '10.0.0.4', '40001', '10.0.0.3', '1700000001.000000', 'tcp', 'SF'),
  ]);
  assert.deepEqual(
    documents.map((document) => [document['source.ip'], document['destination.port']]),
    [
      ['10.0.0.1', 22],
      ['10.0.0.3', 80],
    ],
  );
});

test('labelled logs, with columns named in the header or not, read like others', () => {
  const [plain] = parse([...header(FIELDS), CONN]);
  assert.deepEqual(parse([...header(FIELDS, 'conn', ['label', 'detailedlabel']), row(CONN, 'Benign', '-')]), [plain]);
  assert.deepEqual(parse([...header(FIELDS), row(CONN, 'Malicious')]), [plain]);
});

test('a log without #path is known by its fields', () => {
  assert.equal(parse(['#separator \\x09', `#fields\t${FIELDS.replaceAll(' ', '\t')}`, CONN]).length, 1);
});

test('another separator, and what it escapes, is read', () => {
  const fields = 'ts,id.orig_h,id.orig_p,id.resp_h,id.resp_p,proto,trans_id,query,AA';
  const [document] = parse([
    '#separator \\x2c',
    '#unset_field,-',
    `#fields,${fields}`,
    '1700000000.5,fe80::1,5353,ff02::fb,5353,udp,0,a\\x2cb\\\\x._ipp._tcp.local,F',
  ]);
  assert.equal(document?.['dns.question.name'], 'a,b\\x._ipp._tcp.local');
  assert.equal(document?.['zeek.dns.AA'], false);
  assert.equal(document?.['network.protocol'], 'mdns');
});

test('ICMP has a type and a code in place of ports', () => {
  const [document] = parse([
    ...header(FIELDS),
    row('1700000000.000000', 'CAbc1', '10.0.0.1', '8', '10.0.0.2', '0', 'icmp', '-', '-', 'OTH', '-', '-'),
  ]);
  assert.equal(document?.['destination.port'], undefined);
  assert.equal(document?.['source.port'], undefined);
  assert.equal(document?.['zeek.connection.icmp.type'], 8);
  assert.equal(document?.['zeek.connection.icmp.code'], 0);
});

test('broken lines are rejected with their reason, and the next one goes on', () => {
  const broken = (column: number, value: string) => CONN.split('\t').with(column, value).join('\t');
  assert.equal(reason([...header(FIELDS), '1700000000.123456\tCAbc1\t10.0.0.1']), 'truncated');
  assert.equal(reason([...header(FIELDS), broken(0, '-')]), 'no_time');
  assert.equal(reason([...header(FIELDS), broken(0, 'XXXXXXXXXX.XXXXXX')]), 'no_time');
  assert.equal(reason([...header(FIELDS), broken(0, '1e300')]), 'time_out_of_range');
  assert.equal(reason([...header(FIELDS), broken(2, 'host.example')]), 'bad_address');
  assert.equal(reason([...header(FIELDS), broken(2, '-')]), 'bad_address');
  assert.equal(reason([...header(FIELDS), broken(5, '65536')]), 'bad_port');
  assert.equal(reason([CONN]), 'not_this_format');
  assert.equal(reason(['#separator \\x09', `#fields${'\tf'.repeat(5000)}`]), 'not_this_format');
  assert.equal(reason(['#separator ']), 'not_this_format');

  const parser = zeekTsv.open();
  for (const line of header(FIELDS)) parser.line(line);
  assert.throws(() => parser.line('cut off'), Rejected);
  assert.equal(parser.line(CONN).length, 1);
});

test('whatever the lines hold, they are read or rejected', () => {
  const cell = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '-', '\\x0', '9'.repeat(400)));
  const line = fc.array(cell, { maxLength: 12 }).map((cells) => cells.join('\t'));
  const fields = fc.array(fc.constantFrom('ts', 'proto', 'conn_state', '__proto__', 'id.orig_h', 'query', 'trans_id'));
  fc.assert(
    fc.property(fields, fc.array(line), (names, lines) => {
      reason(['#separator \\x09', `#fields\t${names.join('\t')}`, ...lines]);
    }),
  );
});
