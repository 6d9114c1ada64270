import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnType, type TableName, tables } from '../../mappings/duckdb/tables.js';
import { type Rows, rowFields, toRows, UnusableDocument } from '../../mappings/rows.js';
import type { EcsDocument } from '../../queries/document.js';
import { Cast } from '../scenarios/cast.js';
import { auditConnect, auditExit, auditRawSocket, auditStart } from '../scenarios/telemetry/auditd.js';
import { defendConnection, defendStart } from '../scenarios/telemetry/defend.js';
import { ecsConnection } from '../scenarios/telemetry/ecs.js';
import { eveArp, eveFlow, eveMdns, zeekArp, zeekConn, zeekMdns } from '../scenarios/telemetry/sensors.js';
import { securityConnection, sysmonConnection, sysmonName, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, iso } from '../scenarios/times.js';

const machine = new Cast(0).machine();
const program = '/usr/bin/nc';
const attempt = { at: at(0), machine, program, to: '10.0.0.9', port: 22 };
const flow = { at: at(0), from: '10.0.0.1', to: '10.0.0.9', port: 22 };

/** One document of every kind that makes rows. */
const documents: readonly EcsDocument[] = [
  zeekConn(flow),
  zeekConn({ at: at(0), from: '10.0.0.1', to: '10.0.0.9' }),
  zeekMdns(at(0), '10.0.0.1', '_ssh._tcp.local'),
  zeekArp(at(0), '10.0.0.1', '10.0.0.2'),
  eveFlow(flow),
  eveMdns(at(0), '10.0.0.1', '_ssh._tcp.local'),
  eveArp(at(0), '10.0.0.1', '10.0.0.2', 'reply'),
  auditStart({ at: at(0), machine, program, args: '-zv x 1', parent: { program: '/bin/sh', pid: 1 } }),
  auditConnect(attempt),
  auditRawSocket({ at: at(0), machine, program }),
  auditExit({ at: at(0), machine, program }),
  sysmonStart({ at: at(0), machine, program, originalName: 'a.exe' }),
  sysmonConnection(attempt),
  sysmonName({ at: at(0), machine, program, name: 'x.test' }),
  securityConnection({ ...attempt, isBlocked: true }),
  defendStart({ at: at(0), machine, program }),
  defendConnection({ ...attempt, container: 'c' }),
  ecsConnection({ ...attempt, from: '10.0.0.1', namespaces: ['a', 'b'] }),
];

const NOW = at(0);
const rowsOf = (document: EcsDocument): Rows => toRows(document, 7n, NOW);
const kindsOf = (rows: Rows): string[] =>
  Object.entries(rows).flatMap(([kind, some]) => (kind === 'holders' ? [] : some.map(() => kind)));
const contactOf = (document: EcsDocument) => rowsOf(document).contacts[0];

/** Every cell is of its column's type, and the row has exactly the table's columns. */
function assertWritable(rows: Rows): void {
  for (const [table, some] of Object.entries(rows))
    for (const row of some as Record<string, unknown>[]) {
      const columns: Readonly<Record<string, ColumnType>> = tables[table as TableName];
      assert.deepEqual(Object.keys(row).sort(), Object.keys(columns).sort(), table);
      for (const [name, type] of Object.entries(columns))
        assert.ok(row[name] === null || IS_OF[type](row[name]), `${table}.${name}: ${typeof row[name]}`);
    }
}

const IS_OF: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  BIGINT: (value) => typeof value === 'bigint',
  UHUGEINT: (value) => typeof value === 'bigint' && value >= 0n && value < 1n << 128n,
  INTEGER: (value) => Number.isInteger(value),
  UINTEGER: (value) => Number.isInteger(value) && (value as number) >= 0,
  UTINYINT: (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < 256,
  VARCHAR: (value) => typeof value === 'string',
  BOOLEAN: (value) => typeof value === 'boolean',
  JSON: () => false,
};

/** The paths of all fields, nested or dotted. */
function pathsOf(document: EcsDocument, prefix: readonly string[] = []): string[][] {
  return Object.entries(document).flatMap(([key, value]) => {
    const path = [...prefix, key];
    const isNested = typeof value === 'object' && value !== null && !Array.isArray(value);
    return [path, ...(isNested ? pathsOf(value as EcsDocument, path) : [])];
  });
}

