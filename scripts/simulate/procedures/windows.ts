import type { Activity } from '../events.js';
import type { Machine } from '../office.js';
import type { FileInfo, Process } from '../processes.js';
import type { Scene } from '../scene.js';
import { addresses, inRows, scan, sweep } from './sweep.js';

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
  const probes = scene.random.shuffle([...inRows(addresses('10.20.1', 1, 32), ports)]);
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
