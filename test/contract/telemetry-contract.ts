import assert from 'node:assert/strict';
import type { EcsDocument } from '../../queries/document.js';
import type { Telemetry, Wanted } from '../../server/model/ports.js';
import { wholly } from '../../server/model/spans.js';
import { Cast, type Machine } from '../scenarios/cast.js';
import { imported } from '../scenarios/play.js';
import { auditConnect, auditExit, auditRawSocket, auditStart } from '../scenarios/telemetry/auditd.js';
import { zeekArp, zeekConn, zeekMdns } from '../scenarios/telemetry/sensors.js';
import { sysmonConnection, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, HOUR, repeat } from '../scenarios/times.js';
import type { OpenEvents } from './events-contract.js';
import { ALL, address, onTelemetry, plans, program } from './on-telemetry.js';

const machine = new Cast(0).machine();

const flow = (seconds: number, from: string, host: number, port = 443): EcsDocument =>
  zeekConn({ at: at(seconds), from, to: `10.200.0.${host}`, port });

const NC = '/usr/bin/nc';
const hosts = repeat(5, (i) => new Cast(1).machine(i + 1));
const [first, second, third, fourth, fifth] = hosts as [Machine, Machine, Machine, Machine, Machine];
/** On each host nc reaches others as the process 7. */
const scans = hosts.flatMap((host) =>
  repeat(3, (i) => auditConnect({ at: at(i), machine: host, program: NC, pid: 7, to: `10.200.0.${i}`, port: 22 })),
);
/** What arrives one after another, and of whom it tells. */
const arriving: { what: string; document: EcsDocument; whose: string }[] = [
  { what: 'a contact', document: flow(10, '10.0.0.1', 1), whose: address('10.0.0.1') },
  { what: 'a question', document: zeekMdns(at(11), '10.0.0.1', '_ssh._tcp.local'), whose: address('10.0.0.1') },
  { what: 'an ARP request', document: zeekArp(at(12), '10.0.0.1', '10.0.0.9'), whose: address('10.0.0.1') },
  { what: 'an answer to one', document: zeekArp(at(12), '10.0.0.9', '10.0.0.1', 'reply'), whose: address('10.0.0.1') },
  {
    what: 'a contact of a process',
    document: auditConnect({ at: at(13), machine: first, program: NC, to: '10.200.0.9', port: 22 }),
    whose: program(NC, first),
  },
  {
    what: 'a launch of the program, as another process',
    document: auditStart({ at: at(14), machine: second, program: NC, pid: 8 }),
    whose: program(NC, second),
  },
  {
    what: 'a launch of another program, as the same process, hours before its contacts',
    document: auditStart({ at: at(-20 * HOUR), machine: third, program: '/bin/sh', pid: 7 }),
    whose: program(NC, third),
  },
  {
    what: 'a raw socket of the process',
    document: auditRawSocket({ at: at(15), machine: fourth, program: '/usr/bin/other', pid: 7 }),
    whose: program(NC, fourth),
  },
  {
    what: 'the end of the process',
    document: auditExit({ at: at(16), machine: fourth, program: NC, pid: 7 }),
    whose: program(NC, fourth),
  },
  {
    what: 'a host with another address',
    document: auditStart({ at: at(17), machine: { ...fifth, ip: '10.9.9.9' }, program: '/bin/true', pid: 99 }),
    whose: program(NC, fifth),
  },
  {
    what: 'a host with the address',
    document: sysmonStart({ at: at(20 * HOUR), machine, program: 'C:\\a.exe' }),
    whose: address(machine.ip),
  },
];

async function contactsOf(telemetry: Telemetry, wanted: readonly Wanted[]) {
  const pages = [];
  for await (const page of telemetry.contacts(wanted)) pages.push(page);
  return pages;
}