function withValue(document: EcsDocument, [key, ...rest]: readonly string[], value: unknown): EcsDocument {
  const inner = rest.length === 0 ? value : withValue(document[key!] as EcsDocument, rest, value);
  return { ...document, [key!]: inner };
}

/** Whatever JSON can hold, and some that only our own readers could make. */
const WRONG: readonly unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1.5,
  1e300,
  Number.NaN,
  '',
  ' ',
  'x'.repeat(100_000),
  '\u0000\ud800',
  '10.0.0.999',
  '::ffff:10.0.0.9',
  '__proto__',
  [],
  [[]],
  [null],
  [{}],
  ['10.0.0.9', 22, null],
  {},
  { toString: 1, valueOf: 1 },
  [{ toString: 'x' }],
  JSON.parse('{"__proto__": {"ip": "10.6.6.6"}, "constructor": 1}'),
];

test('every kind of document makes rows that its tables take', () => {
  for (const document of documents) {
    const rows = rowsOf(document);
    assert.equal(kindsOf(rows).length, 1, JSON.stringify(document));
    assertWritable(rows);
  }
});

test('whatever stands in a field, a document is read or told to be unusable', () => {
  for (const document of documents)
    for (const path of pathsOf(document))
      for (const value of WRONG)
        try {
          assertWritable(rowsOf(withValue(document, path, value)));
        } catch (error) {
          if (!(error instanceof UnusableDocument))
            throw new Error(`${path.join('.')}: ${String(error)}`, { cause: error });
        }
});

test('a field that is missing is missing, whatever a prototype holds', () => {
  const document = JSON.parse(
    `{"@timestamp":"${iso(at(0))}","__proto__":{"event":{"module":"zeek"},"source":{"ip":"10.6.6.6"}}}`,
  ) as EcsDocument;
  assert.deepEqual(kindsOf(rowsOf(document)), []);
  assert.equal(({} as EcsDocument).source, undefined);
});

test('of a list where one value belongs, the first counts', () => {
  const contact = contactOf({ ...zeekConn(flow), 'destination.ip': ['10.0.0.8', '10.0.0.9'] });
  assert.equal(contact?.destination, '10.0.0.8');
});

const rejects = (name: string, fields: EcsDocument, reason: string) =>
  test(`unusable: ${name}`, () => {
    assert.throws(
      () => rowsOf({ ...zeekConn(flow), ...fields }),
      (error) => error instanceof UnusableDocument && error.reason === reason,
    );
  });
const withoutStart = { 'event.start': undefined };

rejects('no time', { ...withoutStart, '@timestamp': undefined }, 'no_time');
rejects('a time that is none', { ...withoutStart, '@timestamp': 'noon' }, 'no_time');
rejects('a FILETIME of zero', { ...withoutStart, '@timestamp': '1601-01-01T00:00:00Z' }, 'time_out_of_range');
rejects('an epoch of zero', { ...withoutStart, '@timestamp': 0 }, 'time_out_of_range');
rejects('the far future', { 'event.start': iso(NOW + 367 * 86_400_000) }, 'time_out_of_range');
rejects('no destination', { 'destination.ip': undefined }, 'no_address');
rejects('no source and no process', { 'source.ip': undefined }, 'no_address');
rejects('an address with a mask', { 'destination.ip': '10.0.0.0/8' }, 'bad_address');
rejects('an address in octal', { 'source.ip': '010.0.0.1' }, 'bad_address');
rejects('an address of two parts', { 'source.ip': '10.1' }, 'bad_address');
rejects('a port of more than 16 bits', { 'destination.port': 65_536 }, 'bad_port');
rejects('a negative port', { 'destination.port': -1 }, 'bad_port');
rejects('half a port', { 'destination.port': '22.5' }, 'bad_port');
rejects('a port by its name', { 'destination.port': 'ssh' }, 'bad_port');

test('a year ahead is a clock that is off, and is taken', () => {
  assert.equal(contactOf({ ...zeekConn(flow), 'event.start': iso(NOW + 365 * 86_400_000) })?.port, 22);
});

test('the time is that of the start, floored to milliseconds', () => {
  const document = { ...zeekConn(flow), '@timestamp': iso(at(60)), 'event.start': '2025-11-20T13:00:00.123999+01:00' };
  assert.equal(contactOf(document)?.time, BigInt(at(0, 123)));
});

