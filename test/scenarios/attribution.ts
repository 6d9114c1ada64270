import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { nodeOf } from './players.js';
import { quick, type Scenario } from './scenario.js';
import { auditStart } from './telemetry/auditd.js';
import { defendStart } from './telemetry/defend.js';
import { ecsConnection } from './telemetry/ecs.js';
import { zeekConn, zeekMdns } from './telemetry/sensors.js';
import { securityConnection, sysmonStart } from './telemetry/windows.js';
import { own } from './thresholds.js';
import { at, DAY, repeat, scattered } from './times.js';

/** A sweep that only a sensor sees, from the address of the cast's first machine. */
const swept = (cast: Cast): EcsDocument[] =>
  scattered(16).map((host, i) => zeekConn({ at: at(i), from: cast.ip(1), to: own(host), port: 443 }));

/** A document that names a host with its addresses, and nothing else that matters. */
const seenWindows = (cast: Cast, time: number, machine = cast.machine()): EcsDocument =>
  sysmonStart({ at: time, machine, program: 'C:\\Windows\\explorer.exe' });
const seenMac = (cast: Cast, time: number, machine = cast.machine()): EcsDocument =>
  defendStart({ at: time, machine, program: '/Applications/Mail' });

/** Who is said to have swept. */
const by = (analytic: 'AN1057' | 'AN1058' | 'AN1059' | 'AN1060'): Scenario['found'] => [
  { analytic, who: (cast) => cast.ip(1), measures: quick('hosts own any', 16) },
];

export const attribution: readonly Scenario[] = [
  { name: 'flows of an address that no host is known to hold are AN1058', events: swept, found: by('AN1058') },
  {
    name: "flows of a Windows host's address are AN1057, by its host.ip",
    events: (cast) => [...swept(cast), seenWindows(cast, at(60))],
    found: by('AN1057'),
  },
  {
    name: "flows of a Mac's address are AN1059",
    events: (cast) => [seenMac(cast, at(-60)), ...swept(cast)],
    found: by('AN1059'),
  },
  {
    name: "flows of a Linux host's address are AN1058",
    events: (cast) => [
      ...swept(cast),
      auditStart({ at: at(0), machine: cast.machine(), program: '/usr/bin/true', args: '' }),
    ],
    found: by('AN1058'),
  },
  {
    name: "flows are the host's by its own source.ip as well",
    events: (cast) => [
      ...swept(cast),
      {
        ...securityConnection({ at: at(0), machine: cast.machine(), program: 'C:\\a.exe', to: own(0), port: 443 }),
        'host.ip': [],
      },
    ],
    found: by('AN1057'),
  },
  {
    name: 'a host seen just a day before holds its address still',
    events: (cast) => [seenWindows(cast, at(15 - DAY)), ...swept(cast)],
    found: by('AN1057'),
  },
  {
    name: 'a host seen a millisecond more than a day before its last flow does not hold all',
    events: (cast) => [seenWindows(cast, at(15 - DAY, -1)), ...swept(cast)],
    found: [],
  },
  {
    name: 'a host seen two days before holds nothing',
    events: (cast) => [seenWindows(cast, at(-2 * DAY)), ...swept(cast)],
    found: by('AN1058'),
  },
  {
    name: 'a host seen within a day after holds its address already',
    events: (cast) => [...swept(cast), seenMac(cast, at(DAY))],
    found: by('AN1059'),
  },
  {
    name: 'an address that two hosts held that day is nobody’s',
    events: (cast) => [
      seenWindows(cast, at(-3_600)),
      seenMac(cast, at(3_600), { ...cast.machine(2), ip: cast.ip(1) }),
      ...swept(cast),
    ],
    found: by('AN1058'),
  },
  {
    name: 'an address that another host held days ago is the one’s that holds it now',
    events: (cast) => [
      seenMac(cast, at(-3 * DAY), { ...cast.machine(2), ip: cast.ip(1) }),
      seenWindows(cast, at(-60)),
      ...swept(cast),
    ],
    found: by('AN1057'),
  },
  {
    name: 'a container’s address is AN1060’s',
    events: (cast) => [
      ...swept(cast),
      ecsConnection({
        ...{ at: at(0), machine: nodeOf(cast), container: cast.container(), program: '/bin/app' },
        ...{ from: cast.ip(1), to: own(0), port: 443 },
      }),
    ],
    found: by('AN1060'),
  },
  {
    name: 'a node’s address is the node’s, whatever its containers speak from',
    events: (cast) => [
      ...scattered(16).map((host, i) => zeekConn({ at: at(i), from: nodeOf(cast).ip, to: own(host), port: 443 })),
      auditStart({ at: at(0), machine: nodeOf(cast), program: '/usr/bin/kubelet' }),
      ecsConnection({
        ...{ at: at(0), machine: nodeOf(cast), container: cast.container(), program: '/bin/app' },
        ...{ from: nodeOf(cast).ip, to: own(0), port: 443 },
      }),
    ],
    found: [{ analytic: 'AN1058', who: (cast) => nodeOf(cast).ip }],
  },
  {
    name: 'service queries are AN1059’s, whoever asks',
    events: (cast) => [
      seenWindows(cast, at(0)),
      zeekMdns(at(0), cast.ip(1), '_services._dns-sd._udp.local'),
      ...repeat(5, (i) => zeekMdns(at(i), cast.ip(1), `_type${i}._tcp.local`)),
    ],
    found: [{ analytic: 'AN1059', who: (cast) => cast.ip(1), measures: quick('services link any', 5) }],
  },
  {
    name: 'a shared address counts failed measures only, and is nobody’s',
    settings: { SharedAddresses: ['10.16.0.0/12'] },
    events: (cast) => [
      seenWindows(cast, at(0)),
      ...swept(cast),
      ...repeat(10, (i) =>
        zeekConn({ at: at(20 + i), from: cast.ip(1), to: own(i % 5), port: 7_000 + i, ended: 'refused' }),
      ),
    ],
    found: [{ analytic: 'AN1058', measures: quick('sockets own failed', 10) }],
  },
  {
    name: 'a shared address is never joined to a host',
    settings: { SharedAddresses: ['10.16.0.0/12'] },
    events: (cast) =>
      repeat(16, (i) => [
        securityConnection({ at: at(i), machine: cast.machine(), program: 'C:\\a.exe', to: own(i), port: 443 }),
        zeekConn({ at: at(i), from: cast.ip(1), to: own(i % 5), port: 7_000 + i, ended: 'refused' }),
      ]).flat(),
    found: [
      { analytic: 'AN1058', who: (cast) => cast.ip(1), joined: 0 },
      { analytic: 'AN1057', who: 'a.exe', joined: 0 },
    ],
  },
];
