import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { zeek } from '../../queries/integrations/zeek.js';
import { matches } from '../../queries/matches.js';
import { contactsIn, matching } from './zeek-suricata-contacts.js';

const flow = (fields: EcsDocument): EcsDocument => ({
  '@timestamp': '2024-01-01T00:00:00.000Z',
  'event.module': 'zeek',
  'event.dataset': 'zeek.connection',
  'source.ip': '10.0.0.1',
  'source.port': 45_000,
  'destination.ip': '10.0.0.2',
  'destination.port': 443,
  ...fields,
});

/** Outcome of a TCP flow by state, history and packets of both sides; `quiet` where it is no contact. */
const tcp = (state: string, history: string | undefined, packets: [number, number] = [1, 1], more: EcsDocument = {}) =>
  contactsIn([
    flow({
      'network.transport': 'tcp',
      'zeek.connection.state': state,
      ...(history === undefined ? {} : { 'zeek.connection.history': history }),
      'source.packets': packets[0],
      'source.bytes': packets[0] * 40,
      'destination.packets': packets[1],
      ...more,
    }),
  ])[0]?.outcome ?? 'quiet';

test('TCP whose SYN was seen: its end is read from the history', () => {
  assert.equal(tcp('S0', 'S', [1, 0]), 'unanswered');
  assert.equal(tcp('S0', 'S', [3, 0]), 'unanswered');
  assert.equal(tcp('SH', 'SF', [2, 0]), 'unanswered');
  assert.equal(tcp('RSTOS0', 'SR', [2, 0]), 'unanswered');
  assert.equal(tcp('REJ', 'Sr'), 'refused');
  assert.equal(tcp('REJ', 'SrR', [2, 1]), 'refused');
  assert.equal(tcp('S1', 'Sh'), 'accepted');
  assert.equal(tcp('SF', 'ShADadFf', [6, 5]), 'accepted');
  assert.equal(tcp('RSTO', 'ShR', [2, 1]), 'accepted');
  assert.equal(tcp('RSTR', 'ShADar', [3, 3]), 'accepted');
});

test('a port that sent a SYN-ACK is open, though the state says rejected or aborted', () => {
  assert.equal(tcp('REJ', 'ShRr', [2, 2]), 'accepted');
  assert.equal(tcp('RSTR', 'Shr', [1, 3]), 'accepted');
  assert.equal(tcp('SF', 'SADadfF', [6, 4]), 'accepted'); // the SYN-ACK went past the sensor
  assert.equal(tcp('RSTOS0', 'SdDR', [7, 6]), 'accepted');
});

test('TCP whose SYN was not seen is no contact', () => {
  assert.equal(tcp('RSTOS0', 'DR', [3, 0]), 'quiet'); // a server's replies, its requests unseen
  assert.equal(tcp('RSTOS0', 'R', [1, 0]), 'quiet');
  assert.equal(tcp('OTH', 'H', [1, 0]), 'quiet');
  assert.equal(tcp('OTH', '^h', [0, 1]), 'quiet');
  assert.equal(tcp('RSTRH', '^hadr', [0, 4]), 'quiet');
  assert.equal(tcp('SHR', '^hadf', [0, 4]), 'quiet');
  assert.equal(tcp('SF', 'hADadfF', [5, 5]), 'quiet');
  assert.equal(tcp('SF', 'FafA', [2, 2]), 'quiet');
  assert.equal(tcp('SH', 'Fa', [1, 1]), 'quiet');
  assert.equal(tcp('OTH', 'DdA', [2, 1]), 'quiet');
  assert.equal(tcp('OTH', 'C', [0, 0]), 'quiet');
});

test('FIN, Xmas, ACK and null scans: a lone packet towards a service', () => {
  assert.equal(tcp('SH', 'F', [1, 0]), 'unanswered');
  assert.equal(tcp('RSTR', 'Fr'), 'refused');
  assert.equal(tcp('OTH', 'A', [1, 0]), 'unanswered');
  assert.equal(tcp('RSTRH', 'Ar'), 'refused');
  assert.equal(tcp('RSTRH', 'r'), 'refused');
  assert.equal(tcp('OTH', undefined, [1, 0]), 'unanswered');
  assert.equal(tcp('SH', 'F', [2, 0]), 'unanswered'); // a mirror that copies each packet
  assert.equal(tcp('RSTO', 'QhR', [2, 1]), 'accepted'); // SYN and FIN at once
});

test('a lone packet of more copies, with data, or towards a client is an end, no probe', () => {
  assert.equal(tcp('SH', 'F', [3, 0]), 'quiet');
  assert.equal(tcp('OTH', undefined, [1, 0], { 'source.bytes': 1500 }), 'quiet');
  assert.equal(tcp('SH', 'F', [1, 0], { 'source.port': 443, 'destination.port': 51_000 }), 'quiet');
  assert.equal(tcp('SH', 'F', [1, 0], { 'source.port': 443, 'destination.port': 3000 }), 'quiet');
  assert.equal(tcp('SH', 'F', [1, 0], { 'destination.port': 51_000 }), 'quiet');
});

