import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Span, Telemetry, Wanted } from '../../server/model/ports.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { address, program } from '../contract/on-telemetry.js';
import { Cast } from '../scenarios/cast.js';
import { finalOf } from '../scenarios/final.js';
import { alertsIn, imported, now, requestsWith } from '../scenarios/play.js';
import { auditConnect, auditExit, auditRawSocket, auditStart } from '../scenarios/telemetry/auditd.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { securityConnection, sysmonConnection, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, HOUR, MINUTE, repeat } from '../scenarios/times.js';

const machine = new Cast(0).machine();
const PROBE = 'C:\\Tools\\probe.exe';

const sweep = (from: string, minute: number): EcsDocument[] =>
  repeat(20, (i) => zeekConn({ at: at(minute * MINUTE, i), from, to: `10.200.1.${i + 1}`, port: 445 }));
const probe = (minute: number, hosts: number): EcsDocument[] =>
  repeat(hosts, (i) =>
    securityConnection({
      ...{ at: at(minute * MINUTE, i), machine, program: PROBE, to: `10.200.2.${i + 1}`, port: 445 },
    }),
  );

/** With it no piece touches all that is stored: then everybody would be judged. */
const LONG_BEFORE = [zeekConn({ at: at(-20 * DAY), from: '10.0.0.99', to: '10.200.1.1', port: 445 })];

/** A store that is hunted after each piece, and whose contacts were read meanwhile. */
async function open(t: TestContext) {
  const store = await openInMemory(now);
  t.after(() => store.close());
  let pieces = 0;
  const hunt = async (more: { span?: Span }): Promise<string[]> => {
    const read = new Set<string>();
    const contacts = (wanted: readonly Wanted[]) => {
      for (const { subject } of wanted) read.add(subject);
      return store.telemetry.contacts(wanted);
    };
    const telemetry: Telemetry = Object.create(store.telemetry, { contacts: { value: contacts } });
    await huntAll(
      requestsWith().map((request) => ({ ...request, ...more })),
      { ...store, telemetry, now },
    );
    return [...read];
  };
  const arrive = async (piece: readonly EcsDocument[]) => {
    await store.events.append({ key: `piece ${pieces++}`, events: imported(piece) });
    return hunt({});
  };
  await arrive(LONG_BEFORE);
  return { documents: store.documents, hunt, arrive };
}

test('who has an alert is read again when they act, not when others do; and whoever it is in a span that is asked for', async (t) => {
  const site = await open(t);
  const [first, second] = [address('10.0.0.1'), address('10.0.0.2')];
  assert.deepEqual(await site.arrive(sweep('10.0.0.1', 0)), [first]);
  assert.deepEqual(await site.arrive(sweep('10.0.0.2', 1)), [second]);
  assert.deepEqual(await site.arrive(sweep('10.0.0.1', 2)), [first]);
  assert.deepEqual((await site.hunt({ span: { from: at(0), to: at(DAY) } })).toSorted(), [first, second]);
});

test('a program that rests takes over what the network saw of its host', async (t) => {
  const site = await open(t);
  await site.arrive(probe(0, 20));
  const read = await site.arrive(sweep(machine.ip, 1));
  assert.ok(!read.includes(program(PROBE.toLowerCase(), machine)));
  const alerts = await alertsIn(site.documents);
  assert.deepEqual(alerts.map(({ scanhound }) => `${scanhound.subject.kind} ${scanhound.state}`).toSorted(), [
    'address joined',
    'process active',
  ]);
});

const linux = new Cast(1).machine();
const SCAN = '/usr/bin/probe';
const audited = (minute: number, hosts = 20): EcsDocument[] =>
  repeat(hosts, (i) =>
    auditConnect({
      ...{ at: at(minute * MINUTE, i), machine: linux, program: SCAN, pid: 7, to: `10.200.3.${i + 1}`, port: 22 },
    }),
  );
/** Its host held its address before. */
const held = auditStart({ at: at(-2 * HOUR), machine: linux, program: '/bin/true', pid: 9 });
const shell = auditStart({ at: at(-HOUR), machine: linux, program: '/bin/sh', pid: 7, args: '-c probe' });
const nmap = sysmonStart({ at: at(0), machine, program: 'C:\\nmap.exe', args: '-sS x', pid: 7 });

const late: { what: string; pieces: EcsDocument[][] }[] = [
  { what: 'what started its process, under another name', pieces: [[...audited(0), held], [shell]] },
  {
    what: 'the end of its process, before it',
    pieces: [[...audited(0), shell], [auditExit({ at: at(-60), machine: linux, program: '/bin/sh', pid: 7 })]],
  },
  {
    what: 'a raw socket of its process',
    pieces: [audited(0), [auditRawSocket({ at: at(1), machine: linux, program: SCAN, pid: 7 })]],
  },
  {
    what: 'another address of its host',
    pieces: [audited(0), [auditStart({ at: at(HOUR), machine: { ...linux, ip: '10.9.9.9' }, program: '/bin/true' })]],
  },
  { what: 'who holds its address', pieces: [sweep(machine.ip, 0), [{ ...nmap, 'process.executable': 'C:\\a.exe' }]] },
  {
    what: 'that its address is held by two',
    pieces: [
      [...sweep(machine.ip, 0), nmap],
      [sysmonStart({ at: at(HOUR), machine: { ...machine, id: 'x', name: 'x' }, program: 'C:\\a.exe' })],
    ],
  },
  { what: 'rounds that go on', pieces: [audited(0), ...[10, 20, 30, 40].map((minute) => audited(minute))] },
  {
    // the launch joins the scan it began, and what the network saw long before that scan has nothing to join any more
    what: 'a scan that takes away what it was joined to',
    pieces: [
      [...sweep(machine.ip, -14), nmap],
      repeat(20, (i) =>
        sysmonConnection({
          ...{ at: at(14 * MINUTE, i), machine, program: PROBE, pid: 7, to: `10.200.4.${i + 1}`, port: 445 },
        }),
      ),
    ],
  },
];

for (const { what, pieces } of late)
  test(`an alert tells ${what}, as if it had come in time`, async (t) => {
    const [once, inPieces] = [await open(t), await open(t)];
    await once.arrive(pieces.flat());
    const expected = finalOf(await alertsIn(once.documents));
    assert.ok(expected.length > 0);
    await inPieces.arrive(pieces[0]!);
    assert.notDeepEqual(finalOf(await alertsIn(inPieces.documents)), expected);
    for (const piece of pieces.slice(1)) await inPieces.arrive(piece);
    assert.deepEqual(finalOf(await alertsIn(inPieces.documents)), expected);
  });
