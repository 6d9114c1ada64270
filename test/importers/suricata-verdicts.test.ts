import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { suricata } from '../../queries/integrations/suricata.js';
import { matches } from '../../queries/matches.js';
import { contactsIn, matching } from './zeek-suricata-contacts.js';

const flow = (fields: EcsDocument): EcsDocument => ({
  '@timestamp': '2024-01-01T00:00:00.000Z',
  'event.module': 'suricata',
  'event.dataset': 'suricata.eve',
  'suricata.eve.event_type': 'flow',
  'source.ip': '10.0.0.1',
  'source.port': 45_000,
  'destination.ip': '10.0.0.2',
  'destination.port': 443,
  'source.packets': 1,
  'destination.packets': 1,
  ...fields,
});
const verdict = (fields: EcsDocument): string => contactsIn([flow(fields)])[0]?.outcome ?? 'quiet';

const tcp = (client: string, server: string, back: number, more: EcsDocument = {}) =>
  verdict({
    'network.transport': 'tcp',
    'suricata.eve.tcp.tcp_flags_ts': client,
    'suricata.eve.tcp.tcp_flags_tc': server,
    'suricata.eve.tcp.state': 'closed',
    'destination.packets': back,
    ...more,
  });

test("TCP: begun by the client's SYN, its end by the server's flags", () => {
  assert.equal(tcp('02', '00', 0), 'unanswered');
  assert.equal(tcp('02', '14', 1), 'refused');
  assert.equal(tcp('c2', '14', 1), 'refused'); // a SYN with ECN
  assert.equal(tcp('02', '00', 2), 'refused'); // ICMP unreachable
  assert.equal(tcp('1b', '1b', 5), 'accepted');
  assert.equal(tcp('06', '12', 1), 'accepted'); // half-open scan of an open port
  assert.equal(tcp('02', '16', 8), 'accepted'); // SYN-ACK, then given up
  assert.equal(tcp('02', '10', 1), 'unknown'); // a challenge ACK
});

test("TCP without the client's SYN is no contact", () => {
  assert.equal(tcp('18', '18', 5), 'quiet'); // met midway
  assert.equal(tcp('10', '12', 3), 'quiet'); // met at the SYN-ACK and turned round
  assert.equal(verdict({ 'network.transport': 'tcp' }), 'quiet'); // no flags logged
});

test('FIN, Xmas, ACK and null scans leave neither flags nor state: one bare header towards a service', () => {
  const lone = (fields: EcsDocument = {}) =>
    verdict({
      'network.transport': 'tcp',
      'suricata.eve.tcp.tcp_flags_ts': '00',
      'suricata.eve.tcp.tcp_flags_tc': '00',
      'source.bytes': 54,
      'destination.bytes': 54,
      ...fields,
    });
  assert.equal(lone(), 'refused');
  assert.equal(lone({ 'destination.packets': 0, 'destination.bytes': 0 }), 'unanswered');
  assert.equal(lone({ 'source.packets': 2, 'source.bytes': 108 }), 'quiet');
  assert.equal(lone({ 'source.bytes': 66 }), 'quiet'); // Linux's keepalive: timestamps
  assert.equal(lone({ 'destination.bytes': 400 }), 'quiet');
  assert.equal(lone({ 'source.port': 443, 'destination.port': 51_000 }), 'quiet');
  assert.equal(lone({ 'source.port': 443, 'destination.port': 6705 }), 'quiet'); // backscatter
  assert.equal(lone({ 'suricata.eve.tcp.state': 'established' }), 'quiet');
});

test('UDP and SCTP: a first packet; an ICMP error leaves the flow new', () => {
  const udp = (state: string, back: number, more: EcsDocument = {}) =>
    verdict({ 'network.transport': 'udp', 'suricata.eve.flow.state': state, 'destination.packets': back, ...more });
  assert.equal(udp('new', 0), 'unanswered');
  assert.equal(udp('new', 1), 'refused');
  assert.equal(udp('established', 1), 'accepted');
  assert.equal(udp('new', 6, { 'source.packets': 0 }), 'quiet'); // turned round by its content
  assert.equal(udp('new', 0, { 'source.port': 1900, 'destination.port': 50_000 }), 'quiet');
  assert.equal(udp('new', 1, { 'source.port': 1900, 'destination.port': 50_000 }), 'quiet'); // who asked has gone
  assert.equal(udp('new', 0, { 'source.port': 5353, 'destination.port': 5353 }), 'quiet');
  assert.equal(udp('new', 0, { 'network.transport': 'sctp' }), 'unanswered');
  assert.equal(udp('established', 1, { 'network.transport': 'sctp' }), 'unknown');
});

test('ICMP: echo requests of both versions only', () => {
  const icmp = (transport: string, type: number, state: string, back: number) =>
    verdict({
      'network.transport': transport,
      'suricata.eve.icmp_type': type,
      'suricata.eve.flow.state': state,
      'destination.packets': back,
    });
  assert.equal(icmp('icmp', 8, 'new', 0), 'unanswered');
  assert.equal(icmp('icmp', 8, 'established', 1), 'accepted');
  assert.equal(icmp('icmp', 8, 'new', 1), 'refused');
  assert.equal(icmp('ipv6-icmp', 128, 'established', 1), 'accepted');
  for (const type of [0, 3, 13, 128]) assert.equal(icmp('icmp', type, 'new', 0), 'quiet');
  for (const type of [8, 133, 135, 143]) assert.equal(icmp('ipv6-icmp', type, 'new', 0), 'quiet');
});

test('other events are owned and are no contacts', () => {
  const alert = flow({ 'suricata.eve.event_type': 'alert', 'suricata.eve.tcp.tcp_flags_ts': '02' });
  assert.ok(matches(suricata.documents, alert));
  assert.deepEqual(contactsIn([alert]), []);
});

test('service queries are questions to port 5353, ARP requests have a sender', () => {
  const asked = (more: EcsDocument) => {
    const question = { 'suricata.eve.event_type': 'mdns', 'dns.type': 'query', 'dns.question.name': '_ssh._tcp.local' };
    const document = flow({ ...question, 'destination.port': 5353, ...more });
    return matching([document], ({ serviceQuery }) => serviceQuery?.asked).length === 1;
  };
  assert.ok(asked({}));
  assert.ok(asked({ 'suricata.eve.event_type': 'dns' }));
  assert.equal(asked({ 'destination.port': 53 }), false);
  assert.equal(asked({ 'dns.type': 'answer' }), false);
  const arp = (opcode: string, source: string) =>
    flow({ 'suricata.eve.event_type': 'arp', 'suricata.eve.arp.opcode': opcode, 'source.ip': source });
  const documents = [arp('request', '10.0.0.1'), arp('request', '0.0.0.0'), arp('reply', '10.0.0.2')];
  assert.deepEqual(
    matching(documents, ({ arp }) => arp?.request),
    [documents[0]],
  );
  assert.deepEqual(
    matching(documents, ({ arp }) => arp?.reply),
    [documents[2]],
  );
});
