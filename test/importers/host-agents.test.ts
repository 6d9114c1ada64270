import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EcsDocument, readText as textAt } from '../../queries/document.js';
import { ecs } from '../../server/importers/ecs.js';
import { isObject } from '../../server/importers/json-record.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { contactOf, judge, rowsOf } from './judge.js';
import { gather } from './read-text.js';

const folder = sharedData ?? '';
const read = async (name: string): Promise<EcsDocument[]> =>
  (await gather(readSources([join(folder, name)]))).documents;

const TIME = '2026-01-31T12:00:00.000Z';

test('Carbon Black: connections with their outcome, of a process or of who came in', () => {
  const netconn = (action: string, direction = 'outbound'): EcsDocument => ({
    '@timestamp': TIME,
    data_stream: { dataset: 'carbon_black_cloud.endpoint_event' },
    carbon_black_cloud: { endpoint_event: { type: 'endpoint.event.netconn' } },
    event: { action },
    host: { id: '1', os: { type: 'windows' } },
    process: { executable: 'c:\\tools\\nc.exe', pid: 7, entity_id: 'P-1' },
    source: { ip: '10.1.1.1', port: 50_001 },
    destination: { ip: '10.1.1.9', port: 445 },
    network: { direction, transport: 'tcp' },
  });
  assert.ok(ecs.recognizes(netconn('x')));
  const outcomes = ['CREATE', 'CREATE_FAILED', 'ESTABLISHED'].map(
    (name) => contactOf(netconn(`ACTION_CONNECTION_${name}`)).outcome,
  );
  assert.deepEqual(outcomes, ['unknown', 'refused', 'accepted']);
  for (const name of ['LISTEN', 'CLOSE']) {
    assert.deepEqual(judge(netconn(`ACTION_CONNECTION_${name}`)), ['carbon_black_cloud']);
  }
  const inbound = contactOf(netconn('ACTION_CONNECTION_ESTABLISHED', 'inbound'));
  assert.deepEqual([inbound.is_process, inbound.source], [false, '10.1.1.1']);
});

test('Carbon Black: a start is a launch where the process is what was started', () => {
  const start = (rest: EcsDocument = {}): EcsDocument => ({
    '@timestamp': TIME,
    'event.dataset': 'carbon_black_cloud.endpoint_event',
    'carbon_black_cloud.endpoint_event.type': 'endpoint.event.procstart',
    'process.executable': 'c:\\tools\\nmap.exe',
    'host.os.type': 'windows',
    ...rest,
  });
  assert.deepEqual(judge(start()), ['carbon_black_cloud', 'launch']);
  assert.deepEqual(judge(start({ 'carbon_black_cloud.endpoint_event.childproc.name': 'x' })), ['carbon_black_cloud']);
});

test('a real event of Carbon Black: an end', needsData, async () => {
  const file = join(folder, 'elastic-packages/carbon_black_cloud.endpoint_event.json');
  const document: EcsDocument = JSON.parse(await readFile(file, 'utf8'));
  assert.deepEqual(judge(document), ['carbon_black_cloud', 'exit']);
  assert.throws(() => rowsOf(document), { reason: 'no_time' }, 'the sample was taken before it got its time');
});

test('CrowdStrike FDR: connections are judged as any ECS; the program is known by its id only', () => {
  const event = (type: string[], rest: EcsDocument): EcsDocument => ({
    '@timestamp': TIME,
    event: { dataset: 'crowdstrike.fdr', kind: 'event', category: ['network'], type, action: 'NetworkConnectIP4' },
    process: { entity_id: '1016182570608' },
    source: { ip: '10.1.1.1', port: 50_001 },
    destination: { ip: '10.1.1.9', port: 445 },
    network: { direction: 'egress', transport: 'tcp' },
    ...rest,
  });
  const connect = event(['connection', 'start'], {});
  assert.deepEqual(judge(connect), ['ECS', 'begun']);
  const contact = contactOf(connect);
  assert.deepEqual([contact.is_process, contact.outcome], [true, 'unknown']);
  const inbound = event(['connection', 'start'], { network: { direction: 'ingress', transport: 'tcp' } });
  assert.deepEqual(judge(inbound), ['ECS', 'begun', 'inbound']);
  assert.deepEqual(judge(event(['protocol'], {})), ['ECS']);
});

test(
  'real events of CrowdStrike and Defender for Endpoint that are neither contact nor launch',
  needsData,
  async () => {
    for (const name of ['crowdstrike.fdr', 'microsoft_defender_endpoint.log']) {
      const documents = await read(`elastic-packages/${name}.json`);
      assert.equal(documents.length, 1, name);
      assert.deepEqual(documents.map(judge), [[]], name);
    }
  },
);

test('a real flow of Auditbeat’s sockets is one contact of its process', needsData, async () => {
  const [flow = {}] = await read('beats/auditbeat-socket-data.json');
  assert.deepEqual(judge(flow), ['auditbeat', 'begun', 'accepted']);
  const contact = contactOf(flow);
  assert.deepEqual(
    [contact.destination, contact.port, contact.transport, contact.scope, contact.platform, contact.time],
    ['151.101.66.217', 80, 'tcp', 'foreign', 'linux', BigInt(Date.parse('2019-08-22T20:46:35.001Z'))],
  );
  assert.match(String(contact.subject), /\/usr\/bin\/curl/);
});

test('a real login and a socket call of Auditbeat’s audit log are neither', needsData, async () => {
  for (const name of ['beats/auditbeat-auditd-data.json', 'elastic-packages/auditd_manager.auditd.json']) {
    assert.deepEqual((await read(name)).map(judge), [['auditd']], name);
  }
});

/** What Auditbeat makes of an event that its library joined. */
function asAuditbeat(event: EcsDocument): EcsDocument {
  const {
    '@timestamp': time,
    record_type,
    result,
    session,
    summary,
    data,
    process,
    destination,
    network,
    ecs: told,
  } = event;
  const from = isObject(process) ? process : {};
  return {
    '@timestamp': time,
    event: { module: 'auditd', ...(isObject(told) && isObject(told.event) ? told.event : {}) },
    auditd: { message_type: record_type, result, session, summary, data },
    process: { pid: from.pid, executable: from.exe, name: from.name, args: from.args, parent: { pid: from.ppid } },
    ...(destination ? { destination } : {}),
    ...(network ? { network } : {}),
    host: { name: 'h1' },
  };
}

test('events as Auditbeat’s library joins them: launches, and nothing else for what it is not', needsData, async () => {
  const found: [string, string[]][] = [];
  for (const name of [
    'rhel-7-linux-3.10.0',
    'ubuntu-17.04-linux-4.10.0',
    'ubuntu-20.04.6-linux-5.15.0-1034-gcp',
    'ubuntu-24.04-linux-6.8.0',
  ]) {
    const text = await readFile(join(folder, 'go-libaudit', `${name}.json.golden`), 'utf8');
    for (const { event } of JSON.parse(text) as { event: EcsDocument }[]) {
      const document = asAuditbeat(event);
      assert.ok(ecs.recognizes(document));
      assert.equal(judge(document)[0], 'auditd');
      const kinds = judge(document).slice(1);
      if (kinds.length > 0) found.push([textAt(document, 'process.executable') ?? '', kinds]);
      for (const launch of rowsOf(document).launches) assert.ok(launch.arguments, 'with its arguments');
    }
  }
  assert.deepEqual(found, [
    ['/usr/bin/docker', ['launch']],
    ['/usr/bin/dash', ['launch']],
  ]);
});
