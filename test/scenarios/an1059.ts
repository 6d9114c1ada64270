import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { quick, type Scenario } from './scenario.js';
import { defendConnection, defendStart } from './telemetry/defend.js';
import { eveMdns, zeekMdns } from './telemetry/sensors.js';
import { own } from './thresholds.js';
import { at, MINUTE, repeat, scattered } from './times.js';

const META = '_services._dns-sd._udp.local';
const TYPES = ['_ssh._tcp', '_smb._tcp', '_ipp._tcp', '_http._tcp', '_hap._tcp', '_raop._tcp'].map((t) => `${t}.local`);

const ask = (cast: Cast, names: readonly string[]): EcsDocument[] =>
  names.map((name, i) => zeekMdns(at(i), cast.ip(1), name));

export const an1059: readonly Scenario[] = [
  {
    name: "AN1059: ATT&CK's dns-sd -B _ssh._tcp is low",
    events: (cast) => [
      defendStart({ at: at(0), machine: cast.machine(), program: '/usr/bin/dns-sd', args: '-B _ssh._tcp .' }),
    ],
    found: [{ analytic: 'AN1059', who: 'dns-sd', severity: 'low', shape: 'launch', measures: [] }],
  },
  {
    name: 'AN1059: dns-sd that looks up one name stays quiet',
    events: (cast) => [
      defendStart({ at: at(0), machine: cast.machine(), program: '/usr/bin/dns-sd', args: '-G v4 printer.local' }),
    ],
    found: [],
  },
  {
    name: 'AN1059: many service types without the meta query are what phones ask for',
    events: (cast) =>
      ask(
        cast,
        repeat(18, (i) => `_type${i}._tcp.local`),
      ),
    found: [],
  },
  {
    name: 'AN1059: the meta query alone, and with four types, stays quiet',
    events: (cast) => ask(cast, [META, META, ...TYPES.slice(0, 4), TYPES[0]!]),
    found: [],
  },
  {
    name: 'AN1059: the meta query counts also when it comes last, and whatever the spelling',
    events: (cast) => ask(cast, [...TYPES.slice(0, 5), '_SERVICES._dns-sd._UDP.local.']),
    found: [
      {
        analytic: 'AN1059',
        who: (cast) => cast.ip(1),
        measures: quick('services link any', 5),
        shape: 'service enumeration',
        severity: 'medium',
        start: at(0),
        end: at(5),
      },
    ],
  },
  {
    name: 'AN1059: one type in several spellings is one, and names of hosts are none',
    events: (cast) =>
      ask(cast, [
        META,
        ...TYPES.slice(0, 4),
        '_SSH._tcp.LOCAL',
        '_ssh._tcp.local.',
        'printer.local',
        'a._ipp._tcp.local',
      ]),
    found: [],
  },
  {
    name: 'AN1059: subtypes are types',
    events: (cast) => ask(cast, [META, ...TYPES.slice(0, 4), '_printer._sub._http._tcp.local']),
    found: [{ analytic: 'AN1059', measures: quick('services link any', 5) }],
  },
  {
    name: 'AN1059: what Zeek logs with AA is an answer',
    events: (cast) => [
      ...ask(cast, [META, ...TYPES.slice(0, 4)]),
      ...TYPES.slice(4).map((name, i) => zeekMdns(at(10 + i), cast.ip(1), name, true)),
    ],
    found: [],
  },
  {
    name: 'AN1059: questions that Suricata saw',
    events: (cast) => [META, ...TYPES].map((name, i) => eveMdns(at(i), cast.ip(1), name)),
    found: [{ analytic: 'AN1059', measures: quick('services link any', 6) }],
  },
  {
    name: 'AN1059: the meta query of eleven minutes ago does not help',
    events: (cast) => [
      ...ask(cast, [META]),
      ...TYPES.slice(0, 5).map((name, i) => zeekMdns(at(11 * MINUTE + i), cast.ip(1), name)),
    ],
    found: [],
  },
  {
    name: 'AN1059: a browser of services and what its host asked on the link are one alert',
    events: (cast) => [
      defendStart({ at: at(-1), machine: cast.machine(), program: '/opt/homebrew/bin/mdns-scan' }),
      ...ask(cast, [META, ...TYPES]),
    ],
    found: [
      {
        analytic: 'AN1059',
        who: 'mdns-scan',
        severity: 'high',
        joined: 1,
        measures: quick('services link any', 6),
      },
    ],
  },
  {
    name: 'AN1059: nmap of a Terminal, by Elastic Defend',
    events: (cast) => [
      defendStart({ at: at(0), machine: cast.machine(), program: '/usr/local/bin/nmap', args: '-sT 10.200.0.1' }),
      ...scattered(16).map((port, i) =>
        defendConnection({
          ...{ at: at(1, i), machine: cast.machine(), program: '/usr/local/bin/nmap', to: own(0), port: 7_000 + port },
        }),
      ),
    ],
    found: [
      {
        analytic: 'AN1059',
        who: 'nmap',
        severity: 'high',
        shape: 'vertical',
        measures: [...quick('ports own any', 16), ...quick('sockets own any', 16)],
      },
    ],
  },
  {
    name: 'AN1059: a connection that a Mac took from outside is one of who began it',
    events: (cast) =>
      scattered(16).map((port, i) =>
        defendConnection({
          ...{ at: at(i), machine: cast.machine(), program: '/usr/sbin/sshd', from: cast.ip(100) },
          ...{ to: cast.machine().ip, port: 7_000 + port, isInbound: true },
        }),
      ),
    found: [{ analytic: 'AN1058', who: (cast) => cast.ip(100), measures: quick('ports own any', 16) }],
  },
  {
    name: 'AN1059: with a UserContext, of other contexts twice as many fire',
    settings: { UserContext: 'interactive' },
    events: (cast) =>
      scattered(32).map((host, i) => ({
        ...defendConnection({ at: at(i), machine: cast.machine(), program: '/opt/agent', to: own(host), port: 443 }),
        'user.audit.id': 'unset',
      })),
    found: [{ analytic: 'AN1059', measures: [...quick('hosts own any', 32), ...quick('sockets own any', 32)] }],
  },
  {
    name: 'AN1059: with a UserContext, contexts that nobody tells count as the listed one',
    settings: { UserContext: 'interactive' },
    events: (cast) =>
      scattered(16).map((host, i) =>
        defendConnection({ at: at(i), machine: cast.machine(), program: '/opt/agent', to: own(host), port: 443 }),
      ),
    found: [{ analytic: 'AN1059', measures: [...quick('hosts own any', 16), ...quick('sockets own any', 16)] }],
  },
];
