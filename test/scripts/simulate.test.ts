import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type SimulatedLine, simulate } from '../../scripts/simulate/run.js';
import { bySubject, contactsIn, mostDistinct, type SeenContact } from './telemetry-contacts.js';

const start = Date.parse('2027-02-03T09:00:00Z');
const MINUTE = 60_000;

interface Label {
  phase: string;
  kind: 'scan' | 'benign';
  who: string;
  ip: string;
  analytic?: string;
  start: string;
  end: string;
}

interface Question {
  ts: number;
  query: string;
  AA: boolean;
  'id.orig_h': string;
  'id.resp_p': number;
}

const run = (seed: number, hours = 1): SimulatedLine[] => [...simulate({ seed, start, hours })];
const sevens = run(7, 2);
const linesOf = (lines: SimulatedLine[], file: SimulatedLine['file']): string[] =>
  lines.filter((line) => line.file === file).map(({ text }) => text);
const labelsOf = (lines: SimulatedLine[]): Label[] =>
  linesOf(lines, 'labels.ndjson').map((text) => JSON.parse(text) as Label);
const contactsOf = (lines: SimulatedLine[]): SeenContact[] =>
  lines.flatMap(({ file, text }) => contactsIn(file, text)).sort((a, b) => a.at - b.at);

const isOwn = ({ destination }: SeenContact): boolean => destination.startsWith('10.20.');
const socket = ({ destination, port, transport }: SeenContact): string => `${destination} ${port} ${transport}`;
const most = (contacts: SeenContact[], value: (contact: SeenContact) => string): number =>
  mostDistinct(
    contacts.map((contact) => ({ at: contact.at, value: value(contact) })),
    10 * MINUTE,
  );

/** Contacts that no scan made: by its program, or from its address while it ran. */
function withoutScans(lines: SimulatedLine[]): SeenContact[] {
  const scans = labelsOf(lines).filter(({ kind }) => kind === 'scan');
  const programs = [...scanners.values()];
  return contactsOf(lines).filter(
    ({ who, at }) =>
      !programs.includes(who) &&
      !scans.some(({ ip, start, end }) => ip === who && at >= Date.parse(start) && at <= Date.parse(end) + 1),
  );
}

const scanners = new Map([
  [
    'scan-powershell',
    String.raw`WS-BIRCH.harborview.example c:\windows\system32\windowspowershell\v1.0\powershell.exe`,
  ],
  ['scan-renamed-nmap', String.raw`WS-CEDAR.harborview.example c:\users\public\libraries\wsyncd.exe`],
  [
    'scan-advanced-port-scanner',
    String.raw`WS-ALDER.harborview.example c:\users\mila\appdata\local\temp\advanced port scanner 2\advanced_port_scanner.exe`,
  ],
  ['scan-terminal-nmap', 'mac-oak /opt/homebrew/cellar/nmap/7.95/bin/nmap'],
  [
    'scan-background-python',
    'mac-oak /library/frameworks/python.framework/versions/3.12/resources/python.app/contents/macos/python',
  ],
]);

test('the same seed writes the same telemetry, another seed another', () => {
  assert.deepEqual(run(3), run(3));
  assert.notDeepEqual(run(3), run(4));
});

test('benign work stays inside what benign public telemetry holds', () => {
  for (const seed of [1, 42]) {
    for (const [who, contacts] of bySubject(withoutScans(run(seed, 2)))) {
      const own = contacts.filter(isOwn);
      assert.ok(most(own, ({ destination }) => destination) <= 8, `${who}: own hosts, seed ${seed}`);
      assert.ok(!who.includes(' ') || most(own, socket) <= 8, `${who}: own sockets of a program, seed ${seed}`);
      const failed = contacts.filter(({ isFailed }) => isFailed);
      assert.ok(most(failed.filter(isOwn), socket) <= 4, `${who}: failed own sockets, seed ${seed}`);
      assert.deepEqual(
        failed.filter((contact) => !isOwn(contact)),
        [],
        `${who}: failed foreign sockets, seed ${seed}`,
      );
    }
  }
});

test('some benign fan-out is there to be passed over', () => {
  const contacts = withoutScans(sevens).filter((contact) => !isOwn(contact));
  const widest = Math.max(
    ...[...bySubject(contacts).values()].map((one) =>
      mostDistinct(
        one.map(({ at, destination }) => ({ at, value: destination })),
        MINUTE,
      ),
    ),
  );
  assert.ok(widest >= 9 && widest <= 22, `${widest} foreign hosts in a minute`);
});

test('each scan reaches twice the threshold of own sockets, from its own program', () => {
  const lines = sevens;
  const contacts = contactsOf(lines).filter(isOwn);
  for (const [phase, who] of scanners) {
    const sockets = most(
      contacts.filter((contact) => contact.who === who),
      socket,
    );
    assert.ok(sockets >= 32, `${phase}: ${sockets}`);
    const label = labelsOf(lines).find((one) => one.phase === phase);
    assert.equal(label?.analytic, who.startsWith('mac-') ? 'AN1059' : 'AN1057');
  }
});

test('what fails is seen to fail: by the own firewall, by the one reached, by the network', () => {
  const failed = contactsOf(sevens).filter(({ isFailed }) => isFailed);
  const by = (who: string) => new Set(failed.filter((contact) => contact.who === who).map(socket)).size;
  assert.ok(by(scanners.get('scan-powershell')!) > 200);
  assert.ok(by('10.20.10.23') > 200); // the renamed nmap, by Zeek and by the servers' firewalls
});

test('only the browse of all types asks the meta query; a phone asks for 18 types in a minute', () => {
  const lines = sevens;
  const asked = linesOf(lines, 'zeek-dns.log')
    .map((text) => JSON.parse(text) as Question)
    .filter((row) => row['id.resp_p'] === 5353 && !row.AA);
  const meta = asked.filter(({ query }) => query === '_services._dns-sd._udp.local');
  const browse = labelsOf(lines).find(({ phase }) => phase === 'scan-bonjour')!;
  assert.equal(meta.length, 1);
  assert.equal(meta[0]?.['id.orig_h'], browse.ip);
  const typesOf = (rows: Question[]) =>
    mostDistinct(
      rows.map(({ ts, query }) => ({ at: ts * 1000, value: query })),
      MINUTE,
    );
  assert.ok(
    typesOf(asked.filter((row) => row['id.orig_h'] === browse.ip && row.ts * 1000 >= Date.parse(browse.start))) >= 15,
  );
  assert.ok(typesOf(asked.filter((row) => row['id.orig_h'] === '10.20.20.51')) <= 18);
});

test('addresses belong to the office, to documentation or to multicast', () => {
  const known = /^(10\.20\.\d+\.\d+|192\.0\.2\.\d+|198\.51\.100\.\d+|203\.0\.113\.\d+|2001:db8:[0-9a-f:]+)$/;
  for (const { destination, port, who } of contactsOf(sevens)) {
    assert.match(destination, known);
    assert.ok(Number.isInteger(port) && port > 0 && port <= 65_535);
    assert.ok(who.includes(' ') || known.test(who), who);
  }
});

test('labels say who did what, in the span', () => {
  const labels = labelsOf(sevens);
  assert.equal(labels.filter(({ kind }) => kind === 'scan').length, 6);
  for (const label of labels) {
    assert.ok(Date.parse(label.start) >= start && label.start < label.end, label.phase);
    assert.ok(Date.parse(label.end) <= start + 120 * MINUTE, label.phase);
  }
});