test('without a history the state has to do, where it is plain', () => {
  for (const state of ['S1', 'S2', 'S3', 'SF', 'RSTO', 'RSTR']) assert.equal(tcp(state, undefined), 'accepted');
  assert.equal(tcp('S0', undefined, [1, 0]), 'unanswered');
  assert.equal(tcp('REJ', undefined), 'refused');
  for (const state of ['RSTOS0', 'SH', 'SHR', 'RSTRH']) assert.equal(tcp(state, undefined, [1, 0]), 'quiet');
  const bare = flow({ 'network.transport': 'tcp', 'zeek.connection.state': 'S0' }); // no packets either
  assert.equal(contactsIn([bare])[0]?.outcome, 'unanswered');
});

test("UDP: the first packet must be the source's", () => {
  const udp = (state: string, history: string | undefined, more: EcsDocument = {}) =>
    contactsIn([
      flow({
        'network.transport': 'udp',
        'zeek.connection.state': state,
        ...(history === undefined ? {} : { 'zeek.connection.history': history }),
        'destination.packets': state === 'S0' ? 0 : 1,
        ...more,
      }),
    ])[0]?.outcome ?? 'quiet';
  assert.equal(udp('S0', 'D'), 'unanswered');
  assert.equal(udp('SF', 'Dd'), 'accepted');
  assert.equal(udp('S0', undefined), 'unanswered');
  assert.equal(udp('SHR', '^d'), 'quiet');
  assert.equal(udp('SF', 'D^d'), 'quiet');
  assert.equal(udp('SF', 'dD'), 'quiet');
  const ports = (from: number, to: number) => ({ 'source.port': from, 'destination.port': to });
  assert.equal(udp('S0', 'D', ports(1900, 50_000)), 'quiet'); // an answer to an SSDP search
  assert.equal(udp('S0', 'D', ports(67, 68)), 'quiet');
  assert.equal(udp('S0', 'D', ports(5353, 5353)), 'quiet');
  assert.equal(udp('S0', 'D', ports(137, 137)), 'quiet');
  assert.equal(udp('SF', 'Dd', ports(137, 137)), 'accepted'); // nbtstat, answered
  assert.equal(udp('S0', 'D', ports(50_000, 1900)), 'unanswered');
  assert.equal(udp('S0', 'D', ports(1900, 161)), 'unanswered');
});

test('ICMP: echo requests only', () => {
  const icmp = (type: number, back: number) =>
    contactsIn([
      flow({
        'network.transport': 'icmp',
        'zeek.connection.state': 'OTH',
        'zeek.connection.icmp.type': type,
        'destination.packets': back,
        'source.port': null,
        'destination.port': null,
      }),
    ])[0]?.outcome ?? 'quiet';
  assert.equal(icmp(8, 1), 'accepted');
  assert.equal(icmp(8, 0), 'unanswered');
  assert.equal(icmp(128, 0), 'unanswered');
  for (const type of [0, 3, 11, 129, 133, 135]) assert.equal(icmp(type, 0), 'quiet');
});

test('lines of other logs are owned and are no contacts', () => {
  const http = flow({ 'event.dataset': 'zeek.http', 'network.transport': 'tcp', 'zeek.connection.history': 'S' });
  assert.ok(matches(zeek.documents, http));
  assert.deepEqual(contactsIn([http]), []);
  assert.ok(matches(zeek.documents, { data_stream: { dataset: 'zeek.connection' } }));
  assert.equal(matches(zeek.documents, { event: { module: 'suricata', dataset: 'suricata.eve' } }), false);
});

test('mDNS questions are asked to port 5353 and have AA false', () => {
  const dns = (more: EcsDocument) => ({
    'event.dataset': 'zeek.dns',
    'destination.port': 5353,
    'dns.question.name': '_ssh._tcp.local',
    'zeek.dns.AA': false,
    ...more,
  });
  const asked = (document: EcsDocument) => matching([document], ({ serviceQuery }) => serviceQuery?.asked).length === 1;
  assert.ok(asked(dns({})));
  assert.ok(asked(dns({ 'destination.ip': '10.0.0.9' }))); // asked of one host
  assert.equal(asked(dns({ 'zeek.dns.AA': true })), false);
  assert.equal(asked(dns({ 'destination.port': 53 })), false);
  assert.equal(asked(dns({ 'event.dataset': 'zeek.connection' })), false);
});

test('ARP: requests but for probes of a free address, and replies', () => {
  const arp = (action: string, source: string) => ({
    'event.dataset': 'zeek.arp',
    'event.action': action,
    'source.ip': source,
  });
  const documents = [arp('arp-request', '10.0.0.1'), arp('arp-request', '0.0.0.0'), arp('arp-reply', '10.0.0.2')];
  assert.deepEqual(
    matching(documents, ({ arp }) => arp?.request),
    [documents[0]],
  );
  assert.deepEqual(
    matching(documents, ({ arp }) => arp?.reply),
    [documents[2]],
  );
});
