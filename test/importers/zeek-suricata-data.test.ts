import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type EcsDocument, readText } from '../../queries/document.js';
import { needsData, sharedData } from '../shared-data.js';
import {
  contactsIn,
  documentsIn,
  isFailed,
  isOwn,
  type Judged,
  matching,
  mostDistinct,
  socketOf,
} from './zeek-suricata-contacts.js';

/** Connection records of each file, as ../shared/data/README.md counts them by other means. */
const RECORDS: Record<string, number> = {
  'beats/suricata-eve-small.log': 1,
  'beats/zeek-connection-json.log': 5,
  'derived-suricata/445_scan.eve.json.gz': 9,
  'derived-suricata/ethereum.eve.json.gz': 74,
  'derived-suricata/gnutella.eve.json.gz': 1185,
  'derived-suricata/iphone.eve.json.gz': 51,
  'derived-suricata/mdns.eve.json.gz': 3,
  'derived-suricata/nmap-tcp_connect_scan.eve.json.gz': 2012,
  'derived-suricata/nmap-udp_scan.eve.json.gz': 1030,
  'derived-suricata/portscan.eve.json.gz': 29,
  'derived-suricata/synscan.eve.json.gz': 1994,
  'derived-suricata/telegram.eve.json.gz': 52,
  'derived-suricata/test12-icmp.eve.json.gz': 18,
  'derived-suricata/wikipedia.eve.json.gz': 34,
  'derived-suricata/xscan.eve.json.gz': 742,
  'derived-zeek/445_scan.conn.log.gz': 21,
  'derived-zeek/ethereum.conn.log.gz': 74,
  'derived-zeek/gnutella.conn.log.gz': 1141,
  'derived-zeek/iphone.conn.log.gz': 53,
  'derived-zeek/mdns.conn.log.gz': 3,
  'derived-zeek/nmap-tcp_connect_scan.conn.log.gz': 5029,
  'derived-zeek/nmap-udp_scan.conn.log.gz': 1032,
  'derived-zeek/portscan.conn.log.gz': 29,
  'derived-zeek/synscan.conn.log.gz': 1994,
  'derived-zeek/telegram.conn.log.gz': 54,
  'derived-zeek/test12-icmp.conn.log.gz': 18,
  'derived-zeek/wikipedia.conn.log.gz': 34,
  'derived-zeek/xscan.conn.log.gz': 1239,
  'ics-pcap/4sics-151020-conn.log': 12_444,
  'lab/suricata/eve.json.gz': 2283,
  'lab/zeek-json/conn.log': 2287,
  'lab/zeek-tsv/conn.log': 2287,
  'rita/json_with_all_fields-conn.log': 29,
  'rita/missing_host-2024-04-19-13h.conn.log.gz': 984,
  'rita/missing_host-2024-04-20-00h.conn.log.gz': 1789,
  'rita/proxy_rolling-16h.conn.log.gz': 7260,
  'slips/test6-malicious.suricata.json': 3512,
  'slips/test9-conn.log': 576,
  'slips/vertical-conn.log': 50,
  'stratosphere-datasets/001-labeled-conn.log': 992,
  'stratosphere-datasets/005-conn.log': 992,
  'stratosphere-datasets/010-conn.log.labeled': 5347,
  'zat/conn.log': 360,
  'zat/json-conn.log': 50,
};

const isRecord = (document: EcsDocument): boolean =>
  readText(document, 'event.dataset') === 'zeek.connection' || readText(document, 'suricata.eve.event_type') === 'flow';

for (const [path, count] of Object.entries(RECORDS))
  test(`${path} holds ${count} connection records`, needsData, () => {
    assert.equal(documentsIn(path).filter(isRecord).length, count);
  });

const CAPTURES = [
  '445_scan',
  'ethereum',
  'gnutella',
  'iphone',
  'mdns',
  'nmap-tcp_connect_scan',
  'nmap-udp_scan',
  'portscan',
  'synscan',
  'telegram',
  'test12-icmp',
  'wikipedia',
  'xscan',
];

/** Sockets that one sensor saw answer later than the other waited: Zeek gives a SYN up after 5 s, UDP after 60 s. */
const DIFFER: Record<string, number> = { gnutella: 7, xscan: 1 };

for (const capture of CAPTURES)
  test(`${capture}: Zeek and Suricata see the same contacts, and the same ones fail`, needsData, () => {
    const zeek = failuresBySocket(contactsIn(documentsIn(`derived-zeek/${capture}.conn.log.gz`)));
    const suricata = failuresBySocket(contactsIn(documentsIn(`derived-suricata/${capture}.eve.json.gz`)));
    assert.deepEqual([...zeek.keys()].toSorted(), [...suricata.keys()].toSorted());
    const differing = [...zeek].filter(([socket, failures]) => suricata.get(socket) !== failures);
    assert.equal(differing.length, DIFFER[capture] ?? 0);
  });

