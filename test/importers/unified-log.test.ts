import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JsonObject } from '../../server/importers/format.js';
import { nameHash, nameOfHash } from '../../server/importers/mdns-name-hash.js';
import { unifiedLog } from '../../server/importers/unified-log.js';
import { serviceRequestOf } from '../../server/importers/unified-log-mdns.js';
import { judge, rowsOf } from './judge.js';
import { readText } from './read-text.js';

const line = (eventMessage: string, rest: JsonObject = {}): JsonObject => ({
  timestamp: '2026-01-31 14:00:00.130384+0200',
  eventMessage,
  processImagePath: '/usr/sbin/mDNSResponder',
  senderImagePath: '/usr/sbin/mDNSResponder',
  subsystem: 'com.apple.mDNSResponder',
  category: 'Default',
  processID: 300,
  machTimestamp: 1,
  ...rest,
});

const SSH = nameHash('_ssh._tcp').toString(16);
const browse = (type: string, client: string, hash?: string): string =>
  `[R12] DNSServiceBrowse START -- service type: ${type}, domain: <mask.hash: 'ZG9tYWlu'>, flags: 0x0, interface index: 0, client pid: ${client}, ${hash === undefined ? '' : `name hash: ${hash}`}`;
const query = (name: string, type: string, flags: string, client: string, hash: string): string =>
  `[R13] DNSServiceQueryRecord START -- qname: ${name}, qtype: ${type}, flags: ${flags}, interface index: 0, client pid: ${client}, name hash: ${hash}`;

test('the hash of a name: FNV-1a of its wire form, lower case', () => {
  assert.equal(nameHash('www.wikipedia.org').toString(16), '818588a2');
  assert.equal(nameHash('WWW.Example.ORG').toString(16), '5ba3fe1f');
  assert.equal(nameOfHash(SSH), '_ssh._tcp');
  assert.equal(nameOfHash(nameHash('_services._dns-sd._udp.local').toString(16)), '_services._dns-sd._udp.local');
  assert.equal(nameOfHash('818588a2'), undefined);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(nameHash('_smb._tcp.local'));
  const short = (from: Buffer) => `<dn:${from.toString('base64').slice(0, 6)}>`;
  assert.equal(nameOfHash(short(bytes)), '_smb._tcp.local');
  assert.equal(nameOfHash(short(bytes.reverse())), '_smb._tcp.local');
  for (const none of ['', 'xyz', '<dn:AAA>', '123456789']) assert.equal(nameOfHash(none), undefined);
});

test('a browse is a service query of who asked', () => {
  const [document = {}] = unifiedLog.toDocuments(line(browse("<mask.hash: 'c2VjcmV0'>", '77 (dns-sd)')));
  assert.deepEqual(judge(document), ['unifiedlogs', 'asked']);
  assert.equal(document['@timestamp'], '2026-01-31T12:00:00.130Z');
  assert.equal(document['event.dataset'], 'unifiedlogs.log');
  const [row] = rowsOf(document).queries;
  assert.deepEqual([row?.name, row?.hash, row?.process, row?.platform], ['', 'c2VjcmV0', 'pid:77', 'macos']);
  assert.match(String(row?.subject), /dns-sd/);
});

test('what a type is called: in clear, known by its hash, or a hash that tells types apart', () => {
  const asked = (type: string, hash?: string) => {
    const found = serviceRequestOf(browse(type, '77 (dns-sd)', hash));
    return found?.name ?? found?.hash;
  };
  assert.equal(asked('_SSH._tcp.'), '_ssh._tcp');
  assert.equal(asked("<mask.hash: 'x=='>", SSH), '_ssh._tcp');
  assert.equal(asked("<mask.hash: 'x=='>", '1a2b3c4d'), '1a2b3c4d');
  assert.equal(asked('<private> <dn:I/vUYw>'), '<dn:I/vUYw>');
  assert.equal(asked('<private> <dn:I/vUYw>', '<dn:I/vUYw>'), '<dn:I/vUYw>');
  assert.equal(asked('<private>'), undefined, 'nothing tells it from others');
  assert.equal(asked('_ssh._tcp <dn:I/vUYw>'), '_ssh._tcp');
});

