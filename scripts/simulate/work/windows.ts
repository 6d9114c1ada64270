import { foreignAddress, foreignAddress6 } from '../addresses.js';
import type { Activity, OfficeEvent } from '../events.js';
import type { Machine } from '../machines.js';
import { mergeByTime } from '../merge.js';
import { networkService, type Process, systemUser } from '../processes.js';
import { again, againByPeople, byTheClock, connect, inOrder, type Scene } from '../scene.js';
import { benign } from './label.js';

/**
 * Ordinary work on Windows, inside what benign public telemetry holds: many foreign hosts, at most eight own ones and
 * eight own sockets of one program in ten minutes, at most four own sockets that fail.
 */
export const officeWork = (scene: Scene, machine: Machine): Activity => ({
  label: benign(
    machine,
    'msedge.exe, outlook.exe and Windows',
    'a person browses, reads mail, works on the file server and prints',
  ),
  events: mergeByTime([
    browsing(scene, machine),
    mail(scene, machine),
    domainMember(scene, machine),
    fileWork(scene, machine),
    windowsUpdate(scene, machine),
    ...(scene.office.patchServer ? [updateSearch(scene, machine, scene.office.patchServer)] : []),
  ]),
});

const system32 = (name: string): string => `C:\\Windows\\System32\\${name}`;

const lookUp = (scene: Scene, resolver: Process, at: number, name: string, answer: string): OfficeEvent =>
  connect(scene, resolver, at, scene.office.domainController.address, 53, {
    transport: 'udp',
    question: { name, answer },
  });

/** Names of invented sites; each has an address of its own. */
const sites = Array.from({ length: 160 }, (_, number) => `site-${number + 1}.example`);

