import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EcsDocument, readText } from '../../queries/document.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { contactsOf, rowsOf } from './judge.js';
import { gather } from './read-text.js';

async function documentsOf(path: string): Promise<EcsDocument[]> {
  const { documents, error } = await gather(readSources([join(sharedData ?? '', path)]));
  assert.equal(error, undefined);
  return documents;
}

const distinct = (documents: readonly EcsDocument[], field: 'destination' | 'port'): number =>
  new Set(documents.flatMap((document) => rowsOf(document).contacts.map((contact) => contact[field]))).size;

for (const [file, hosts, ports, outcome] of [
  ['syn_scan_1000_1500', 1, 501, 'unanswered'],
  ['udp_scan_1000_1150', 1, 151, 'unanswered'],
  ['ipv6_tcp_connect_nmap_default_scan', 1, 1000, 'unanswered'],
  ['syn_sweep', 11, 1, 'unanswered'],
  ['ipv4_valid_ping', 1, 1, 'unknown'],
] as const) {
  test(`psad ${file}: ${hosts} hosts, ${ports} ports, all ${outcome}`, needsData, async () => {
    const documents = await documentsOf(`psad/${file}`);
    assert.equal(distinct(documents, 'destination'), hosts);
    assert.equal(distinct(documents, 'port'), ports);
    for (const contact of contactsOf(documents)) assert.ok(contact.endsWith(` ${outcome}`), contact);
  });
}

/** What our reader and Elastic's pipeline must agree on. */
const SAME = [
  'source.ip',
  'source.port',
  'destination.ip',
  'destination.port',
  'network.transport',
  'network.direction',
  'event.start',
  'event.action',
  'iptables.icmp.type',
];

for (const [raw, expected, left] of [
  ['beats/aws-vpcflow-accept-reject.log', 'beats/aws-vpcflow-accept-reject-expected.json', []],
  ['beats/gcp-vpcflow.json.log', 'beats/gcp-vpcflow-expected.json', ['event.start']],
] as const) {
  test(`${raw}: the fields are those of Elastic's own documents`, needsData, async () => {
    const [ours, theirs] = [await documentsOf(raw), await documentsOf(expected)];
    assert.ok(theirs.length > 0);
    for (const [number, document] of theirs.entries()) {
      const fields = SAME.filter((field) => !left.some((one) => one === field));
      const pick = (one: EcsDocument = {}) => fields.map((field) => readText(one, field));
      assert.deepEqual(pick(ours[number]), pick(document));
      assert.deepEqual(contactsOf(ours.slice(number, number + 1)), contactsOf([document]));
    }
  });
}

test('a pod’s connects by Tetragon are those of a container', needsData, async () => {
  for (const name of ['nc_process_connect', 'process_connect', 'merlin-agent-go-connect']) {
    const [document = {}] = await documentsOf(`tetragon/${name}.json`);
    const [contact] = rowsOf(document).contacts;
    assert.match(String(contact?.container), /^[\da-f]{24,64}$/);
    assert.ok(contact?.is_process);
  }
  const launches = await documentsOf('tetragon/testdata-events.json');
  assert.equal(launches.flatMap((document) => rowsOf(document).launches).length, 3);
});

test(
  'Falco’s shell and Hubble’s SYN are read; KubeArmor’s records without a time are rejected',
  needsData,
  async () => {
    const [shell = {}] = await documentsOf('falco/test-falco-part.log');
    assert.equal(rowsOf(shell).launches[0]?.arguments, 'bash -c ls > /dev/null');
    assert.deepEqual(contactsOf(await documentsOf('hubble/hubble-export-part.log')), [
      '10.10.21.241>9.134.108.44:9922/tcp unknown',
    ]);
    const { results } = await gather(readSources([join(sharedData ?? '', 'kubearmor/kubearmor-events.ndjson')]));
    assert.deepEqual(results[0]?.rejected, { no_time: 2 });
  },
);
