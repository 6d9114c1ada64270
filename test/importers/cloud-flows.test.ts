import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsVpcFlow, awsVpcFlowJson } from '../../server/importers/aws-vpcflow.js';
import { azureFlows } from '../../server/importers/azure-flows.js';
import { Rejected } from '../../server/importers/format.js';
import { gcpVpcFlow } from '../../server/importers/gcp-vpcflow.js';
import { contactsOf, documentsIn, documentsOf, rowsOf } from './judge.js';
import { readText } from './read-text.js';

const isRejected = (reason: string) => (error: unknown) => error instanceof Rejected && error.reason === reason;

const FIRST = '2 111122223333 eni-0a1b2c3d 10.1.0.7 10.1.0.9 40001 22 6 1 40 1770091500 1770091560 REJECT OK';
const BACK = '2 111122223333 eni-0a1b2c3d 10.1.0.9 10.1.0.7 22 40002 6 1 40 1770091500 1770091560 ACCEPT OK';
const NONE = '2 111122223333 eni-0a1b2c3d - - - - - - - 1770091500 1770091560 - NODATA';

test('AWS: the default format, without a header and behind a time of export', () => {
  const documents = documentsIn(awsVpcFlow, [FIRST, BACK, NONE, `2026-02-03T04:05:00.000Z ${FIRST}`].join('\n'));
  assert.deepEqual(contactsOf(documents), ['10.1.0.7>10.1.0.9:22/tcp refused', '10.1.0.7>10.1.0.9:22/tcp refused']);
  assert.equal(documents[0]?.['event.start'], '2026-02-03T04:05:00.000Z');
  assert.equal(documents[0]?.['@timestamp'], '2026-02-03T04:06:00.000Z');
});

test('AWS: a header names the columns; flags tell who began, the packet’s addresses who it was', () => {
  const header =
    'srcaddr dstaddr pkt-srcaddr pkt-dstaddr srcport dstport protocol tcp-flags start action flow-direction';
  const line = (flags: number, ports = '1024 8080') =>
    `10.1.0.7 10.1.0.9 10.1.5.1 - ${ports} 6 ${flags} 1770091500 ACCEPT egress`;
  const documents = documentsIn(awsVpcFlow, [header, line(2), line(18, '8080 1024'), line(0), line(3)].join('\n'));
  assert.equal(documents.length, 4);
  assert.deepEqual(contactsOf(documents), Array(2).fill('10.1.5.1>10.1.0.9:8080/tcp unknown'));
  assert.equal(documents[0]?.['source.nat.ip'], '10.1.0.7');
  assert.equal(documents[0]?.['network.direction'], 'egress');
  const parser = awsVpcFlow.open();
  parser.line(header);
  assert.throws(() => parser.line('10.1.0.7 10.1.0.9'), isRejected('truncated'));
  assert.throws(() => parser.line(line(2).replace('10.1.5.1', 'x')), isRejected('bad_address'));
  assert.throws(() => parser.line(line(2).replace('8080', '99999')), isRejected('bad_port'));
  assert.throws(() => awsVpcFlow.open().line(line(2)), isRejected('not_this_format'));
});

test('AWS: CloudWatch’s wrappers, a message, and objects with keys', async () => {
  const wrapped = {
    messageType: 'DATA_MESSAGE',
    logGroup: 'g',
    logEvents: [FIRST, BACK].map((message) => ({ message })),
  };
  const { events, results } = await readText(JSON.stringify(wrapped));
  assert.deepEqual(contactsOf(events.map(({ document }) => document)), ['10.1.0.7>10.1.0.9:22/tcp refused']);
  assert.deepEqual(results[0]?.formats, ['AWS VPC flow logs (JSON)']);
  assert.deepEqual(contactsOf(documentsOf(awsVpcFlowJson, { message: FIRST })), ['10.1.0.7>10.1.0.9:22/tcp refused']);
  const keyed = {
    version: 5,
    interface_id: 'eni-1',
    srcaddr: '10.1.0.7',
    dstaddr: '10.1.0.9',
    srcport: 40_001,
    dstport: 22,
    protocol: 6,
    start: 1_770_091_500,
    end: 1_770_091_560,
    action: 'ACCEPT',
    tcp_flags: 2,
    log_status: 'OK',
  };
  assert.deepEqual(contactsOf(documentsOf(awsVpcFlowJson, keyed)), ['10.1.0.7>10.1.0.9:22/tcp unknown']);
  assert.equal(awsVpcFlowJson.recognizes({ message: 'an ordinary message of an ordinary log' }), false);
});

