import type { Activity } from '../events.js';
import type { Machine } from '../machines.js';
import { mergeByTime } from '../merge.js';
import type { FileInfo, Process } from '../processes.js';
import type { Scene } from '../scene.js';
import { addresses, inRows, mixed, portsFrom, scan, sweep } from './sweep.js';

/** One shell line that opens a TcpClient to each address of the own /24; the own firewall forbids 3389. */
export function powershellSweep(scene: Scene): Activity {
  const { birch } = scene.office;
  const executable = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;
  const script =
    '1..254 | % { foreach ($p in 445,3389) { $c = New-Object Net.Sockets.TcpClient; ' +
    'if ($c.ConnectAsync("10.20.10.$_",$p).Wait(60)) { "10.20.10.$_ $p" }; $c.Dispose() } }';
  const process = scene.processes.start(birch, {
    executable,
    args: [executable, '-NoProfile', '-Command', script],
    startedAt: scene.from,
    parent: scene.processes.desktop(birch),
  });
  return {
    label: scan(
      'scan-powershell',
      process,
      'PowerShell',
      'AN1057',
      'a PowerShell loop tries two ports of each address of its /24',
    ),
    events: sweep(scene, { process, probes: inRows(addresses('10.20.10', 1, 254), [445, 3389]), gapMs: 120 }),
  };
}

/** nmap under another name: connect scan of the server subnet in nmap's own mixed order. */
export function renamedNmap(scene: Scene): Activity {
  const { cedar } = scene.office;
  const file: FileInfo = { originalName: 'nmap.exe', description: 'Nmap', company: 'Insecure.Org' };
  const process = fromShell(scene, cedar, String.raw`C:\Users\Public\Libraries\wsyncd.exe`, file, [
    ...['-sT', '-Pn', '-n', '-T4', '--max-retries', '0'],
    ...['-p', '22,80,135,139,443,445,1433,3389,5985,8080', '10.20.1.1-32'],
  ]);
  const ports = [22, 80, 135, 139, 443, 445, 1433, 3389, 5985, 8080];
  const probes = mixed(scene.random, inRows(addresses('10.20.1', 1, 32), ports));
  return {
    label: scan(
      'scan-renamed-nmap',
      process,
      'nmap',
      'AN1057',
      'nmap as wsyncd.exe: ten ports of 32 addresses of the server subnet',
    ),
    events: sweep(scene, { process, probes, gapMs: 120 }),
  };
}

/** Advanced Port Scanner, unpacked to a temporary folder, port by port over the server subnet. */
export function advancedPortScanner(scene: Scene): Activity {
  const { alder } = scene.office;
  const folder = String.raw`C:\Users\mila\AppData\Local\Temp\Advanced Port Scanner 2`;
  const file: FileInfo = {
    originalName: 'advanced_port_scanner.exe',
    description: 'Advanced Port Scanner',
    company: 'Famatech Corp.',
  };
  const process = fromShell(scene, alder, `${folder}\\advanced_port_scanner.exe`, file, [
    '/portable',
    folder,
    '/lng',
    'en_us',
  ]);
  return {
    label: scan(
      'scan-advanced-port-scanner',
      process,
      'Advanced Port Scanner',
      'AN1057',
      'six ports of 48 addresses of the server subnet',
    ),
    events: sweep(scene, {
      process,
      probes: inRows(addresses('10.20.1', 1, 48), [21, 22, 80, 443, 445, 3389]),
      gapMs: 90,
    }),
  };
}

/** A shell line asks Windows' own cmdlet, one port after the other: each closed one takes it 21 s. */
export function testNetConnection(scene: Scene, machine: Machine): Activity {
  const executable = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;
  const target = scene.office.fileServer.address;
  const script = `20..45 | % { Test-NetConnection ${target} -Port $_ -WarningAction SilentlyContinue }`;
  const process = scene.processes.start(machine, {
    executable,
    args: [executable, '-Command', script],
    startedAt: scene.from,
    parent: scene.processes.desktop(machine),
  });
  return {
    label: scan('scan-test-netconnection', process, 'PowerShell', 'AN1057', 'Test-NetConnection, 26 ports of a server'),
    events: sweep(scene, { process, probes: inRows([target], portsFrom(20, 45)), gapMs: 300, waitsMs: 21_000 }),
  };
}