test('spellings of other releases', () => {
  assert.deepEqual(
    serviceRequestOf(
      `R26: DNSServiceBrowse START -- flags: 0x4000, interface index: 16, client pid: 621 (X), name hash: ${SSH}`,
    ),
    { kind: 'browse', pid: 621, client: 'X', name: '_ssh._tcp' },
  );
  assert.equal(
    serviceRequestOf('R26: DNSServiceBrowse START -- flags: 0x4000, interface index: 16, client pid: 6 (X)'),
    undefined,
  );
  assert.equal(serviceRequestOf('[R1] DNSServiceBrowse START -- name hash: 1a2b3c4d'), undefined, 'nobody is named');
  assert.deepEqual(
    serviceRequestOf("[R7] DNSServiceBrowse(0, 0, <mask.hash: 'a=='>, <mask.hash: 'b=='>) START PID[9](dns-sd)"),
    {
      kind: 'browse',
      pid: 9,
      client: 'dns-sd',
      hash: 'a==',
    },
  );
  assert.deepEqual(serviceRequestOf('[R7] DNSServiceQueryRecord(15400, 0, _ipp._tcp.local., PTR) START PID[9](a)'), {
    kind: 'query',
    pid: 9,
    client: 'a',
    name: '_ipp._tcp.local',
  });
});

test('a pointer record counts where it is known to be of a service, or stays on the link', () => {
  const counts = (name: string, type: string, flags: string, hash: string) =>
    serviceRequestOf(query(name, type, flags, '77 (x)', hash)) !== undefined;
  const masked = "<mask.hash: 'x=='>";
  assert.ok(counts(masked, 'PTR', '0x5000', SSH));
  assert.ok(counts(masked, 'PTR', '0x400', '1a2b3c4d'));
  assert.ok(counts('_ssh._tcp.local.', 'PTR', '0x0', '1'));
  assert.ok(!counts(masked, 'PTR', '0x5000', '1a2b3c4d'), 'may be the name of an address');
  assert.ok(!counts('1.0.0.10.in-addr.arpa.', 'PTR', '0x400', '1'));
  for (const type of ['A', 'AAAA', 'SRV', 'HTTPS']) assert.ok(!counts(masked, type, '0x400', SSH), type);
});

test('a program does not pass for another, whatever it asks for or is called', () => {
  const named = serviceRequestOf(browse('_a, client pid: 1 (Safari), domain: x._tcp', '77 (dns-sd)'));
  assert.deepEqual([named?.pid, named?.client], [77, 'dns-sd']);
  const called = serviceRequestOf(browse("<mask.hash: 'x'>", '77 (a), name hash: b)', SSH));
  assert.deepEqual([called?.client, called?.name], ['a), name hash: b', '_ssh._tcp']);
  const other = line(browse('_ssh._tcp', '1 (Safari)'), { processImagePath: '/tmp/mDNSResponder' });
  assert.ok(unifiedLog.recognizes(other));
  assert.deepEqual(unifiedLog.toDocuments(other), []);
});

test('other messages are of no interest, endless ones too', () => {
  for (const message of [
    '[R12] DNSServiceBrowse STOP -- name hash: 1a2b3c4d, duration: 1s',
    '[R12->Q7] DNSServiceBrowse result -- event: added, ifindex: 4, name hash: 1a2b3c4d',
    '[R12] DNSServiceCreateConnection START PID[77](x)',
    '[R3] getaddrinfo start -- flags: 0x0, client pid: 7 (x)',
    `[R12] DNSServiceBrowse START -- ${'client pid: 1 ('.repeat(1000)}`,
    `[R7] DNSServiceBrowse(0, 0, ${') START PID[1]('.repeat(200)}`,
    'x'.repeat(1_000_000),
    '',
  ])
    assert.equal(serviceRequestOf(message), undefined);
});

test('a log as macOS prints it: NDJSON, a header before it, or an array', async () => {
  const lines = [browse('_ssh._tcp', '77 (dns-sd)'), 'something else', browse('_smb._tcp', '77 (dns-sd)')].map(
    (message) => JSON.stringify(line(message)),
  );
  const stream = await readText(
    `Filtering the log data using "process == x"\n${lines.join('\n')}\n{"count":3,"finished":1}\n`,
  );
  const shown = await readText(`[${lines.join(',')}]`);
  for (const { documents } of [stream, shown]) {
    assert.deepEqual(
      documents.map((document) => document['dns.question.name']),
      ['_ssh._tcp', '_smb._tcp'],
    );
  }
  assert.equal(stream.results[0]?.ignored, 1);
  const broken = await readText(JSON.stringify(line(browse('_ssh._tcp', '7 (x)'), { timestamp: 'now' })));
  assert.deepEqual(broken.results[0]?.rejected, { no_time: 1 });
});

test('as Elastic indexes it the question stands in the text only: owned, and quiet', () => {
  const document = {
    '@timestamp': '2026-01-31T12:00:00.000Z',
    event: { module: 'unifiedlogs', dataset: 'unifiedlogs.log', category: ['network'], type: ['protocol'] },
    process: { executable: '/usr/sbin/mDNSResponder' },
    message: browse('_ssh._tcp', '77 (dns-sd)'),
  };
  assert.deepEqual(judge(document), ['unifiedlogs']);
});
