import assert from 'node:assert/strict';
import { Cast } from '../scenarios/cast.js';
import { auditExit, auditRawSocket, auditStart } from '../scenarios/telemetry/auditd.js';
import { defendConnection } from '../scenarios/telemetry/defend.js';
import { sysmonName, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, HOUR, repeat } from '../scenarios/times.js';
import type { OpenEvents } from './events-contract.js';
import { ALL, onTelemetry, plans, program } from './on-telemetry.js';

const cast = new Cast(0);
const machine = cast.machine();

const HOSTILE = [
  "'); DROP TABLE launches; --",
  'a\u0000b',
  '\ud800',
  '漢字 🛰️',
  '\u2028\n',
  '$host',
  '%_',
  '["process"]',
];
/** What every reader of telemetry answers about hosts and their processes. `open` gives an empty store. */
export function hostTelemetryContract(backend: string, open: () => Promise<OpenEvents>): void {
  const on = onTelemetry(backend, open);

  on(
    'launches and process events of a host and its processes',
    [
      ...repeat(3, (i) =>
        auditStart({
          at: at(i),
          machine,
          program: '/usr/bin/nc',
          pid: i,
          args: '-zv x 1',
          parent: { program: '/bin/sh', pid: 50 },
        }),
      ),
      auditStart({ at: at(0), machine: cast.machine(2), program: '/usr/bin/nc', pid: 1 }),
      auditStart({ at: at(0), machine, container: 'c', program: '/usr/bin/nc', pid: 1 }),
      sysmonStart({ at: at(0), machine: cast.machine(3), program: 'C:\\a.exe' }),
      auditRawSocket({ at: at(5), machine, program: '/usr/bin/nc', pid: 1 }),
      auditExit({ at: at(6), machine, program: '/usr/bin/nc', pid: 1 }),
      sysmonName({ at: at(5), machine: cast.machine(3), program: 'C:\\a.exe', name: 'x.test' }),
    ],
    async (telemetry) => {
      const paged = [];
      for await (const page of telemetry.launches(plans.linux, ALL, () => true)) paged.push(...page);
      assert.deepEqual(
        paged.map(({ time, host, container, process }) => [time, host, container, process]),
        [
          [at(0), machine.id, '', 'pid:0'],
          [at(0), cast.machine(2).id, '', 'pid:1'],
          [at(1), machine.id, '', 'pid:1'],
          [at(2), machine.id, '', 'pid:2'],
        ],
      );
      const own = await telemetry.launchesOf(machine.id, ['pid:1', 'pid:2'], { from: at(1), to: at(1) });
      assert.deepEqual(
        own.map(({ process, arguments: said, parent, parentExecutable, executable, subject }) => ({
          ...{ process, said, parent, parentExecutable, executable, subject },
        })),
        [
          {
            process: 'pid:1',
            said: 'nc -zv x 1',
            parent: 'pid:50',
            parentExecutable: '/bin/sh',
            executable: '/usr/bin/nc',
            subject: program('/usr/bin/nc', machine),
          },
        ],
      );
      const events = await telemetry.processEventsOf(machine.id, ['pid:1'], ALL);
      assert.deepEqual(
        events.map(({ kind, time, subject }) => [kind, time, subject]),
        [
          ['raw_socket', at(5), program('/usr/bin/nc', machine)],
          ['exit', at(6), program('/usr/bin/nc', machine)],
        ],
      );
      const names = await telemetry.processEventsOf(cast.machine(3).id, [`{${cast.machine(3).id}-100}`], ALL);
      assert.deepEqual(
        names.map(({ kind, value }) => [kind, value]),
        [['name_query', 'x.test']],
      );
      assert.deepEqual(await telemetry.launchesOf(machine.id, [], ALL), []);
    },
  );

  on(
    'hostile texts',
    HOSTILE.map((text, i) =>
      auditStart({ at: at(i), machine: { ...machine, id: text }, program: text, pid: i, args: text }),
    ),
    async (telemetry) => {
      for (const [i, text] of HOSTILE.entries()) {
        const host = Buffer.from(text).toString(); // half a surrogate pair becomes U+FFFD
        const [launch, ...others] = await telemetry.launchesOf(host, [`pid:${i}`], ALL);
        assert.deepEqual(others, []);
        assert.equal(launch?.host, host);
        assert.ok(launch?.arguments?.endsWith(host), host);
        const [original] = await telemetry.originals([launch!.evidence]);
        assert.ok(original?.original.includes(JSON.stringify(host).slice(1, -1)) || host.includes('\ufffd'), host);
      }
    },
  );

  on(
    'who was seen with an address, up to a day around a span',
    [
      sysmonStart({ at: at(0), machine, program: 'C:\\a.exe' }),
      sysmonStart({ at: at(2 * HOUR), machine, program: 'C:\\a.exe' }),
      defendConnection({
        ...{
          at: at(0),
          machine: cast.machine(2),
          container: 'c',
          program: '/app',
          from: '10.244.0.5',
          to: '10.0.0.9',
          port: 80,
        },
      }),
    ],
    async (telemetry) => {
      const held = await telemetry.holdings([machine.ip, '10.244.0.5', '10.9.9.9'], { from: at(DAY), to: at(DAY) });
      assert.deepEqual(
        held.map(({ address: ip, host, container, platform }) => [ip, host, container, platform]),
        [
          [machine.ip, machine.id, '', 'windows'],
          [machine.ip, machine.id, '', 'windows'],
          ['10.244.0.5', cast.machine(2).id, 'c', 'linux'],
        ].toSorted(),
      );
      const after = { from: at(2 * DAY), to: at(2 * DAY) };
      assert.deepEqual(await telemetry.holdings([machine.ip], after), []);
      const all = await telemetry.addressesOf([cast.machine(2).id], ALL);
      assert.deepEqual(all.map(({ address: ip }) => ip).toSorted(), ['10.244.0.5', cast.machine(2).ip].toSorted());
    },
  );
}