/** What every reader of telemetry answers about times, suspects and contacts. `open` gives an empty store. */
export function telemetryContract(backend: string, open: () => Promise<OpenEvents>): void {
  const on = onTelemetry(backend, open);

  on('nothing stored', [], async (telemetry) => {
    assert.equal(await telemetry.extent(), undefined);
    assert.deepEqual(await telemetry.touched({ after: 0, until: await telemetry.position() }), []);
    assert.deepEqual(await telemetry.suspects(plans.linux, ALL), []);
    assert.deepEqual(await contactsOf(telemetry, [{ subject: address('10.0.0.1'), spans: [ALL] }]), []);
    assert.deepEqual(await contactsOf(telemetry, []), []);
    assert.deepEqual(await telemetry.queries([]), []);
    assert.deepEqual(await telemetry.holdings([], ALL), []);
    assert.deepEqual(await telemetry.originals([]), []);
  });

  on(
    'extent and touched hold all event times, those far apart in spans of their own',
    [flow(0, '10.0.0.1', 1), flow(5, '10.0.0.1', 2), flow(8 * DAY, '10.0.0.1', 3)],
    async (telemetry, { events }) => {
      assert.deepEqual(await telemetry.extent(), { from: at(0), to: at(8 * DAY) });
      const position = await telemetry.position();
      assert.deepEqual(await telemetry.touched({ after: 0, until: position }), [
        wholly({ from: at(0), to: at(5) }),
        wholly({ from: at(8 * DAY), to: at(8 * DAY) }),
      ]);
      assert.deepEqual(await telemetry.touched({ after: position, until: position }), []);
      await events.append({ key: 'second', events: imported([flow(2 * HOUR, '10.0.0.1', 9)]) });
      assert.deepEqual(await telemetry.touched({ after: position, until: await telemetry.position() }), [
        wholly({ from: at(2 * HOUR), to: at(2 * HOUR) }),
      ]);
    },
  );

  on(
    'who holds an address touches a day around, of the flows from there alone',
    [flow(0, machine.ip, 1), flow(3 * DAY, machine.ip, 2)],
    async (telemetry, { events }) => {
      const position = await telemetry.position();
      const seen = sysmonStart({ at: at(1.5 * DAY), machine, program: 'C:\\a.exe' });
      await events.append({ key: 'second', events: imported([seen]) });
      const [touched, ...others] = await telemetry.touched({ after: position, until: await telemetry.position() });
      const around = { from: at(0.5 * DAY), to: at(2.5 * DAY) };
      const [event, flows] = touched!.parts;
      assert.deepEqual({ ...touched, others }, { ...around, parts: [event, flows], others: [] });
      assert.deepEqual(event, { from: at(1.5 * DAY), to: at(1.5 * DAY) });
      assert.deepEqual({ ...flows, subjects: [] }, { ...around, subjects: [] });
      assert.deepEqual(
        [machine.ip, '10.0.0.1'].map((ip) => flows?.subjects?.includes(address(ip))),
        [true, false],
      );
    },
  );

  on(
    'of whom something arrived is among those who acted, as far as the backend knows any',
    [...scans, ...repeat(5, (i) => flow(i, machine.ip, i))],
    async (telemetry, { events }) => {
      const all = [...hosts.map((host) => program(NC, host)), address('10.0.0.1'), address(machine.ip)];
      for (const [place, { what, document, whose }] of arriving.entries()) {
        const after = await telemetry.position();
        await events.append({ key: `arrival ${place}`, events: imported([document]) });
        const acted = await telemetry.acted({ after, until: await telemetry.position() }, all);
        if (acted === undefined) return;
        assert.ok(acted.includes(whose), what);
        assert.ok(
          acted.every((subject) => all.includes(subject)),
          what,
        );
      }
      const position = await telemetry.position();
      assert.deepEqual(await telemetry.acted({ after: position, until: position }, all), []);
      assert.deepEqual(await telemetry.acted({ after: 0, until: position }, []), []);
    },
  );

  on(
    'contacts of each subject once, in time order, of the wanted spans only',
    [
      ...repeat(3_000, (i) => flow(2_999 - i, '10.0.0.1', i % 200)), // more than a page, last first
      ...repeat(5, (i) => flow(i, '10.0.0.2', i)),
      ...repeat(5, (i) => flow(i, '10.0.0.3', i)),
    ],
    async (telemetry) => {
      const pages = await contactsOf(telemetry, [
        {
          subject: address('10.0.0.1'),
          spans: [
            { from: at(0), to: at(999) },
            { from: at(1_001), to: at(2_999) },
          ],
        },
        { subject: address('10.0.0.2'), spans: [{ from: at(1), to: at(3) }] },
        { subject: address('10.0.0.9'), spans: [ALL] },
        { subject: "'; --", spans: [ALL] },
      ]);
      assert.deepEqual(pages.map(({ subject, contacts }) => [subject, contacts.length]).toSorted(), [
        [address('10.0.0.1'), 2_999],
        [address('10.0.0.2'), 3],
      ]);
      for (const { contacts } of pages)
        assert.deepEqual(
          contacts,
          contacts.toSorted((a, b) => a.time - b.time),
        );
    },
  );

  on(
    'a contact as its document tells it',
    [
      {
        ...auditConnect({
          at: at(0),
          machine,
          program: '/usr/bin/NC',
          pid: 7,
          to: '203.0.113.9',
          port: 22,
          exit: 'ECONNREFUSED',
        }),
        'network.transport': 'tcp',
        'user.audit.id': 'unset',
      },
    ],
    async (telemetry) => {
      const [page] = await contactsOf(telemetry, [{ subject: program('/usr/bin/nc', machine), spans: [ALL] }]);
      const [{ evidence, ...contact }] = page!.contacts as [NonNullable<typeof page>['contacts'][number]];
      assert.deepEqual(contact, {
        time: at(0),
        destination: '203.0.113.9',
        port: 22,
        transport: 'tcp',
        outcome: 'refused',
        scope: 'foreign',
        context: 'daemon',
        source: null,
        process: 'pid:7',
        user: '0',
        container: '',
        namespace: null,
        destinationNamespace: null,
        hostName: machine.name,
        platform: 'linux',
      });
      const [original] = await telemetry.originals([evidence]);
      assert.deepEqual([original?.index, original?.id], ['scenario.ndjson', '0']);
      assert.match(original?.original ?? '', /ECONNREFUSED/);
      assert.deepEqual(await telemetry.originals(['nonsense', '-1', '99999999999999999999']), []);
    },
  );

  on(
    'suspects are all that may fire, with all the windows that may, and no subject that can not',
    [
      ...repeat(16, (i) => flow(30 + i, '10.0.0.1', i)), // across the minute and, below, the ten minutes
      ...repeat(16, (i) => flow(595 + i, '10.0.0.2', i)),
      ...repeat(15, (i) => flow(i, '10.0.0.3', i)),
      ...repeat(1_001, (i) => flow(i, '10.0.0.4', 1)), // of fewer a reader may leave all to be judged
      ...repeat(16, (i) =>
        auditConnect({ at: at(i), machine, program: '/t', to: `10.200.0.${i % 4}`, port: 7_000 + i }),
      ),
    ],
    async (telemetry) => {
      const suspects = await telemetry.suspects(plans.linux, ALL);
      assert.deepEqual(
        suspects.map(({ subject }) => subject).toSorted(),
        [address('10.0.0.1'), address('10.0.0.2'), program('/t', machine)].toSorted(),
      );
      for (const [subject, end] of [
        [address('10.0.0.1'), at(45)],
        [address('10.0.0.2'), at(610)],
        [program('/t', machine), at(15)],
      ] as const)
        for (const seconds of [60, 600]) {
          const { regions } = suspects.find((one) => one.subject === subject)!;
          const isIn = regions.some(
            (one) => one.windowSeconds === seconds && one.ends.from <= end && one.ends.to >= end,
          );
          assert.ok(isIn, `${subject} ${seconds}`);
        }
      assert.deepEqual(await telemetry.suspects(plans.linux, ALL, [address('10.0.0.4')]), []);
      assert.deepEqual(
        (await telemetry.suspects(plans.linux, ALL, [address('10.0.0.2')])).map(({ subject }) => subject),
        [address('10.0.0.2')],
      );
      assert.deepEqual(await telemetry.suspects(plans.linux, { from: at(2 * DAY), to: at(3 * DAY) }), []);
      assert.deepEqual(await telemetry.suspects(plans.windows, ALL), []);
    },
  );

  on(
    'windows that end in a span are suspected from what lies before it',
    repeat(16, (i) => flow(i, '10.0.0.1', i)),
    async (telemetry) => {
      const [suspect] = await telemetry.suspects(plans.linux, { from: at(15), to: at(15) });
      assert.ok(suspect?.regions.every(({ ends }) => ends.from === at(15) && ends.to === at(15)));
      assert.ok(suspect?.regions.some(({ windowSeconds }) => windowSeconds === 60));
    },
  );

  const polls = (name: string) =>
    repeat(51, (round) =>
      repeat(20, (host) =>
        sysmonConnection({ at: at(60 * round, host), machine, program: name, to: `10.200.0.${host}`, port: 443 }),
      ),
    ).flat();

  on(
    'who goes on polling is no suspect, but for what else it reaches',
    [
      ...polls('c:\\poll.exe'),
      ...polls('c:\\scan.exe'),
      ...repeat(16, (host) =>
        sysmonConnection({ at: at(3_030 + host), machine, program: 'c:\\scan.exe', to: `10.201.0.${host}`, port: 443 }),
      ),
    ],
    async (telemetry) => {
      const later = await telemetry.suspects(plans.windows, { from: at(3_000), to: at(3_060) });
      assert.deepEqual(
        later.map(({ subject }) => subject),
        [program('c:\\scan.exe', machine)],
      );
      const first = await telemetry.suspects(plans.windows, { from: at(0), to: at(60) });
      assert.equal(first.length, 2);
    },
  );

  on(
    'who asks by mDNS or ARP is a suspect',
    [
      ...repeat(5, (i) => zeekMdns(at(i), '10.0.0.1', `_t${i}._tcp.local`)),
      ...repeat(4, (i) => zeekMdns(at(i), '10.0.0.2', `_t${i}._tcp.local`)),
      ...repeat(8, (i) => zeekArp(at(i), '10.0.0.3', `10.0.0.${100 + i}`)),
      zeekArp(at(0, 500), '10.0.0.100', '10.0.0.3', 'reply'),
    ],
    async (telemetry) => {
      const asked = (await telemetry.suspects(plans.macos, ALL)).map(({ subject }) => subject);
      assert.ok(asked.includes(address('10.0.0.1')));
      const swept = (await telemetry.suspects(plans.linux, ALL)).map(({ subject }) => subject);
      assert.deepEqual(swept, [address('10.0.0.3')]);
      const queries = await telemetry.queries([{ subject: address('10.0.0.1'), spans: [{ from: at(1), to: at(2) }] }]);
      assert.deepEqual(
        queries.map(({ name, source, hash }) => ({ name, source, hash })),
        [1, 2].map((i) => ({ name: `_t${i}._tcp.local`, source: '10.0.0.1', hash: null })),
      );
      const arps = await telemetry.arps([{ subject: address('10.0.0.3'), spans: [{ from: at(0), to: at(0, 500) }] }]);
      assert.deepEqual(
        arps.map(({ source, target, isReply }) => ({ source, target, isReply })),
        [
          { source: '10.0.0.3', target: '10.0.0.100', isReply: false },
          { source: '10.0.0.100', target: '10.0.0.3', isReply: true },
        ],
      );
    },
  );
}
