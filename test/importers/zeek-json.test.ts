import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type JsonObject, Rejected } from '../../server/importers/format.js';
import { zeekJson } from '../../server/importers/zeek.js';

const ids = { 'id.orig_h': '10.0.0.1', 'id.orig_p': 40_000, 'id.resp_h': '10.0.0.2', 'id.resp_p': 443 };
const rest = { ts: 1_700_000_000.25, uid: 'CsQ7Yx2Ab3', proto: 'tcp', conn_state: 'SF', history: 'ShADadFf' };

const reason = (record: JsonObject): string | undefined => {
  try {
    zeekJson.toDocuments(record);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Rejected);
    return error.reason;
  }
};

test('dotted, flat and nested ids give the same document', () => {
  const dotted = zeekJson.toDocuments({ ...rest, ...ids });
  const flat = { id_orig_h: '10.0.0.1', id_orig_p: 40_000, id_resp_h: '10.0.0.2', id_resp_p: 443 };
  const nested = { id: { orig_h: '10.0.0.1', orig_p: 40_000, resp_h: '10.0.0.2', resp_p: 443 } };
  assert.equal(dotted[0]?.['destination.port'], 443);
  assert.equal(dotted[0]?.['zeek.connection.history'], 'ShADadFf');
  assert.deepEqual(zeekJson.toDocuments({ ...rest, ...flat }), dotted);
  assert.deepEqual(zeekJson.toDocuments({ ...rest, ...nested }), dotted);
  assert.deepEqual(zeekJson.toDocuments({ ...rest, ...ids, _path: 'conn' }), dotted);
});

test('time: epoch seconds, epoch milliseconds and ISO 8601 mean the same', () => {
  const time = (ts: unknown) => zeekJson.toDocuments({ ...rest, ...ids, ts })[0]?.['@timestamp'];
  assert.equal(time(1_700_000_000.123457), '2023-11-14T22:13:20.123457Z');
  assert.equal(time(1_700_000_000_123.457), '2023-11-14T22:13:20.123457Z');
  assert.equal(time('2023-11-14T22:13:20.123457Z'), '2023-11-14T22:13:20.123457Z');
  assert.equal(time('2023-11-15T00:13:20.1234579+02:00'), '2023-11-14T22:13:20.123457Z');
  assert.equal(time(1_700_000_000), '2023-11-14T22:13:20.000Z');
  assert.equal(time(-0.5), '1969-12-31T23:59:59.500Z');
});

test('a millisecond is never lost to rounding', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000_000 }), (milliseconds) => {
      const [document] = zeekJson.toDocuments({ ...rest, ...ids, ts: milliseconds / 1000 });
      assert.equal(Date.parse(String(document?.['event.start'])), milliseconds);
    }),
  );
});

test('a dns line becomes a question, with AA to tell mDNS answers', () => {
  const line = { ts: 1_700_000_000, uid: 'CsQ7Yx2Ab3', ...ids, proto: 'udp', trans_id: 0, query: '_ssh._tcp.local' };
  const mdns = { 'id.orig_p': 5353, 'id.resp_h': '224.0.0.251', 'id.resp_p': 5353 };
  const [question] = zeekJson.toDocuments({ ...line, ...mdns, qtype_name: 'PTR', AA: false });
  assert.equal(question?.['event.dataset'], 'zeek.dns');
  assert.equal(question?.['network.protocol'], 'mdns');
  assert.equal(question?.['dns.question.name'], '_ssh._tcp.local');
  assert.equal(question?.['dns.question.type'], 'PTR');
  assert.equal(question?.['dns.type'], 'query');
  assert.equal(question?.['zeek.dns.AA'], false);
  const [answer] = zeekJson.toDocuments({ ...line, ...mdns, rcode: 0, rcode_name: 'NOERROR', AA: true });
  assert.equal(answer?.['dns.type'], 'answer');
  assert.equal(answer?.['zeek.dns.AA'], true);
  assert.deepEqual(zeekJson.toDocuments({ ...line, query: null, _path: 'dns' }), []);
});

