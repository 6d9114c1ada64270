import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { nodeOf, players } from './players.js';
import type { Scenario } from './scenario.js';
import { auditConnect } from './telemetry/auditd.js';
import { zeekConn } from './telemetry/sensors.js';
import { securityConnection } from './telemetry/windows.js';
import { own } from './thresholds.js';
import { at, repeat } from './times.js';

/** A Windows program reaches sixteen own hosts. */
const scan = (cast: Cast, program: string): EcsDocument[] =>
  repeat(16, (i) => securityConnection({ at: at(i), machine: cast.machine(), program, to: own(i), port: 445 }));

const swept = (cast: Cast): EcsDocument[] =>
  repeat(16, (i) => zeekConn({ at: at(i, 20), from: cast.ip(1), to: own(i), port: 445 }));

const nessus = 'C:\\Program Files\\Tenable\\NESSUSD.EXE';
const expected = { ExpectedScanSources: ['10.16.0.0/12'] };
const listed = { KnownScannerExeList: ['**/tools/*.exe', 'sweep?'] };

export const allowLists: readonly Scenario[] = [
  {
    name: 'allow lists: a known scanner is found and silenced, whatever the case of its name',
    events: (cast) => scan(cast, nessus),
    found: [],
    silenced: ['KnownScannerExeList'],
  },
  {
    name: 'allow lists: what the network saw of a known scanner is silenced with it',
    events: (cast) => [...scan(cast, nessus), ...swept(cast)],
    found: [],
    silenced: ['KnownScannerExeList'],
  },
  {
    name: 'allow lists: another scan of the same host is not',
    events: (cast) => [...scan(cast, nessus), ...scan(cast, 'C:\\t.exe')],
    found: [{ analytic: 'AN1057', who: 't.exe' }],
    silenced: ['KnownScannerExeList'],
  },
  {
    name: 'allow lists: what ends like a known scanner is none',
    events: (cast) => scan(cast, 'C:\\Temp\\notnessusd.exe'),
    found: [{ analytic: 'AN1057' }],
  },
  {
    name: 'allow lists: a path by a glob',
    settings: listed,
    events: (cast) => scan(cast, 'C:\\Tools\\Probe.exe'),
    found: [],
    silenced: ['KnownScannerExeList'],
  },
  {
    name: 'allow lists: a path that a glob does not reach',
    settings: listed,
    events: (cast) => scan(cast, 'C:\\Tools\\old\\Probe.exe'),
    found: [{ analytic: 'AN1057' }],
  },
  {
    name: 'allow lists: a file name by a glob, in any folder',
    settings: listed,
    events: (cast) =>
      repeat(16, (i) =>
        auditConnect({ at: at(i), machine: cast.machine(), program: '/opt/x/sweep1', to: own(i), port: 22 }),
      ),
    found: [],
    silenced: ['KnownScannerExeList'],
  },
  {
    name: 'allow lists: an expected source, by its address',
    settings: expected,
    events: swept,
    found: [],
    silenced: ['ExpectedScanSources'],
  },
  {
    name: 'allow lists: a process of an expected source, and what the network saw of it',
    settings: expected,
    events: (cast) => [...scan(cast, 'C:\\t.exe'), ...swept(cast)],
    found: [],
    silenced: ['ExpectedScanSources', 'ExpectedScanSources'],
  },
  {
    name: 'allow lists: a source beside the expected ones',
    settings: { ExpectedScanSources: ['192.0.2.0/24', '2001:db8::/48', 'elsewhere'] },
    events: swept,
    found: [{ analytic: 'AN1058' }],
  },
  {
    name: 'allow lists: a launch of an expected source',
    settings: expected,
    events: (cast) => [players[0]!.start(cast, { at: at(0), program: 'C:\\nmap.exe', args: '-sS x' })],
    found: [],
    silenced: ['ExpectedScanSources'],
  },
  {
    name: 'allow lists: an expected source by its host name, also what the network saw of it',
    settings: { ExpectedScanSources: ['S0-1'] },
    events: (cast) => [...scan(cast, 'C:\\t.exe'), ...swept(cast)],
    found: [],
    silenced: ['ExpectedScanSources', 'ExpectedScanSources'],
  },
  {
    name: 'match lists never filter: a tool of no name is found by its contacts',
    settings: { ScanToolList: [], ToolPatternRegex: [], ExecutablePath: [] },
    events: (cast) => [
      players[1]!.start(cast, { at: at(0), args: '-sS 10.0.0.0/8' }),
      ...repeat(16, (i) =>
        auditConnect({ at: at(i), machine: cast.machine(), program: players[1]!.program, to: own(i), port: 22 }),
      ),
    ],
    found: [{ analytic: 'AN1058', severity: 'medium', points: { tool: 0 } }],
  },
  {
    name: 'match lists never filter: a container by a binary of its own',
    events: (cast) =>
      repeat(16, (i) =>
        auditConnect({
          ...{ at: at(i), machine: nodeOf(cast), container: cast.container(), program: '/tmp/x' },
          ...{ to: own(i), port: 22 },
        }),
      ),
    found: [{ analytic: 'AN1060', who: 'x' }],
  },
];
