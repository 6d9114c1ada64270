import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type JsonObject, Rejected } from '../../server/importers/format.js';
import { suricataEve } from '../../server/importers/suricata.js';

const tuple = { src_ip: '10.0.0.1', src_port: 45_000, dest_ip: '10.0.0.2', dest_port: 22, proto: 'TCP' };
const head = { timestamp: '2024-01-01T02:00:30.000001+0200', flow_id: 1234567890123456, ...tuple };
const flowPart = {
  pkts_toserver: 1,
  pkts_toclient: 1,
  bytes_toserver: 74,
  bytes_toclient: 54,
  start: '2024-01-01T01:59:00.123456+0200',
  end: '2024-01-01T01:59:00.123999+0200',
  state: 'closed',
  reason: 'timeout',
  alerted: false,
};
const tcp = {
  tcp_flags: '16',
  tcp_flags_ts: '02',
  tcp_flags_tc: '14',
  syn: true,
  rst: true,
  ack: true,
  state: 'closed',
};
const flow: JsonObject = { ...head, event_type: 'flow', app_proto: 'failed', flow: flowPart, tcp };

const reason = (record: JsonObject): string | undefined => {
  try {
    suricataEve.toDocuments(record);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof Rejected);
    return error.reason;
  }
};

test('a flow becomes the document of the suricata integration, at the time it began', () => {
  assert.ok(suricataEve.recognizes(flow));
  assert.deepEqual(suricataEve.toDocuments(flow), [
    {
      '@timestamp': '2024-01-01T00:00:30.000001Z',
      'event.kind': 'event',
      'event.category': ['network'],
      'event.type': ['connection', 'end'],
      'event.module': 'suricata',
      'event.dataset': 'suricata.eve',
      'event.start': '2023-12-31T23:59:00.123456Z',
      'event.end': '2023-12-31T23:59:00.123999Z',
      'source.ip': '10.0.0.1',
      'source.port': 45_000,
      'source.packets': 1,
      'source.bytes': 74,
      'destination.ip': '10.0.0.2',
      'destination.port': 22,
      'destination.packets': 1,
      'destination.bytes': 54,
      'network.transport': 'tcp',
      'suricata.eve.event_type': 'flow',
      'suricata.eve.flow_id': '1234567890123456',
      'suricata.eve.flow.state': 'closed',
      'suricata.eve.flow.reason': 'timeout',
      'suricata.eve.flow.alerted': false,
      'suricata.eve.tcp.tcp_flags': '16',
      'suricata.eve.tcp.tcp_flags_ts': '02',
      'suricata.eve.tcp.tcp_flags_tc': '14',
      'suricata.eve.tcp.syn': true,
      'suricata.eve.tcp.rst': true,
      'suricata.eve.tcp.state': 'closed',
    },
  ]);
});

test('ICMP flows have a type and no ports', () => {
  const { src_port, dest_port, tcp: _, ...others } = flow;
  const [document] = suricataEve.toDocuments({ ...others, proto: 'IPv6-ICMP', icmp_type: 128, icmp_code: 0 });
  assert.equal(document?.['network.transport'], 'ipv6-icmp');
  assert.equal(document?.['suricata.eve.icmp_type'], 128);
  assert.equal(document?.['destination.port'], undefined);
});

test('DNS and mDNS: a document for each question of every version, none for answers', () => {
  const questions = (event_type: string, message: JsonObject, dest_port = 53) =>
    suricataEve
      .toDocuments({ ...head, event_type, dest_port, [event_type]: message })
      .map((document) => [document['network.protocol'], document['dns.question.name'], document['dns.question.type']]);
  const list = [
    { rrname: '_ssh._tcp.local', rrtype: 'ptr' },
    { rrname: '_ipp._tcp.local', rrtype: 'ptr' },
  ];
  const both = [
    ['mdns', '_ssh._tcp.local', 'PTR'],
    ['mdns', '_ipp._tcp.local', 'PTR'],
  ];
  assert.deepEqual(questions('dns', { type: 'query', id: 1, rrname: 'a.test', rrtype: 'A' }), [['dns', 'a.test', 'A']]);
  assert.deepEqual(questions('dns', { version: 2, type: 'query', rrname: 'a.test', rrtype: 'A' }), [
    ['dns', 'a.test', 'A'],
  ]);
  assert.deepEqual(questions('dns', { version: 3, type: 'request', queries: list }, 5353), both);
  assert.deepEqual(questions('mdns', { type: 'request', queries: list }, 5353), both);
  assert.deepEqual(questions('mdns', { type: 'request', queries: [null, 'x', { rrtype: 'ptr' }] }), []);
  assert.deepEqual(questions('mdns', { type: 'response', queries: list, answers: list }), []);
  assert.deepEqual(questions('dns', { type: 'answer', rrname: 'a.test', rdata: '10.0.0.9' }), []);
  assert.deepEqual(questions('dns', { version: 3, type: 'response', queries: list }), []);
  const tooMany = { type: 'request', queries: Array.from({ length: 20_000 }, () => ({ rrname: 'a' })) };
  assert.equal(reason({ ...head, event_type: 'mdns', mdns: tooMany }), 'not_this_format');
});