test('addresses are compared in one form: IPv4-mapped, zones, upper case', () => {
  const of = (ip: string) => contactOf({ ...zeekConn(flow), 'destination.ip': ip })?.destination;
  assert.equal(of('::FFFF:10.0.0.9'), '10.0.0.9');
  assert.equal(of('::ffff:a00:9'), '10.0.0.9');
  assert.equal(of('fe80::1%eth0'), 'fe80::1');
  assert.equal(of('2001:DB8:0:0:0:0:0:1'), '2001:db8::1');
  const mapped = contactOf({ ...zeekConn(flow), 'source.ip': '::ffff:10.0.0.1' });
  assert.equal(mapped?.subject, '["address","10.0.0.1"]');
});

test('port 0 is none, and so are the ports of ICMP', () => {
  assert.equal(contactOf({ ...zeekConn(flow), 'destination.port': 0 })?.port, null);
  assert.equal(contactOf({ ...zeekConn(flow), 'destination.port': '0' })?.port, null);
  const echo = { ...zeekConn({ at: at(0), from: '10.0.0.1', to: '10.0.0.9' }), 'destination.port': 8 };
  assert.equal(contactOf(echo)?.port, null);
});

test('what reaches nobody in particular is no contact', () => {
  const reached = (to: string, transport: 'tcp' | 'udp' = 'tcp') =>
    kindsOf(rowsOf(zeekConn({ ...flow, to, transport }))).length;
  for (const to of [
    '224.0.0.251',
    '239.255.255.250',
    '255.255.255.255',
    '0.0.0.0',
    '::',
    'ff02::fb',
    '::ffff:224.0.0.1',
  ])
    assert.equal(reached(to), 0, to);
  assert.equal(reached('10.0.0.255', 'udp'), 0);
  assert.equal(reached('10.0.0.255'), 1);
  assert.equal(reached('10.0.255.1', 'udp'), 1);
});

test('arguments are kept to a length, joined by one space', () => {
  const start = auditStart({ at: at(0), machine, program });
  const [launch] = rowsOf({ ...start, 'process.args': ['nc', 7, 'x'.repeat(100_000)] }).launches;
  assert.equal(String(launch?.arguments).length, 32_768);
  assert.match(String(launch?.arguments), /^nc 7 x+$/);
});

test('whether a person did it is told of a process, not of a flow', () => {
  const asService = (document: EcsDocument) => contactOf({ ...document, 'host.os.type': 'linux', 'user.id': '33' });
  assert.equal(asService(ecsConnection({ ...attempt, from: '10.0.0.1' }))!.context, 'daemon');
  assert.equal(asService(zeekConn(flow))!.context, null);
});

test("a process is its host's, a flow and an inbound record its source's", () => {
  assert.equal(contactOf(auditConnect(attempt))?.subject, `["process","${machine.id}","","/usr/bin/nc"]`);
  assert.equal(contactOf(zeekConn(flow))?.subject, '["address","10.0.0.1"]');
  const inbound = sysmonConnection({ ...attempt, from: '10.0.0.7', isInbound: true });
  assert.equal(contactOf(inbound)?.subject, '["address","10.0.0.7"]');
});

test('who holds an address: its host by host.ip and by its own source.ip, never a sensor by a flow', () => {
  const held = (document: EcsDocument) =>
    rowsOf(document).holders.map(({ address, container }) => [address, container]);
  assert.deepEqual(held(sysmonConnection({ ...attempt, from: '10.0.0.7' })), [
    ['10.0.0.7', ''],
    [machine.ip, ''],
    ['fe80::1', ''],
  ]);
  assert.deepEqual(held(zeekConn(flow)), []);
  assert.deepEqual(held(sysmonConnection({ ...attempt, from: '10.0.0.7', isInbound: true })), [
    [machine.ip, ''],
    ['fe80::1', ''],
  ]);
});

test('rows are told from the named fields alone', () => {
  const named = new Set(rowFields);
  const parts = new Set(
    rowFields.flatMap((field) => field.split('.').map((_, end, names) => names.slice(0, end + 1).join('.'))),
  );
  for (const document of documents) {
    const asked = new Set<string>();
    const watched = new Proxy(document, {
      getOwnPropertyDescriptor: (target, name) => {
        asked.add(String(name));
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    toRows(watched, 0n, at(0));
    for (const path of asked) assert.ok(named.has(path) || parts.has(path), path);
  }
});
