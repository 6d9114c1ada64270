import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readText } from '../../queries/document.js';
import { needsData, sharedData } from '../shared-data.js';
import {
  contactsIn,
  documentsIn,
  isFailed,
  type Judged,
  matching,
  mostDistinct,
  socketOf,
} from './zeek-suricata-contacts.js';

/** What each phase's source did: contacts, distinct hosts and ports, and distinct failed sockets in ten minutes. */
const PHASES: Record<string, [contacts: number, hosts: number, ports: number, failedSockets: number]> = {
  b1: [276, 2, 2, 0],
  b2: [208, 8, 4, 0],
  b3: [136, 8, 4, 0],
  p01: [0, 0, 0, 0], // an ARP sweep: no IP packet
  p02: [95, 64, 3, 93], // 62 silent addresses, and ports 80 and 443 of those; echo has no port
  p03: [800, 8, 100, 778],
  p04: [360, 3, 120, 355],
  p05: [34, 3, 5, 8],
  p06: [64, 8, 8, 49],
  p07: [13, 8, 4, 0],
  p08: [120, 120, 1, 120],
  p09: [30, 3, 10, 29],
  p10: [80, 8, 10, 62],
  p11: [24, 2, 2, 0],
  p14: [29, 28, 1, 28],
};

interface Phase {
  name: string;
  source: string;
  from: number;
  to: number;
}

function phases(): Phase[] {
  const rows = (name: string): Record<string, string & number>[] =>
    readFileSync(join(sharedData ?? '', 'lab', name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  const addresses = new Map(rows('hosts.ndjson').flatMap(({ host, ip }) => (ip === undefined ? [] : [[host, ip]])));
  return rows('labels.ndjson').map(({ phase, source, start, end }) => ({
    name: phase ?? '',
    source: addresses.get(source) ?? '',
    from: (start ?? 0) * 1000,
    to: (end ?? Number.POSITIVE_INFINITY) * 1000, // work in the background goes on to the end
  }));
}

for (const path of ['lab/zeek-tsv/conn.log', 'lab/zeek-json/conn.log', 'lab/suricata/eve.json.gz'])
  test(`${path}: each phase's contacts are those of the lab's table`, needsData, () => {
    const contacts = contactsIn(documentsIn(path));
    for (const { name, source, from, to } of phases()) {
      const expected = PHASES[name];
      if (expected === undefined) continue;
      const own = contacts.filter((contact) => contact.source === source && contact.time >= from && contact.time <= to);
      const distinct = (value: (contact: Judged) => unknown) => new Set(own.map(value)).size;
      const failed = mostDistinct(own.filter(isFailed), 600, socketOf);
      const found = [own.length, distinct(({ destination }) => destination), distinct(({ port }) => port), failed];
      assert.deepEqual(found, expected, name);
    }
  });

for (const path of ['lab/zeek-tsv/dns.log', 'lab/zeek-json/dns.log', 'lab/suricata/eve.json.gz'])
  test(`${path}: both mDNS browses ask for nine types with the meta query, nobody else asks`, needsData, () => {
    const questions = matching(documentsIn(path), ({ serviceQuery }) => serviceQuery?.asked);
    const browses = phases().filter(({ name }) => name === 'p12' || name === 'p13');
    for (const { name, source, from, to } of browses) {
      const types = questions
        .filter((question) => readText(question, 'source.ip') === source)
        .filter((question) => {
          const time = Date.parse(readText(question, '@timestamp') ?? '');
          return time >= from && time <= to;
        })
        .map((question) => readText(question, 'dns.question.name'));
      assert.equal(new Set(types).size, 9, name);
      assert.ok(types.includes('_services._dns-sd._udp.local'), name);
    }
    const [browser] = browses;
    assert.ok(questions.every((question) => readText(question, 'source.ip') === browser?.source));
  });

test('both writers of Zeek give the same documents', needsData, () => {
  const documents = (log: string) =>
    ['tsv', 'json'].map((writer) =>
      documentsIn(`lab/zeek-${writer}/${log}.log`).map(
        ({ 'event.id': id, 'zeek.session_id': session, 'event.duration': duration, ...fields }) => fields,
      ),
    );
  for (const log of ['conn', 'dns']) {
    const [tsv, json] = documents(log); // ids are random a run; text logs cut durations to microseconds
    assert.deepEqual(tsv, json);
  }
});
