import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import type { Integration } from '../../queries/integration.js';
import { auditbeat } from '../../queries/integrations/auditbeat.js';
import { awsFlows, azureFlows, gcpFlows, netflow } from '../../queries/integrations/cloud-flows.js';
import { endpoint } from '../../queries/integrations/endpoint.js';
import { generic } from '../../queries/integrations/generic.js';
import { iptables } from '../../queries/integrations/iptables.js';
import { packetbeat } from '../../queries/integrations/packetbeat.js';
import { matches } from '../../queries/matches.js';

/** Names of the rules that a document meets; undefined where another integration must own it. */
function judged(integration: Integration, document: EcsDocument): string[] | undefined {
  if (!matches(integration.documents, document)) return undefined;
  const { contact, launch, exit, nameQuery, serviceQuery } = integration;
  const filters = { ...contact, launch, exit, nameQuery, asked: serviceQuery?.asked };
  return Object.entries(filters).flatMap(([name, filter]) =>
    typeof filter === 'object' && matches(filter, document) ? [name] : [],
  );
}

const addresses = {
  'source.ip': '10.1.1.1',
  'source.port': 50_000,
  'destination.ip': '10.1.1.2',
  'destination.port': 22,
};

test('Elastic Defend', () => {
  const event = (action: string | string[], category = 'network', type = 'start') => ({
    'event.module': 'endpoint',
    'event.category': [category],
    'event.type': [type],
    'event.action': action,
  });
  assert.deepEqual(judged(endpoint, event('connection_attempted')), ['begun']);
  assert.deepEqual(judged(endpoint, event('ipv6_connection_attempt_event')), ['begun']);
  assert.deepEqual(judged(endpoint, event('connection_accepted')), ['begun', 'inbound', 'accepted']);
  assert.deepEqual(judged(endpoint, event('disconnect_received', 'network', 'end')), []);
  assert.deepEqual(judged(endpoint, event('lookup_requested')), ['nameQuery']);
  assert.deepEqual(judged(endpoint, event('exec', 'process')), ['launch']);
  assert.deepEqual(judged(endpoint, event('start', 'process')), ['launch']);
  assert.deepEqual(judged(endpoint, event('fork', 'process')), []);
  assert.deepEqual(judged(endpoint, event('end', 'process', 'end')), ['exit']);
  assert.deepEqual(judged(endpoint, event(['fork', 'exec'], 'process')), ['launch'], 'aggregated');
});

test('Packetbeat counts a flow once, at its end', () => {
  const flow = (fields: EcsDocument) => ({
    'agent.type': 'packetbeat',
    'event.dataset': 'flow',
    'flow.final': true,
    'network.transport': 'tcp',
    ...fields,
  });
  const packets = (source: number, destination?: number) =>
    judged(packetbeat, flow({ 'source.packets': source, 'destination.packets': destination }));
  assert.deepEqual(packets(6, 5), ['begun', 'accepted']);
  assert.deepEqual(packets(1, 1), ['begun', 'refused']);
  assert.deepEqual(packets(3, 3), ['begun'], 'three resets, or a short connection');
  assert.deepEqual(packets(3), ['begun', 'unanswered']);
  const udp = flow({ 'network.transport': 'udp', 'source.packets': 1, 'destination.packets': 1 });
  assert.deepEqual(judged(packetbeat, udp), ['begun', 'accepted']);
  assert.ok(!judged(packetbeat, flow({ 'flow.final': false }))?.includes('begun'));
  assert.ok(judged(packetbeat, flow({ 'network.direction': 'ingress' }))?.includes('inbound'));
  assert.ok(judged(packetbeat, flow({ 'destination.process.pid': 7 }))?.includes('inbound'), 'the server’s process');
  assert.ok(!judged(packetbeat, flow({ 'source.process.pid': 7 }))?.includes('inbound'));
});