test('Google Cloud: both ends tell a flow; answers and namespaces', () => {
  const entry = (from: [string, number], to: [string, number]) => ({
    insertId: 'x',
    timestamp: '2026-02-03T04:10:00.1Z',
    logName: 'projects/p/logs/compute.googleapis.com%2Fvpc_flows',
    jsonPayload: {
      reporter: 'SRC',
      connection: { src_ip: from[0], src_port: from[1], dest_ip: to[0], dest_port: to[1], protocol: 6 },
      start_time: '2026-02-03T04:05:06.123456789Z',
      packets_sent: '3',
      src_gke_details: { pod: { pod_name: 'web-0', pod_namespace: 'shop' } },
      dest_gke_details: { pod: { pod_name: 'sql-0', pod_namespace: 'db' } },
    },
  });
  const there = documentsOf(gcpVpcFlow, entry(['10.1.0.7', 40_001], ['10.1.0.9', 22]));
  assert.deepEqual(contactsOf(there), ['10.1.0.7>10.1.0.9:22/tcp unknown']);
  const [row] = rowsOf(there[0] ?? {}).contacts;
  assert.deepEqual([row?.namespace, row?.destination_namespace], ['shop', 'db']);
  assert.equal(row?.time, BigInt(Date.parse('2026-02-03T04:05:06.123Z')));
  assert.deepEqual(contactsOf(documentsOf(gcpVpcFlow, entry(['10.1.0.9', 22], ['10.1.0.7', 40_001]))), []);
  assert.throws(() => documentsOf(gcpVpcFlow, entry(['', 1], ['10.1.0.9', 22])), isRejected('bad_address'));
});

const group = (...flowTuples: string[]) => ({
  time: '2026-02-03T04:06:00.0Z',
  category: 'NetworkSecurityGroupFlowEvent',
  properties: { Version: 2, flows: [{ rule: 'R', flows: [{ mac: '00', flowTuples }] }] },
});

test('Azure: beginnings and denials of security groups and of virtual networks', async () => {
  const head = '1770091500,10.1.0.7,10.1.0.9,40001,22,T,O';
  const old = documentsOf(azureFlows, group(`${head},A`, `${head},D`));
  assert.deepEqual(contactsOf(old), ['10.1.0.7>10.1.0.9:22/tcp unknown', '10.1.0.7>10.1.0.9:22/tcp refused']);
  const tuples = [`${head},A,B,,,,`, `${head},A,C,3,200,2,100`, `${head},A,E,3,200,2,100`, `${head},D,B,,,,`];
  assert.deepEqual(contactsOf(documentsOf(azureFlows, group(...tuples))), [
    '10.1.0.7>10.1.0.9:22/tcp unknown',
    '10.1.0.7>10.1.0.9:22/tcp refused',
  ]);
  const vnet = {
    time: '2026-02-03T04:06:00.0Z',
    category: 'FlowLogFlowEvent',
    flowLogVersion: 4,
    flowRecords: {
      flows: [
        {
          aclID: 'a',
          flowGroups: [
            {
              rule: 'R',
              flowTuples: [
                '1770091500123,10.1.0.7,10.1.0.9,40001,53,17,O,B,NX,0,0,0,0',
                '1770091500123,10.1.0.7,10.1.0.9,40001,53,17,O,E,NX,1,60,1,90',
                '1770091500123,198.51.100.7,10.1.0.9,40001,23,6,I,D,NX,0,0,0,0',
              ],
            },
          ],
        },
      ],
    },
  };
  const { events } = await readText(JSON.stringify({ records: [vnet] }));
  assert.deepEqual(contactsOf(events.map(({ document }) => document)), [
    '10.1.0.7>10.1.0.9:53/udp unknown',
    '198.51.100.7>10.1.0.9:23/tcp refused',
  ]);
  assert.match(events[0]?.original ?? '', /^1770091500123,.*,B,NX,0,0,0,0$/, 'the tuple, not the record around it');
  assert.throws(() => documentsOf(azureFlows, group('1,2,3')), isRejected('truncated'));
  assert.throws(() => documentsOf(azureFlows, group(head.replace('177', 'x'), `${head},A`)), Rejected);
});

test('Azure: a minute in which all ports were scanned is one record of several megabytes', async () => {
  const tuples = Array.from({ length: 65_535 }, (_, n) => `1770091500,10.1.0.7,10.1.0.9,40001,${n + 1},T,O,D,B,,,,`);
  const { events, results } = await readText(JSON.stringify({ records: [group(...tuples)] }));
  assert.deepEqual(results[0]?.rejected, {});
  assert.equal(events.length, 65_535);
});
