import type { Activity } from '../events.js';
import type { Machine } from '../machines.js';
import { type Process, rootUser } from '../processes.js';
import type { Scene } from '../scene.js';
import { addresses, inRows, loop, mixed, portsFrom, rawSweep, scan, sweep } from './sweep.js';

/** Ports of servers that scanners try first. */
const common = [21, 22, 23, 25, 80, 110, 111, 135, 139, 143, 389, 443, 445, 1433, 3306, 3389, 5432, 5900, 8080, 8443];

/** A program that a person starts in a shell; root by sudo where a user is given. */
const inShell = (scene: Scene, machine: Machine, executable: string, args: readonly string[], user = machine.user) =>
  scene.processes.start(machine, {
    executable,
    args,
    startedAt: scene.from,
    parent: scene.processes.desktop(machine),
    user: user ?? rootUser,
  });

/** nmap as root: half-open, by a raw socket. */
export function rootNmap(scene: Scene, machine: Machine): Activity {
  const process = inShell(
    scene,
    machine,
    '/usr/bin/nmap',
    ['nmap', '-sS', '--top-ports', '20', '10.20.1.1-30'],
    rootUser,
  );
  return {
    label: scan('scan-root-nmap', process, 'nmap', 'AN1058', 'nmap -sS: 20 ports of 30 addresses of another subnet'),
    events: rawSweep(scene, {
      process,
      probes: mixed(scene.random, inRows(addresses('10.20.1', 1, 30), common)),
      gapMs: 20,
    }),
  };
}

/** nmap under the name of a kernel's thread, by a user, over its own subnet. */
export function renamedLinuxNmap(scene: Scene, machine: Machine): Activity {
  const process = inShell(scene, machine, '/var/tmp/.cache/kworkerd', ['kworkerd', '-iL', 'hosts.txt', '-oG', 'out']);
  return {
    label: scan('scan-kworkerd', process, 'nmap', 'AN1058', 'nmap as kworkerd: ten ports of 30 addresses of its /24'),
    events: sweep(scene, {
      process,
      probes: mixed(scene.random, inRows(addresses('10.20.2', 1, 30), common.slice(0, 10))),
      gapMs: 40,
    }),
  };
}

/** A shell's own sockets, port after port, a second for each silent one. */
export function shellSockets(scene: Scene, machine: Machine): Activity {
  const target = scene.office.fileServer.address;
  const script = `for port in $(seq 1 120); do timeout 1 bash -c "</dev/tcp/${target}/$port" && echo $port open; done`;
  const process = inShell(scene, machine, '/usr/bin/bash', ['bash', '-c', script]);
  return {
    label: scan('scan-shell', process, 'bash', 'AN1058', 'a shell loop over /dev/tcp: 120 ports of a server'),
    events: sweep(scene, { process, probes: inRows([target], portsFrom(1, 120)), gapMs: 5, waitsMs: 1_000 }),
  };
}

/** nc, one process a probe: what a health check looks like, for many hosts. */
export function netcatLoop(scene: Scene, machine: Machine): Activity {
  const script = 'for h in $(cat hosts); do for p in 22 80 445; do nc -z -w 1 $h $p; done; done';
  const process = inShell(scene, machine, '/usr/bin/bash', ['bash', '-c', script]);
  return {
    label: scan('scan-netcat', process, 'nc', 'AN1058', 'a shell loop of nc -z: three ports of 40 addresses'),
    events: loop(
      scene,
      { process, probes: inRows(addresses('10.20.10', 10, 49), [22, 80, 445]), gapMs: 20, waitsMs: 1_000 },
      (address, port) => ({
        executable: '/usr/bin/nc.openbsd',
        args: ['nc', '-z', '-w', '1', address, String(port)],
      }),
    ),
  };
}

/** masscan: a thousand probes in seconds that no system call tells of. */
export function masscan(scene: Scene, machine: Machine): Activity {
  const ports = [22, 80, 443, 445];
  const args = ['masscan', '-p', ports.join(','), '--rate', '200', '10.20.10.0/24'];
  const process = inShell(scene, machine, '/usr/bin/masscan', args, rootUser);
  return {
    label: scan('scan-masscan', process, 'masscan', 'AN1058', 'masscan: four ports of a /24 in its mixed order'),
    events: rawSweep(scene, {
      process,
      probes: mixed(scene.random, inRows(addresses('10.20.10', 1, 254), ports)),
      gapMs: 9,
    }),
  };
}

/** A script that waits half a second for each port. */
export function pythonScanner(scene: Scene, machine: Machine): Activity {
  const process = inShell(scene, machine, '/usr/bin/python3.12', ['python3', 'check_ports.py', '10.20.2.0/27']);
  return {
    label: scan('scan-python', process, 'python', 'AN1058', 'a script tries eight ports of 30 addresses'),
    events: sweep(scene, {
      process,
      probes: inRows(addresses('10.20.2', 1, 30), common.slice(0, 8)),
      gapMs: 30,
      waitsMs: 500,
    }),
  };
}

/** One port each half minute for an hour: twenty in ten minutes. */
export function slowPorts(scene: Scene, machine: Machine): Activity {
  const target = scene.office.domainController.address;
  const process = hiddenScript(scene, machine, 'sync.py', target);
  return {
    label: scan('scan-slow', process, 'python', 'AN1058', 'one port of a server each 30 s, for an hour'),
    events: portsOf(scene, process, target, { ports: 118, leastGapMs: 29_000, gapMs: 31_000 }),
  };
}

/** So slow that no window of the defaults holds enough of it. */
export function glacialPorts(scene: Scene, machine: Machine): Activity {
  const target = scene.office.fileServer.address;
  const process = hiddenScript(scene, machine, 'rotate.py', target);
  return {
    label: {
      ...scan('scan-glacial', process, 'python', 'AN1058', 'one port of a server each five minutes'),
      beyond: '2 ports in ten minutes, 12 in an hour',
    },
    events: portsOf(scene, process, target, { ports: 12, leastGapMs: 270_000, gapMs: 330_000 }),
  };
}

/** The first ports of one host, in any order, one after the other. */
const portsOf = (
  scene: Scene,
  process: Process,
  target: string,
  { ports, ...gaps }: { ports: number; leastGapMs: number; gapMs: number },
) => sweep(scene, { process, probes: inRows([target], scene.random.shuffle(portsFrom(1, ports))), ...gaps });

/** Started by cron: no login, no terminal. */
function hiddenScript(scene: Scene, machine: Machine, script: string, target: string): Process {
  return scene.processes.start(machine, {
    executable: '/usr/bin/python3.12',
    args: ['python3.12', `/opt/.update/${script}`, target],
    startedAt: scene.from,
    parent: scene.processes.service(machine, '/usr/sbin/cron'),
    interactive: false,
  });
}