/** SoftPerfect's scanner, as it is carried in: one folder, no setup. */
export function softPerfect(scene: Scene, machine: Machine): Activity {
  const file: FileInfo = {
    originalName: 'netscan.exe',
    description: 'SoftPerfect Network Scanner',
    company: 'SoftPerfect Pty Ltd',
  };
  const process = fromShell(scene, machine, String.raw`C:\PerfLogs\netscan.exe`, file, [
    '/hide',
    '/auto:result.xml',
    '/range:10.20.1.1-10.20.1.254',
  ]);
  return {
    label: scan(
      'scan-softperfect',
      process,
      'SoftPerfect',
      'AN1057',
      'three ports of each address of the server subnet',
    ),
    events: sweep(scene, { process, probes: inRows(addresses('10.20.1', 1, 254), [135, 445, 3389]), gapMs: 60 }),
  };
}

/** Advanced IP Scanner over the own subnet, of which no sensor sees anything. */
export function advancedIpScanner(scene: Scene, machine: Machine): Activity {
  const folder = String.raw`C:\Users\Public\Advanced IP Scanner 2`;
  const file: FileInfo = {
    originalName: 'advanced_ip_scanner.exe',
    description: 'Advanced IP Scanner',
    company: 'Famatech Corp.',
  };
  const process = fromShell(scene, machine, `${folder}\\advanced_ip_scanner.exe`, file, ['/portable', folder]);
  return {
    label: scan(
      'scan-advanced-ip-scanner',
      process,
      'Advanced IP Scanner',
      'AN1057',
      'four ports of each address of its own /24',
    ),
    events: sweep(scene, {
      process,
      probes: inRows(addresses('10.20.10', 1, 254), [80, 443, 445, 3389]),
      gapMs: 60,
    }),
  };
}

/** NetBIOS names of a subnet by UDP, one question each. */
export function netBiosSweep(scene: Scene, machine: Machine): Activity {
  const file: FileInfo = { originalName: 'nbtscan.exe', description: 'nbtscan', company: '-' };
  const process = fromShell(scene, machine, String.raw`C:\Windows\Temp\nb.exe`, file, ['10.20.1.0/24']);
  return {
    label: scan('scan-netbios', process, 'nbtscan', 'AN1057', 'nbtscan as nb.exe asks 254 addresses for their names'),
    events: sweep(scene, { process, probes: inRows(addresses('10.20.1', 1, 254), [137]), gapMs: 30, transport: 'udp' }),
  };
}

/** nmap over IPv6 neighbours, by their addresses' low numbers. */
export function ipv6Neighbours(scene: Scene, machine: Machine): Activity {
  const file: FileInfo = { originalName: 'nmap.exe', description: 'Nmap', company: 'Insecure.Org' };
  const network = '2001:db8:20:10::';
  const process = fromShell(scene, machine, String.raw`C:\Program Files (x86)\Nmap\nmap.exe`, file, [
    ...['-6', '-sT', '-Pn', '-n', '-p', '135,445', `${network}1-60`],
  ]);
  const neighbours = Array.from({ length: 60 }, (_, number) => `${network}${number + 1}`);
  return {
    label: scan('scan-ipv6', process, 'nmap', 'AN1057', 'two ports of 60 IPv6 addresses of its own /64'),
    events: sweep(scene, { process, probes: mixed(scene.random, inRows(neighbours, [135, 445])), gapMs: 90 }),
  };
}

/** Two processes of one program share out the ports of a server, each too few to be noticed by itself. */
export function splitScan(scene: Scene, machine: Machine): Activity {
  const file: FileInfo = { originalName: 'svcq.exe', description: '-', company: '-' };
  const ports = [...portsFrom(100, 111), ...portsFrom(5_000, 5_011)];
  const halves = [ports.filter((_, number) => number % 2 === 0), ports.filter((_, number) => number % 2 === 1)];
  const target = scene.office.domainController.address;
  const processes = halves.map((half) =>
    fromShell(scene, machine, String.raw`C:\ProgramData\svcq\svcq.exe`, file, [target, half.join(',')]),
  );
  return {
    label: scan(
      'scan-split',
      processes[0]!,
      'an unknown program',
      'AN1057',
      'two processes of one program try twelve ports each of a server, one in twenty seconds',
    ),
    events: mergeByTime(
      processes.map((process, number) =>
        sweep(scene, { process, probes: inRows([target], halves[number]!), gapMs: 24_000, leastGapMs: 16_000 }),
      ),
    ),
  };
}

/** A program started from a command prompt, which was opened for it. */
function fromShell(
  scene: Scene,
  machine: Machine,
  executable: string,
  file: FileInfo,
  args: readonly string[],
): Process {
  const shell = scene.processes.start(machine, {
    executable: String.raw`C:\Windows\System32\cmd.exe`,
    startedAt: scene.from,
    parent: scene.processes.desktop(machine),
  });
  return scene.processes.start(machine, {
    executable,
    args: [executable, ...args],
    startedAt: scene.from + 1_500,
    parent: shell,
    file,
  });
}