test('arp logs of the scripts in use become requests and replies', () => {
  const logs: JsonObject[] = [
    { operation: 'request', orig_h: '10.0.0.1', resp_h: '10.0.0.2' },
    { op: 'who_has', src_ip: '10.0.0.1', dst_ip: '10.0.0.2' },
    { msg_type: 'Request', SPA: '10.0.0.1', TPA: '10.0.0.2' },
    { opcode: 1, sender_ip: '10.0.0.1', target_ip: '10.0.0.2' },
  ];
  for (const log of logs) {
    const record = { ts: 1_700_000_000, ...log };
    assert.ok(zeekJson.recognizes(record));
    const [document] = zeekJson.toDocuments(record);
    assert.equal(document?.['event.action'], 'arp-request');
    assert.equal(document?.['source.ip'], '10.0.0.1');
    assert.equal(document?.['destination.ip'], '10.0.0.2');
    assert.equal(document?.['network.type'], 'arp');
  }
  const reply = { ts: 1, _path: 'arp', operation: 'reply', orig_h: '10.0.0.2', resp_h: '10.0.0.1' };
  assert.equal(zeekJson.toDocuments(reply)[0]?.['event.action'], 'arp-reply');
  assert.equal(reason({ ts: 1, _path: 'arp', orig_h: '10.0.0.2', resp_h: '10.0.0.1' }), 'not_this_format');
});

test('other logs of Zeek are known and give nothing', () => {
  const logs: JsonObject[] = [
    { ts: 1, uid: 'CsQ7Yx2Ab3', ...ids, method: 'GET' },
    { ts: 1, _path: 'conn_long', uid: 'CsQ7Yx2Ab3', ...ids, conn_state: 'S1' },
    { ts: 1, fuid: 'FsQ7Yx2Ab3', source: 'SMB' },
    { ts: 1, name: 'active_connection_reuse', notice: false, peer: 'zeek' },
    { ts: 1, host: '10.0.0.1', port_num: 22, port_proto: 'tcp' },
    { ts: 1, id: 'FsQ7Yx2Ab3', machine: 'AMD64' },
  ];
  for (const record of logs) {
    assert.ok(zeekJson.recognizes(record), JSON.stringify(record));
    assert.deepEqual(zeekJson.toDocuments(record), []);
  }
});

test("other programs' records are not taken for Zeek's", () => {
  const records: JsonObject[] = [
    {},
    { ts: 1 },
    { ts: 1, uid: '7d4f1c52-aaaa-bbbb-cccc-0123456789ab' },
    { ts: '2024-01-01T00:00:00Z', level: 'info', msg: 'started', peer: 'a' },
    { uid: 'CsQ7Yx2Ab3', ...ids },
    { '@timestamp': '2024-01-01T00:00:00Z', event: { module: 'zeek' } },
    { timestamp: '2024-01-01T00:00:00Z', event_type: 'flow' },
    JSON.parse('{"__proto__": {"ts": 1, "fuid": "F1"}}'),
  ];
  for (const record of records) assert.equal(zeekJson.recognizes(record), false, JSON.stringify(record));
});

test('broken records are rejected with their reason', () => {
  assert.equal(reason({ ...rest, ...ids, ts: null }), 'no_time');
  assert.equal(reason({ ...rest, ...ids, ts: { a: 1 } }), 'no_time');
  assert.equal(reason({ ...rest, ...ids, ts: '2023-13-45T99:00:00Z' }), 'no_time');
  assert.equal(reason({ ...rest, ...ids, ts: 1e18 }), 'time_out_of_range');
  assert.equal(reason({ ...rest, ...ids, 'id.orig_h': ['10.0.0.1'] }), 'bad_address');
  assert.equal(reason(rest), 'bad_address');
  assert.equal(reason({ ...rest, ...ids, 'id.resp_p': -1 }), 'bad_port');
  assert.equal(reason({ ...rest, ...ids, 'id.resp_p': 'http' }), 'bad_port');
});

test('any JSON is read or rejected', () => {
  const key = fc.constantFrom(
    'ts',
    'id',
    'id.orig_h',
    'id.resp_h',
    'proto',
    'conn_state',
    'query',
    'trans_id',
    '_path',
    '__proto__',
  );
  const value = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('10.0.0.1', '::1', 1_700_000_000, 'conn', 'dns', 'arp', 'tcp'),
  );
  fc.assert(
    fc.property(fc.dictionary(key, value), (record) => {
      zeekJson.recognizes(record);
      reason(record);
    }),
  );
});
