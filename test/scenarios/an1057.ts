import { quick, type Scenario } from './scenario.js';
import { zeekConn } from './telemetry/sensors.js';
import { securityConnection, securityStart, sysmonConnection, sysmonName, sysmonStart } from './telemetry/windows.js';
import { own } from './thresholds.js';
import { at, repeat, scattered } from './times.js';

const powershell = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const loop = "-c 1..40 | % { (New-Object Net.Sockets.TcpClient).Connect('10.200.0.'+$_,445) }";

export const an1057: readonly Scenario[] = [
  {
    name: 'AN1057: a TcpClient loop of PowerShell, by Sysmon and the Security log',
    events: (cast) => [
      sysmonStart({ at: at(0), machine: cast.machine(), program: powershell, args: loop }),
      ...repeat(20, (i) =>
        securityConnection({ at: at(1 + i), machine: cast.machine(), program: powershell, to: own(i), port: 445 }),
      ),
      ...repeat(20, (i) =>
        securityConnection({
          ...{ at: at(21 + i), machine: cast.machine(), program: powershell, to: own(i), port: 3389 },
          isBlocked: true,
        }),
      ),
      sysmonConnection({ at: at(1, 5), machine: cast.machine(), program: powershell, to: own(0), port: 445 }),
    ],
    found: [
      {
        analytic: 'AN1057',
        who: 'powershell.exe',
        severity: 'high',
        shape: 'horizontal',
        hosts: 20,
        sockets: 40,
        points: { tool: 15, 'renamed tool': 0 },
      },
    ],
  },
  {
    name: 'AN1057: Sysmon 3 sees established connections only: three that answer of a sweep stay quiet',
    events: (cast) =>
      repeat(3, (i) =>
        sysmonConnection({ at: at(i), machine: cast.machine(), program: 'C:\\t.exe', to: own(i), port: 22 }),
      ),
    found: [],
  },
  {
    name: 'AN1057: blocked connections (5157) are failed ones',
    events: (cast) =>
      repeat(10, (i) =>
        securityConnection({
          ...{ at: at(i), machine: cast.machine(), program: 'C:\\t.exe', to: own(i % 5), port: 7_000 + i },
          isBlocked: true,
        }),
      ),
    found: [{ analytic: 'AN1057', measures: quick('sockets own failed', 10), severity: 'medium' }],
  },
  {
    name: 'AN1057: many processes of one program are one subject, whatever the case of its path',
    events: (cast) =>
      scattered(16).map((host, i) =>
        securityConnection({
          ...{ at: at(i), machine: cast.machine(), pid: 100 + i, to: own(host), port: 445 },
          program: i % 2 === 0 ? 'C:\\Tools\\Probe.exe' : 'c:\\tools\\PROBE.EXE',
        }),
      ),
    found: [{ analytic: 'AN1057', who: 'probe.exe', hosts: 16 }],
  },
  {
    name: 'AN1057: two programs with eight hosts each stay quiet',
    events: (cast) =>
      repeat(16, (i) =>
        securityConnection({
          ...{ at: at(i), machine: cast.machine(), to: own(i), port: 445 },
          program: i % 2 === 0 ? 'C:\\a.exe' : 'C:\\b.exe',
        }),
      ),
    found: [],
  },
  {
    name: 'AN1057: the same program on two machines is two subjects',
    events: (cast) =>
      repeat(16, (i) =>
        securityConnection({
          ...{ at: at(i), machine: cast.machine(1 + (i % 2)), program: 'C:\\a.exe', to: own(i), port: 445 },
        }),
      ),
    found: [],
  },
  {
    name: 'AN1057: a renamed nmap, by its original file name, launched alone',
    events: (cast) => [
      sysmonStart({
        ...{ at: at(0), machine: cast.machine(), program: 'C:\\ProgramData\\svc.exe', args: '10.0.0.0/24' },
        originalName: 'nmap.exe',
      }),
    ],
    found: [
      {
        analytic: 'AN1057',
        who: 'svc.exe',
        severity: 'low',
        shape: 'launch',
        measures: [],
        points: { tool: 15, 'renamed tool': 10 },
      },
    ],
  },
  {
    name: 'AN1057: Advanced Port Scanner launched alone, by the Security log',
    events: (cast) => [
      securityStart({ at: at(0), machine: cast.machine(), program: 'C:\\Temp\\advanced_port_scanner.exe' }),
    ],
    found: [{ analytic: 'AN1057', who: 'advanced_port_scanner.exe', severity: 'low', points: { 'renamed tool': 0 } }],
  },
  {
    name: 'AN1057: programs of two uses, launched, stay quiet',
    events: (cast) =>
      ['curl.exe', 'ping.exe', 'telnet.exe', 'nc.exe'].map((name, i) =>
        sysmonStart({ at: at(i), machine: cast.machine(), program: `C:\\${name}`, args: '10.0.0.1 80', pid: 100 + i }),
      ),
    found: [],
  },
  {
    name: 'AN1057: a server that takes connections of many clients is no scanner',
    events: (cast) =>
      repeat(30, (i) =>
        securityConnection({
          ...{ at: at(i), machine: cast.machine(), program: 'System', from: cast.ip(100 + i) },
          ...{ to: cast.machine().ip, port: 445, isInbound: true },
        }),
      ),
    found: [],
  },
  {
    name: 'AN1057: who reaches 16 ports of a server that records them is a scanner, and no process of the server',
    events: (cast) =>
      scattered(16).map((port, i) =>
        sysmonConnection({
          ...{ at: at(i), machine: cast.machine(), program: 'C:\\srv.exe', from: cast.ip(100) },
          ...{ to: cast.machine().ip, port: 7_000 + port, isInbound: true },
        }),
      ),
    found: [{ analytic: 'AN1058', who: (cast) => cast.ip(100), measures: quick('ports own any', 16) }],
  },
  {
    name: 'AN1057: names that the scanning process looked up are part of the score',
    events: (cast) => [
      ...scattered(16).map((host, i) =>
        securityConnection({ at: at(i), machine: cast.machine(), program: 'C:\\t.exe', to: own(host), port: 445 }),
      ),
      ...repeat(20, (i) =>
        sysmonName({ at: at(i % 15), machine: cast.machine(), program: 'C:\\t.exe', name: `host${i}.corp` }),
      ),
    ],
    // Sysmon's processes have GUIDs, the Security log's have not: only what has the same identity is joined
    found: [{ analytic: 'AN1057', points: { names: 0 } }],
  },
  {
    name: 'AN1057: names by the same sensor',
    events: (cast) => [
      ...scattered(16).map((host, i) =>
        sysmonConnection({ at: at(i), machine: cast.machine(), program: 'C:\\t.exe', to: own(host), port: 445 }),
      ),
      ...repeat(20, (i) =>
        sysmonName({ at: at(i % 15), machine: cast.machine(), program: 'C:\\t.exe', name: `host${i}.corp` }),
      ),
    ],
    found: [{ analytic: 'AN1057', points: { names: 3 } }],
  },
  {
    name: 'AN1057: one scan that Sysmon and Zeek see is one alert, which carries what the network saw',
    events: (cast) => [
      sysmonStart({ at: at(0), machine: cast.machine(), program: 'C:\\t.exe' }),
      ...scattered(20).flatMap((host, i) => [
        zeekConn({
          ...{ at: at(i), from: cast.machine().ip, to: own(host), port: 445 },
          ended: host < 16 ? ('accepted' as const) : ('unanswered' as const),
        }),
        ...(host < 16
          ? [
              sysmonConnection({
                at: at(i, 40),
                machine: cast.machine(),
                program: 'C:\\t.exe',
                to: own(host),
                port: 445,
              }),
            ]
          : []),
      ]),
    ],
    found: [
      {
        analytic: 'AN1057',
        who: 't.exe',
        joined: 1,
        measures: [
          ...quick('hosts own any', 16),
          ...quick('sockets own any', 16),
          ...quick('hosts own any', 20), // the address's
        ],
        severity: 'medium',
      },
    ],
  },
];