test('Packetbeat: a multicast question is a service query, an http exchange nothing', () => {
  const dns = { 'event.dataset': 'network_traffic.dns', 'destination.port': 5353, 'network.transport': 'udp' };
  assert.ok(judged(packetbeat, { ...dns, 'dns.question.name': '_ssh._tcp.local' })?.includes('asked'));
  assert.ok(!judged(packetbeat, dns)?.includes('asked'));
  assert.ok(!judged(packetbeat, { ...dns, 'destination.port': 53, 'dns.question.name': 'a.test' })?.includes('asked'));
  const http = { 'event.dataset': 'network_traffic.http', ...addresses };
  assert.ok(!judged(packetbeat, http)?.includes('begun'));
});

test('Auditbeat: sockets and processes', () => {
  const flow = {
    'event.module': 'system',
    'event.dataset': 'socket',
    'event.action': 'network_flow',
    'network.transport': 'tcp',
    'source.packets': 5,
    'destination.packets': 5,
  };
  assert.deepEqual(judged(auditbeat, flow), ['begun', 'accepted']);
  assert.deepEqual(judged(auditbeat, { ...flow, 'network.direction': 'inbound' }), ['begun', 'inbound', 'accepted']);
  assert.deepEqual(judged(auditbeat, { ...flow, 'destination.packets': 0 }), ['begun', 'unanswered']);
  assert.ok(!judged(auditbeat, { ...flow, 'flow.final': false })?.includes('begun'));
  const old = { 'event.module': 'system', 'event.dataset': 'socket', 'network.transport': 'tcp' };
  assert.deepEqual(judged(auditbeat, { ...old, 'event.action': 'socket_opened' }), ['begun']);
  assert.deepEqual(judged(auditbeat, { ...old, 'event.action': 'socket_closed' }), []);
  const process = { 'event.module': 'system', 'event.dataset': 'process' };
  assert.deepEqual(judged(auditbeat, { ...process, 'event.action': 'process_started' }), ['launch']);
  assert.equal(judged(auditbeat, { 'event.module': 'system', 'event.dataset': 'system.socket' }), undefined);
});

test('cloud flow logs: what a server sends back is no contact', () => {
  const aws = (fields: EcsDocument) => judged(awsFlows, { 'event.dataset': 'aws.vpcflow', ...addresses, ...fields });
  assert.deepEqual(aws({ 'aws.vpcflow.action': 'ACCEPT' }), ['begun']);
  assert.deepEqual(aws({ 'aws.vpcflow.action': 'REJECT' }), ['begun', 'refused']);
  assert.deepEqual(aws({}), [], 'NODATA and SKIPDATA have no action');
  const back = { 'source.port': 5432, 'destination.port': 50_000 };
  assert.deepEqual(aws({ 'aws.vpcflow.action': 'ACCEPT', ...back }), []);
  const flags = (sum: string | number, transport = 'tcp') =>
    aws({ 'aws.vpcflow.action': 'ACCEPT', 'aws.vpcflow.tcp_flags': sum, 'network.transport': transport });
  for (const begun of ['2', 3, 6, 7]) assert.deepEqual(flags(begun), ['begun']);
  for (const other of ['0', 1, 4, 18, 19]) assert.deepEqual(flags(other), [], 'goes on, or answers');
  assert.deepEqual(flags(0, 'udp'), ['begun']);
  assert.deepEqual(judged(gcpFlows, { 'event.dataset': 'gcp.vpcflow', ...addresses }), ['begun']);
  assert.deepEqual(judged(gcpFlows, { 'event.dataset': 'gcp.vpcflow', ...addresses, ...back }), []);
  const netflowRecord = { 'event.dataset': 'netflow.log', 'event.action': 'netflow_flow', ...addresses };
  assert.deepEqual(judged(netflow, netflowRecord), ['begun']);
  assert.deepEqual(judged(netflow, { ...netflowRecord, ...back }), []);
  assert.deepEqual(judged(netflow, { ...netflowRecord, ...back, 'netflow.biflow_direction': 1 }), ['begun']);
});