test('ARP: requests and replies, by the addresses in the ARP packet', () => {
  const arp = (opcode: string) =>
    suricataEve.toDocuments({
      timestamp: '2024-01-01T00:00:00.000000+0000',
      event_type: 'arp',
      arp: { hw_type: 'ethernet', proto_type: 'ipv4', opcode, src_ip: '10.0.0.1', dest_ip: '10.0.0.2' },
    });
  const [request] = arp('request');
  assert.equal(request?.['event.action'], 'arp-request');
  assert.equal(request?.['network.type'], 'arp');
  assert.equal(request?.['source.ip'], '10.0.0.1');
  assert.equal(request?.['destination.ip'], '10.0.0.2');
  assert.equal(arp('reply')[0]?.['event.action'], 'arp-reply');
  assert.deepEqual(arp('request_reverse'), []);
});

test('all other events are known and give nothing', () => {
  for (const event_type of ['alert', 'http', 'tls', 'netflow', 'stats', 'anomaly', 'fileinfo', 'drop', 'new one']) {
    assert.ok(suricataEve.recognizes({ ...head, event_type }));
    assert.deepEqual(suricataEve.toDocuments({ ...head, event_type }), []);
  }
});

test("other programs' records are not taken for EVE", () => {
  assert.equal(suricataEve.recognizes({ event_type: 'flow' }), false);
  assert.equal(suricataEve.recognizes({ event_type: 1, timestamp: 'x' }), false);
  assert.equal(suricataEve.recognizes(JSON.parse('{"__proto__": {"event_type": "flow", "timestamp": "x"}}')), false);
});

test('broken records are rejected with their reason', () => {
  assert.equal(reason({ ...flow, timestamp: 'yesterday' }), 'no_time');
  assert.equal(reason({ ...flow, flow: { ...flowPart, start: 17 } }), 'no_time');
  assert.equal(reason({ ...flow, src_ip: '10.0.0' }), 'bad_address');
  assert.equal(reason({ ...flow, dest_ip: undefined }), 'bad_address');
  assert.equal(reason({ ...flow, dest_port: 70_000 }), 'bad_port');
  assert.equal(reason({ ...flow, flow: 'gone', tcp: [] }), undefined); // no packets and flags: judged as unknown
});

test('time without an offset is UTC', () => {
  const [document] = suricataEve.toDocuments({ ...flow, timestamp: '2014-05-01T10:00:00.5' });
  assert.equal(document?.['@timestamp'], '2014-05-01T10:00:00.500Z');
});

test('any JSON is read or rejected', () => {
  const key = fc.constantFrom(
    'src_ip',
    'dest_ip',
    'src_port',
    'proto',
    'flow',
    'tcp',
    'dns',
    'mdns',
    'arp',
    '__proto__',
  );
  const inner = fc.dictionary(fc.constantFrom('type', 'queries', 'opcode', 'start', 'tcp_flags_ts'), fc.jsonValue());
  const value = fc.oneof(fc.jsonValue(), inner, fc.constantFrom('10.0.0.1', '::1'));
  const type = fc.constantFrom('flow', 'dns', 'mdns', 'arp');
  fc.assert(
    fc.property(fc.dictionary(key, value), type, (record, event_type) => {
      reason({ ...record, event_type, timestamp: '2024-01-01T00:00:00Z' });
    }),
  );
});
