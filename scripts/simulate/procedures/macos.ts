import type { Activity, OfficeEvent } from '../events.js';
import { type Process, rootUser } from '../processes.js';
import type { Scene } from '../scene.js';
import { addresses, inRows, mixed, scan, sweep } from './sweep.js';

/** DNS-SD's question for all service types that there are. */
const metaQuery = '_services._dns-sd._udp';

/** A person asks for all service types, then browses each: ATT&CK's own procedure for macOS. */
export function bonjourBrowse(scene: Scene): Activity {
  const { ivy } = scene.office;
  const browse = (type: string, startedAt: number): Process =>
    scene.processes.start(ivy, {
      executable: '/usr/bin/dns-sd',
      args: ['dns-sd', '-B', type, 'local.'],
      startedAt,
      parent: scene.processes.desktop(ivy),
    });
  const first = browse(metaQuery, scene.from);
  return {
    label: scan(
      'scan-bonjour',
      first,
      'dns-sd',
      'AN1059',
      'dns-sd asks for all service types, then browses 14 of them',
    ),
    events: browseAll(scene, first, browse),
  };
}

function* browseAll(
  scene: Scene,
  first: Process,
  browse: (type: string, at: number) => Process,
): Generator<OfficeEvent> {
  const types = [
    ...['_ssh._tcp', '_sftp-ssh._tcp', '_rfb._tcp', '_smb._tcp', '_afpovertcp._tcp', '_ipp._tcp', '_ipps._tcp'],
    ...[
      '_http._tcp',
      '_printer._tcp',
      '_pdl-datastream._tcp',
      '_uscan._tcp',
      '_airplay._tcp',
      '_raop._tcp',
      '_nfs._tcp',
    ],
  ];
  yield { kind: 'launch', at: first.startedAt, process: first };
  yield { kind: 'service_questions', at: first.startedAt + 40, source: first.machine, types: [metaQuery] };
  let at = first.startedAt + scene.random.integer(5_000, 8_000);
  yield { kind: 'exit', at, process: first };
  for (const type of types) {
    at += scene.random.integer(300, 700);
    const process = browse(type, at);
    yield { kind: 'launch', at, process };
    yield { kind: 'service_questions', at: at + 30, source: process.machine, types: [type] };
    yield { kind: 'exit', at: at + 250, process };
  }
}

/** nmap of Homebrew in Terminal, over the laptop's own Wi-Fi subnet, which no sensor sees. */
export function terminalNmap(scene: Scene): Activity {
  const { oak } = scene.office;
  const ports = [22, 80, 443, 445, 548, 631, 3283, 5900, 8080, 62078];
  const process = scene.processes.start(oak, {
    executable: '/opt/homebrew/Cellar/nmap/7.95/bin/nmap',
    args: ['nmap', '-sT', '-Pn', '-n', '-p', ports.join(','), '10.20.20.1-40'],
    startedAt: scene.from,
    parent: scene.processes.desktop(oak),
    file: { originalName: 'nmap', description: 'nmap', company: '' },
  });
  return {
    label: scan(
      'scan-terminal-nmap',
      process,
      'nmap',
      'AN1059',
      'nmap -sT in Terminal: ten ports of 40 addresses of the own Wi-Fi subnet',
    ),
    events: sweep(scene, {
      process,
      probes: mixed(scene.random, inRows(addresses('10.20.20', 1, 40), ports)),
      gapMs: 60,
    }),
  };
}

/** A script that a launch agent starts in the background: no terminal, two ports over the server subnet. */
export function backgroundPython(scene: Scene): Activity {
  const { oak } = scene.office;
  const executable = '/Library/Frameworks/Python.framework/Versions/3.12/Resources/Python.app/Contents/MacOS/Python';
  const process = scene.processes.start(oak, {
    executable,
    args: [executable, '/Users/owen/Library/Application Support/.sync/check.py'],
    startedAt: scene.from,
    parent: scene.processes.service(oak, '/sbin/launchd'),
    user: oak.user ?? rootUser,
    interactive: false,
    file: { originalName: 'Python', description: 'Python', company: 'Python Software Foundation' },
  });
  return {
    label: scan(
      'scan-background-python',
      process,
      'python',
      'AN1059',
      'a Python loop of a launch agent: two ports of 60 addresses of the server subnet',
    ),
    events: sweep(scene, { process, probes: inRows(addresses('10.20.1', 1, 60), [22, 5900]), gapMs: 500 }),
  };
}