test('Azure as Elastic indexes it: all tuples of a minute in one document are judged not at all', () => {
  const log = { records: { flows: [{ groups: [{ tuples: [{ flow: { state: 'Begin', direction: 'Inbound' } }] }] }] } };
  const minute = { azure_network_watcher_vnet: { log }, 'source.ip': ['10.1.1.1'], 'destination.ip': ['10.1.1.2'] };
  const document = { 'data_stream.dataset': 'azure_network_watcher_vnet.log', ...minute };
  assert.deepEqual(judged(azureFlows, document), []);
  const tuple = {
    'event.dataset': 'azure_network_watcher_vnet.log',
    'azure_network_watcher_vnet.log.flow.state': 'Deny',
    'azure_network_watcher_vnet.log.flow.direction': 'Inbound',
  };
  assert.deepEqual(judged(azureFlows, tuple), ['begun', 'refused']);
});

test('iptables', () => {
  const packet = (flags: string[], action: string, fields: EcsDocument = {}) =>
    judged(iptables, {
      'event.module': 'iptables',
      'event.action': action,
      'iptables.tcp.flags': flags,
      ...addresses,
      ...fields,
    });
  assert.deepEqual(packet(['SYN'], 'drop_input'), ['begun', 'unanswered']);
  assert.deepEqual(packet(['SYN'], 'reject', { 'event.type': ['denied', 'connection'] })?.slice(0, 2), [
    'begun',
    'refused',
  ]);
  assert.deepEqual(packet(['SYN'], 'accept'), ['begun']);
  assert.deepEqual(packet(['FIN', 'PSH', 'URG'], ''), ['begun'], 'an Xmas probe');
  for (const flags of [['SYN', 'ACK'], ['RST'], ['ACK', 'RST']]) assert.deepEqual(packet(flags, ''), []);
  for (const flags of [['ACK'], ['ACK', 'PSH'], ['ACK', 'FIN']])
    assert.deepEqual(packet(flags, 'drop'), ['unanswered']);
  assert.deepEqual(packet(['ACK'], '', { 'source.port': 443, 'destination.port': 50_000 }), []);
  const icmp = { 'event.module': 'iptables', 'network.transport': 'icmp' };
  assert.deepEqual(judged(iptables, { ...icmp, 'iptables.icmp.type': 8 }), ['begun']);
  assert.deepEqual(judged(iptables, { ...icmp, 'iptables.icmp.type': 0 }), []);
});

test('any other ECS telemetry', () => {
  const record = (type: string[], fields: EcsDocument = {}) =>
    judged(generic, { 'event.category': ['network'], 'event.type': type, ...addresses, ...fields });
  assert.deepEqual(record(['connection', 'start']), ['begun']);
  assert.deepEqual(record(['connection', 'denied']), ['begun', 'refused']);
  assert.deepEqual(record(['allowed', 'connection', 'end']), ['begun'], 'a firewall tells a session once, at its end');
  const process = { 'process.name': 'nc' };
  assert.deepEqual(record(['connection', 'end'], process), []);
  assert.deepEqual(record(['connection', 'start', 'end'], process), ['begun']);
  assert.deepEqual(record(['connection'], { ...process, 'network.direction': 'ingress' }), ['begun', 'inbound']);
  assert.deepEqual(record(['connection'], { 'network.direction': 'ingress' }), ['begun'], 'a firewall’s direction');
  assert.deepEqual(record(['info']), []);
  assert.deepEqual(record(['connection', 'protocol']), []);
  assert.deepEqual(record(['connection'], { 'event.kind': 'alert' }), []);
  assert.equal(judged(generic, { 'event.category': 'network', 'source.ip': '10.1.1.1' }), undefined);
  assert.equal(judged(generic, { 'event.category': 'file' }), undefined);
  assert.deepEqual(judged(generic, { 'event.category': 'network_traffic', 'event.type': 'flow', ...addresses }), [
    'begun',
  ]);
  assert.deepEqual(judged(generic, { 'event.dataset': 'system.socket', ...addresses }), ['begun']);
  assert.deepEqual(judged(generic, { 'event.category': ['process'], 'event.type': ['start'] }), ['launch']);
  assert.deepEqual(judged(generic, { 'event.category': ['process'], 'event.type': ['end'] }), ['exit']);
});
