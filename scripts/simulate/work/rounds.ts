import type { Activity, OfficeEvent } from '../events.js';
import type { Machine } from '../machines.js';
import { type Process, rootUser, systemUser } from '../processes.js';
import { byTheClock, connect, daily, type Scene } from '../scene.js';
import { benign } from './label.js';

/**
 * Work that visits machine after machine, as scans do: checks, backups, configuration, deployments, and a vulnerability
 * scanner. A site lists these machines as expected scan sources.
 */
export const rounds = (scene: Scene): Activity[] => {
  const { office, until } = scene;
  const round = (machine: Machine, tool: string, what: string, events: Iterable<OfficeEvent>): Activity => ({
    label: { ...benign(machine, tool, what, `${machine.name.split('.')[0]}-rounds`), isExpected: true },
    events: before(until, events),
  });
  const { patchServer } = office;
  return [
    ...(patchServer
      ? [
          round(
            patchServer,
            'hvdeploy.exe',
            'a program is put on every Windows client, at 12:30',
            deployment(scene, patchServer),
          ),
        ]
      : []),
    ...(office.linuxServers.length === 0
      ? []
      : [
          round(office.linux('mon02'), 'check_tcp', 'every server is checked every minute', checks(scene)),
          round(office.linux('backup01'), 'rsync over ssh', 'every server is backed up, from 02:00', backup(scene)),
          round(
            office.linux('config01'),
            'ansible over ssh',
            'every Linux server is configured, hourly',
            configuration(scene),
          ),
          allowedScan(
            round(office.linux('vulnscan'), 'openvas', 'every server is scanned, from 03:00', assessment(scene)),
          ),
        ]),
  ];
};

/** A scan, by a machine that may. */
const allowedScan = ({ label, events }: Activity): Activity => ({
  label: { ...label, phase: 'scan-allowed', kind: 'scan', analytic: 'AN1058' },
  events,
});

/** A round may last for hours: what of it lies in the span. */
function* before(until: number, events: Iterable<OfficeEvent>): Generator<OfficeEvent> {
  for (const event of events) {
    if (event.at >= until) return;
    yield event;
  }
}

const serversOf = ({ office }: Scene): Machine[] => [
  ...[office.domainController, office.fileServer, office.monitor],
  ...office.linuxServers,
];

/** One plugin process a check, two checks a server, spread over the minute. */
function* checks(scene: Scene): Generator<OfficeEvent> {
  const { office, processes } = scene;
  const monitor = office.linux('mon02');
  const scheduler = processes.service(monitor, '/usr/sbin/nagios4', { name: 'nagios', id: '114' });
  const sockets = serversOf(scene)
    .filter((server) => server !== monitor)
    .map((server) => ({ server, port: server.open[0]! }));
  const apartMs = Math.floor(55_000 / sockets.length);
  for (const at of byTheClock(scene, 60_000)) {
    for (const [number, { server, port }] of sockets.entries()) {
      const startedAt = at + number * apartMs;
      yield* once(scene, {
        process: processes.start(monitor, {
          executable: '/usr/lib/nagios/plugins/check_tcp',
          args: ['/usr/lib/nagios/plugins/check_tcp', '-H', server.address, '-p', String(port)],
          startedAt,
          parent: scheduler,
        }),
        target: server,
        port,
        lastsMs: Math.min(apartMs, 50),
      });
    }
  }
}

/** One server after the other, one to four minutes each. */
function* backup(scene: Scene): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const machine = office.linux('backup01');
  const job = processes.service(machine, '/usr/sbin/cron');
  for (const night of daily(scene, 120)) {
    let startedAt = night;
    for (const server of serversOf(scene)) {
      if (server === machine) continue;
      const lastsMs = random.integer(60_000, 240_000);
      yield* once(scene, {
        process: processes.start(machine, {
          executable: '/usr/bin/ssh',
          args: ['ssh', '-l', 'backup', server.address, 'rsync', '--server', '--sender', '.', '/'],
          startedAt,
          parent: job,
        }),
        target: server,
        port: server.system === 'windows' ? 445 : 22,
        lastsMs,
      });
      startedAt += lastsMs;
    }
  }
}

/** One ssh after the other to each Linux server, some seconds each. */
function* configuration(scene: Scene): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const machine = office.linux('config01');
  const playbook = processes.service(machine, '/usr/bin/python3.12', rootUser);
  for (const at of byTheClock(scene, 3_600_000)) {
    let startedAt = at;
    for (const server of office.linuxServers) {
      if (server === machine) continue;
      const lastsMs = random.integer(800, 3_000);
      yield* once(scene, {
        process: processes.start(machine, {
          executable: '/usr/bin/ssh',
          args: ['ssh', '-C', '-o', 'ControlMaster=auto', server.address, '/bin/sh', '-c', 'python3'],
          startedAt,
          parent: playbook,
        }),
        target: server,
        port: 22,
        lastsMs,
      });
      startedAt += lastsMs;
    }
  }
}

/** Each client by SMB, then by RPC; many are closed to it. */
function* deployment(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const program = String.raw`C:\Program Files\Harborview Deploy\hvdeploy.exe`;
  const process = processes.service(machine, program, systemUser);
  for (const noon of daily(scene, 750)) {
    let at = noon;
    for (const client of office.windowsClients) {
      yield connect(scene, process, at, client.address, 445);
      yield connect(scene, process, at + 300, client.address, 135);
      at += random.integer(1_000, 4_000);
    }
  }
}

/** The ports that a vulnerability scanner tries first. */
const assessed = [
  ...[21, 22, 23, 25, 53, 80, 88, 110, 111, 135, 139, 143, 389, 443, 445, 465, 587, 636, 993, 995, 1433, 1521, 2049],
  ...[3306, 3389, 5432, 5900, 5985, 6379, 8080, 8443, 9100, 9200, 27017],
];

function* assessment(scene: Scene): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const machine = office.linux('vulnscan');
  const scanner = processes.service(machine, '/usr/sbin/openvas');
  for (const night of daily(scene, 180)) {
    const nmap = processes.start(machine, {
      executable: '/usr/bin/nmap',
      args: ['nmap', '-n', '-Pn', '-sT', '-p', '22,443,445', '10.20.1.0/24', '10.20.2.0/24'],
      startedAt: night,
      parent: scanner,
    });
    yield { kind: 'launch', at: night, process: nmap };
    let at = night + 500;
    for (const server of serversOf(scene)) {
      for (const port of [22, 443, 445]) yield connect(scene, nmap, at++, server.address, port);
    }
    yield { kind: 'exit', at: at + 500, process: nmap };
    at += 2_000;
    for (const server of serversOf(scene)) {
      for (const port of assessed) {
        yield connect(scene, scanner, at, server.address, port);
        at += random.integer(5, 60);
      }
    }
  }
}

interface Visit {
  process: Process;
  target: Machine;
  port: number;
  lastsMs: number;
}

/** A process that makes one connection and ends. */
function* once(scene: Scene, { process, target, port, lastsMs }: Visit): Generator<OfficeEvent> {
  const { startedAt } = process;
  yield { kind: 'launch', at: startedAt, process };
  yield connect(scene, process, startedAt + Math.min(20, lastsMs), target.address, port, { waitsMs: 10_000 });
  yield { kind: 'exit', at: startedAt + lastsMs, process };
}
