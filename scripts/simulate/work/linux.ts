import { foreignAddress } from '../addresses.js';
import type { Activity, OfficeEvent } from '../events.js';
import type { Machine, User } from '../machines.js';
import { mergeByTime } from '../merge.js';
import { again, againByPeople, connect, type Scene } from '../scene.js';
import { benign } from './label.js';

const account = (name: string, id: number): User => ({ name, id: String(id) });
const resolver = account('systemd-resolve', 101);

/** What a Linux server does by itself: names, time, packages, its logs to the log server; then what it is there for. */
export const serverWork = (scene: Scene, server: Machine): Activity => ({
  label: benign(server, 'systemd, apt, filebeat and its service', 'a Linux server does its part'),
  events: mergeByTime([names(scene, server), packages(scene, server), logs(scene, server), service(scene, server)]),
});

function* names(scene: Scene, server: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const resolved = processes.service(server, '/usr/lib/systemd/systemd-resolved', resolver);
  for (const at of again(scene, 90_000)) {
    const name = `site-${random.integer(1, 40)}.example`;
    yield connect(scene, resolved, at, office.domainController.address, 53, {
      transport: 'udp',
      question: { name, answer: foreignAddress(name) },
    });
  }
}

function* packages(scene: Scene, server: Machine): Generator<OfficeEvent> {
  const { processes, random } = scene;
  for (const at of again(scene, 21_600_000)) {
    const executable = '/usr/lib/apt/methods/http';
    const process = processes.start(server, {
      executable,
      startedAt: at,
      user: account('_apt', 42),
      parent: processes.service(server, '/usr/bin/apt-get'),
      interactive: false,
    });
    yield { kind: 'launch', at, process };
    for (let part = 0; part < 4; part++)
      yield connect(
        scene,
        process,
        at + 200 + part * 700,
        foreignAddress(`packages-${random.integer(1, 3)}.example`),
        80,
      );
    yield { kind: 'exit', at: at + 4_000, process };
  }
}

function* logs(scene: Scene, server: Machine): Generator<OfficeEvent> {
  const log = scene.office.linux('log01');
  if (server === log) return;
  const filebeat = scene.processes.service(server, '/usr/share/filebeat/bin/filebeat');
  for (const at of again(scene, 300_000)) yield connect(scene, filebeat, at, log.address, 5044);
}

/** Programs and the sockets they use, by the beginning of the server's name. */
const services: readonly (readonly [
  server: string,
  executable: string,
  user: User,
  everyMs: number,
  targets: readonly (readonly [name: string, port: number])[],
])[] = [
  [
    'web',
    '/usr/sbin/nginx',
    account('www-data', 33),
    20_000,
    [
      ['app001', 8080],
      ['app002', 8080],
    ],
  ],
  ['app', '/usr/bin/java', account('tomcat', 997), 30_000, [['db01', 5432]]],
  ['db02', '/usr/lib/postgresql/16/bin/postgres', account('postgres', 113), 600_000, [['db01', 5432]]],
  ['log01', '/usr/share/elasticsearch/jdk/bin/java', account('elasticsearch', 112), 1_800_000, [['backup01', 873]]],
];

/** A service uses the same few sockets again and again; on the bastion people go to the servers they look after. */
function* service(scene: Scene, server: Machine): Generator<OfficeEvent> {
  if (server.name === 'bastion') yield* administration(scene, server);
  for (const [name, executable, user, everyMs, targets] of services) {
    if (!server.name.startsWith(name)) continue;
    const process = scene.processes.service(server, executable, user);
    const there = targets.filter(([target]) => scene.office.linuxServers.some((one) => one.name === target));
    for (const at of again(scene, everyMs)) {
      if (there.length === 0) return;
      const [target, port] = scene.random.pick(there);
      yield connect(scene, process, at, scene.office.linux(target).address, port);
    }
  }
}

function* administration(scene: Scene, bastion: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  for (const at of againByPeople(scene, 900_000)) {
    const server = random.pick(office.linuxServers.slice(0, 5));
    const process = processes.start(bastion, {
      executable: '/usr/bin/ssh',
      args: ['ssh', server.name],
      startedAt: at,
      parent: processes.desktop(bastion),
    });
    yield { kind: 'launch', at, process };
    yield connect(scene, process, at + 40, server.address, 22, { waitsMs: 120_000 });
    yield { kind: 'exit', at: at + 60_000, process };
  }
}