/** Pages of a browser: some names, some addresses in two seconds; the intranet now and then. */
function* browsing(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const resolver = processes.service(machine, system32('svchost.exe'), networkService);
  const executable = String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`;
  const startedAt = scene.from + random.integer(5_000, 120_000);
  const browser = processes.start(machine, {
    executable,
    args: [executable, '--profile-directory=Default'],
    startedAt,
    parent: processes.desktop(machine),
  });
  yield { kind: 'launch', at: startedAt, process: browser };
  for (const at of againByPeople({ ...scene, from: startedAt + 1_000 }, 120_000)) {
    const page: OfficeEvent[] = [];
    for (let count = random.integer(2, 9); count > 0; count--) {
      const name = random.pick(sites);
      const asked = at + random.integer(0, 1_500);
      const isIpv6 = machine.address6 !== undefined && random.chance(0.2);
      const answer = isIpv6 ? foreignAddress6(name) : foreignAddress(name);
      if (random.chance(0.5)) {
        // the others are in the cache
        page.push({ kind: 'name_lookup', at: asked, process: browser, name, answer });
        page.push(lookUp(scene, resolver, asked, name, answer));
      }
      const transport = random.chance(0.25) ? 'udp' : 'tcp'; // QUIC
      page.push(connect(scene, browser, asked + random.integer(20, 400), answer, 443, { transport }));
    }
    if (random.chance(0.3)) page.push(connect(scene, browser, at + 2_000, office.intranet.address, 443));
    yield* inOrder(page);
  }
}

function* mail(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { processes, random } = scene;
  const executable = String.raw`C:\Program Files\Microsoft Office\root\Office16\OUTLOOK.EXE`;
  const outlook = processes.service(machine, executable, machine.user ?? systemUser);
  for (const at of againByPeople(scene, 300_000))
    yield connect(scene, outlook, at, foreignAddress(`mail-${random.integer(1, 4)}.example`), 443);
}

/** What a member of a domain does by itself: names, time, tickets, policies. */
function* domainMember(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes } = scene;
  const controller = office.domainController.address;
  const lsass = processes.service(machine, system32('lsass.exe'), systemUser);
  const services = processes.service(machine, system32('svchost.exe'), networkService);
  const system = processes.service(machine, 'System', systemUser);
  for (const at of again(scene, 1_500_000)) {
    yield connect(scene, lsass, at, controller, 88);
    yield connect(scene, lsass, at + 150, controller, 389);
    yield connect(scene, services, at + 300, controller, 135);
    yield connect(scene, services, at + 380, controller, 49668);
    yield connect(scene, system, at + 700, controller, 445);
    yield connect(scene, services, at + 900, controller, 123, { transport: 'udp' });
  }
}

function* fileWork(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const system = processes.service(machine, 'System', systemUser);
  const spooler = processes.service(machine, system32('spoolsv.exe'), systemUser);
  for (const at of againByPeople(scene, 400_000)) {
    yield connect(scene, system, at, office.fileServer.address, 445);
    if (random.chance(0.25)) yield connect(scene, spooler, at + 1_000, office.printer.address, 9100);
  }
}

/** Downloads, and the two peers that delivery optimization tries in vain. */
function* windowsUpdate(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes, random } = scene;
  const services = processes.service(machine, system32('svchost.exe'), networkService);
  const peers = office.windowsClients.filter((peer) => peer !== machine).slice(0, 2);
  for (const at of again(scene, 1_800_000)) {
    for (const [number, peer] of peers.entries()) yield connect(scene, services, at + number * 40, peer.address, 7680);
    for (let part = 0; part < 6; part++)
      yield connect(
        scene,
        services,
        at + 500 + part * 900,
        foreignAddress(`update-${random.integer(1, 9)}.example`),
        443,
      );
  }
}

/** Asks the office's own update server what there is. */
function* updateSearch(scene: Scene, machine: Machine, server: Machine): Generator<OfficeEvent> {
  const services = scene.processes.service(machine, system32('svchost.exe'), networkService);
  for (const at of again(scene, 7_200_000)) yield connect(scene, services, at, server.address, 8530);
}

/** The domain controller answers for all and asks name servers outside; it alone looks like a fan-out. */
export const nameServer = (scene: Scene): Activity => {
  const { domainController } = scene.office;
  return {
    label: benign(domainController, 'dns.exe', 'a name server asks up to 12 servers outside in a minute', 'dns'),
    events: forwarding(scene, domainController),
  };
};

function* forwarding(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { processes, random } = scene;
  const dns = processes.service(machine, system32('dns.exe'), systemUser);
  for (const at of again(scene, 45_000)) {
    const asked: OfficeEvent[] = [];
    for (let count = random.integer(1, 4); count > 0; count--) {
      const name = random.pick(sites);
      const server = foreignAddress(`ns-${random.integer(1, 40)}.example`);
      const question = { name, answer: foreignAddress(name) };
      asked.push(connect(scene, dns, at + random.integer(0, 900), server, 53, { transport: 'udp', question }));
    }
    yield* inOrder(asked);
  }
}

/** Health checks: the same seven sockets every two minutes, one of a machine that is switched off. */
export const monitoring = (scene: Scene): Activity => {
  const { monitor } = scene.office;
  return {
    label: benign(
      monitor,
      'hvprobe.exe',
      'health checks of seven sockets every two minutes, one of them dead',
      'monitoring',
    ),
    events: healthChecks(scene, monitor),
  };
};

function* healthChecks(scene: Scene, machine: Machine): Generator<OfficeEvent> {
  const { office, processes } = scene;
  const probe = processes.service(machine, String.raw`C:\Program Files\Harborview Monitor\hvprobe.exe`, systemUser);
  const targets: [string, number][] = [
    [office.domainController.address, 389],
    [office.domainController.address, 445],
    [office.fileServer.address, 445],
    [office.intranet.address, 80],
    [office.intranet.address, 443],
    [office.printer.address, 9100],
    ['10.20.1.60', 443],
  ];
  for (const round of byTheClock(scene, 120_000))
    for (const [number, [address, port]] of targets.entries())
      yield connect(scene, probe, round + number * 250, address, port);
}