/** For each source and socket whether its contacts failed: always, never, or now and then. */
function failuresBySocket(contacts: readonly Judged[]): Map<string, string> {
  const kinds = new Map<string, Set<boolean>>();
  for (const contact of contacts) {
    const key = `${contact.source} ${socketOf(contact)}`;
    kinds.set(key, (kinds.get(key) ?? new Set()).add(isFailed(contact)));
  }
  return new Map([...kinds].map(([key, kind]) => [key, kind.size === 2 ? 'mixed' : String(kind.has(true))]));
}

const failedOwnSockets = (contacts: readonly Judged[]): number =>
  mostDistinct(
    contacts.filter((contact) => isFailed(contact) && isOwn(contact.destination)),
    600,
    socketOf,
  );
const failedPortsOfOneHost = (contacts: readonly Judged[]): number =>
  mostDistinct(
    contacts.filter(isFailed),
    600,
    ({ port }) => port,
    ({ source, destination }) => `${source} ${destination}`,
  );

for (const path of ['derived-zeek/gnutella.conn.log.gz', 'derived-suricata/gnutella.eve.json.gz'])
  test(`${path}: a P2P client fails few own sockets and few ports of one host`, needsData, () => {
    const contacts = contactsIn(documentsIn(path));
    assert.ok(failedOwnSockets(contacts) <= 4);
    assert.ok(failedPortsOfOneHost(contacts) <= 7);
  });

for (const [capture, failed] of Object.entries({ 'nmap-tcp_connect_scan': 995, 'nmap-udp_scan': 998, synscan: 997 }))
  for (const path of [`derived-zeek/${capture}.conn.log.gz`, `derived-suricata/${capture}.eve.json.gz`])
    test(`${path}: a scan of 1,000 ports fails ${failed}`, needsData, () => {
      assert.equal(failedPortsOfOneHost(contactsIn(documentsIn(path))), failed);
    });

test("a server's replies without the requests (RSTOS0) are no contacts of the server", needsData, () => {
  const contacts = contactsIn(documentsIn('ics-pcap/4sics-151020-conn.log'));
  assert.equal(contacts.length, 9856);
  assert.deepEqual(
    contacts.filter(({ source, destination }) => source === '10.10.10.10' && destination === '10.10.10.30'),
    [],
  );
  const ports = mostDistinct(
    contacts,
    600,
    ({ port }) => port,
    ({ source, destination }) => `${source} ${destination}`,
  );
  assert.ok(ports <= 8, String(ports));
  assert.ok(failedOwnSockets(contacts) <= 4);
});

for (const path of [
  'rita/proxy_rolling-16h.conn.log.gz',
  'slips/test9-conn.log',
  'zat/conn.log',
  'stratosphere-datasets/005-conn.log',
])
  test(`${path}: much fan-out, hardly a failed own socket`, needsData, () => {
    assert.ok(failedOwnSockets(contactsIn(documentsIn(path))) <= 4);
  });

/** Documents that Elastic's own pipelines wrote. */
const written = (path: string): EcsDocument[] => {
  const content: EcsDocument | EcsDocument[] = JSON.parse(readFileSync(join(sharedData ?? '', path), 'utf8'));
  return Array.isArray(content) ? content : [content];
};

test('documents of the official zeek integration are judged like ours', needsData, () => {
  const official = contactsIn(written('beats/zeek-connection-expected.json'));
  assert.deepEqual(official, contactsIn(documentsIn('beats/zeek-connection-json.log')));
  assert.deepEqual(
    official.map(({ transport, outcome }) => `${transport} ${outcome}`),
    ['udp accepted', 'udp accepted', 'udp accepted'], // the others: an ICMP error, a broken checksum
  );
  const asked = (documents: EcsDocument[]) =>
    matching(documents, ({ serviceQuery }) => serviceQuery?.asked).map((one) => readText(one, 'dns.question.name'));
  assert.deepEqual(asked(written('beats/zeek-dns-expected.json')), ['_googlecast._tcp.local']);
  assert.deepEqual(asked(documentsIn('beats/zeek-dns-json.log')), ['_googlecast._tcp.local']);
});

test('documents of the official suricata integration are judged like ours', needsData, () => {
  // Its only flow goes to a group: the group is replaced to see the verdict.
  const toHost = (documents: EcsDocument[]) =>
    contactsIn(documents.map((one) => ({ ...one, 'destination.ip': 'fe80::1', 'destination.port': 1 })));
  const official = toHost(written('beats/suricata-eve-small-expected.json'));
  assert.deepEqual(official, toHost(documentsIn('beats/suricata-eve-small.log')));
  assert.deepEqual(
    official.map(({ transport, outcome }) => `${transport} ${outcome}`),
    ['udp unanswered'],
  );
  assert.deepEqual(contactsIn(written('elastic-packages/suricata.eve.json')), []); // an ssh event
  assert.deepEqual(contactsIn(written('beats/suricata-eve-dns-expected.json')), []);
});
