import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { type Player, players } from './players.js';
import { quick, type Scenario } from './scenario.js';
import { zeekArp, zeekConn } from './telemetry/sensors.js';
import { sysmonConnection, sysmonStart } from './telemetry/windows.js';
import { own } from './thresholds.js';
import { at, MINUTE, repeat, scattered } from './times.js';

/** Arguments that scan, whatever the program is called. */
const SCANS = '-sT -Pn 10.200.0.0/28 -p 22';

const launch = (player: Player) => (cast: Cast) => [player.start(cast, { at: at(0), args: SCANS })];
const contacts = (player: Player) => (cast: Cast) =>
  scattered(16).map((host, i) => player.reach(cast, { at: at(1 + i), to: own(host), port: 22 }));

/** Whose launches and contacts the same sensor records, so that they share an identity. */
const both: readonly [name: string, events: (cast: Cast) => EcsDocument[]][] = [
  ...players
    .filter(({ analytic }) => analytic === 'AN1058' || analytic === 'AN1059')
    .map(
      (player) =>
        [player.analytic, (cast: Cast) => [...launch(player)(cast), ...contacts(player)(cast)]] as [
          string,
          (cast: Cast) => EcsDocument[],
        ],
    ),
  [
    'AN1057',
    (cast) => [
      sysmonStart({ at: at(0), machine: cast.machine(), program: 'C:\\t.exe', args: SCANS }),
      ...scattered(16).map((host, i) =>
        sysmonConnection({ at: at(1 + i), machine: cast.machine(), program: 'C:\\t.exe', to: own(host), port: 22 }),
      ),
    ],
  ],
];

/** A sweep that a sensor sees, from the first machine's address. */
const swept = (cast: Cast, seconds: number): EcsDocument[] =>
  scattered(16).map((host, i) => zeekConn({ at: at(seconds, i), from: cast.ip(1), to: own(host), port: 443 }));

const arps = (cast: Cast, answered: number): EcsDocument[] =>
  repeat(8, (i) => [
    zeekArp(at(i), cast.ip(1), cast.ip(100 + i)),
    ...(i < answered ? [zeekArp(at(i, 1_000), cast.ip(100 + i), cast.ip(1), 'reply')] : []),
  ]).flat();

export const correlation: readonly Scenario[] = [
  ...players.flatMap((player): Scenario[] => [
    {
      name: `${player.analytic}: a launch alone is low`,
      events: launch(player),
      found: [{ analytic: player.analytic, severity: 'low', shape: 'launch', sockets: 0 }],
    },
    {
      name: `${player.analytic}: contacts alone are medium`,
      events: contacts(player),
      found: [{ analytic: player.analytic, severity: 'medium', shape: 'horizontal', sockets: 16 }],
    },
  ]),
  ...both.map(
    ([analytic, events]): Scenario => ({
      name: `${analytic}: a launch and its contacts are one alert, high`,
      events,
      found: [{ analytic: analytic as 'AN1057', severity: 'high', joined: 0, sockets: 16, points: { tool: 15 } }],
    }),
  ),
  {
    name: 'a launch and what a sensor saw of its host within 15 minutes are one alert, high',
    events: (cast) => [...launch(players[0]!)(cast), ...swept(cast, 15 * MINUTE)],
    found: [{ analytic: 'AN1057', who: 'tool.exe', severity: 'high', joined: 1, measures: quick('hosts own any', 16) }],
  },
  {
    name: 'a launch and what a sensor saw later are two alerts',
    events: (cast) => [...launch(players[0]!)(cast), ...swept(cast, 15 * MINUTE + 1)],
    found: [
      { analytic: 'AN1057', who: 'tool.exe', severity: 'low', joined: 0 },
      { analytic: 'AN1057', who: (cast) => cast.ip(1), severity: 'medium', joined: 0 },
    ],
  },
  {
    name: 'what a sensor saw joins the process with most sockets',
    events: (cast) => [
      ...repeat(16, (i) => players[0]!.reach(cast, { at: at(i), to: own(i), port: 443, program: 'C:\\few.exe' })),
      ...repeat(20, (i) => players[0]!.reach(cast, { at: at(i), to: own(i), port: 443, program: 'C:\\most.exe' })),
      ...swept(cast, 5),
    ],
    found: [
      { analytic: 'AN1057', who: 'few.exe', joined: 0 },
      { analytic: 'AN1057', who: 'most.exe', joined: 1 },
    ],
  },
  {
    name: 'two scans of one host by two programs are two alerts',
    events: (cast) =>
      ['C:\\a.exe', 'C:\\b.exe'].flatMap((program) =>
        repeat(16, (i) => players[0]!.reach(cast, { at: at(i), to: own(i), port: 443, program })),
      ),
    found: [
      { analytic: 'AN1057', who: 'a.exe', joined: 0 },
      { analytic: 'AN1057', who: 'b.exe', joined: 0 },
    ],
  },
  {
    name: 'ARP: targets that never answered are a link sweep',
    events: (cast) => arps(cast, 0),
    found: [{ analytic: 'AN1058', measures: quick('arp link failed', 8), shape: 'link', severity: 'medium', hosts: 8 }],
  },
  { name: 'ARP: with one answer in a second there are seven', events: (cast) => arps(cast, 1), found: [] },
  {
    name: 'ARP: an answer after a second answers nothing',
    events: (cast) => [...arps(cast, 0), zeekArp(at(1, 1), cast.ip(100), cast.ip(1), 'reply')],
    found: [{ analytic: 'AN1058', measures: quick('arp link failed', 8) }],
  },
  {
    name: 'ARP: an answer to somebody else answers nothing',
    events: (cast) => [...arps(cast, 0), zeekArp(at(0, 1), cast.ip(100), cast.ip(2), 'reply')],
    found: [{ analytic: 'AN1058', measures: quick('arp link failed', 8) }],
  },
  {
    name: 'ARP: announcements of an own address look for nobody',
    events: (cast) => [
      ...arps(cast, 1),
      zeekArp(at(3), cast.ip(1), cast.ip(1)),
      zeekArp(at(3), '0.0.0.0', cast.ip(200)),
    ],
    found: [],
  },
];
