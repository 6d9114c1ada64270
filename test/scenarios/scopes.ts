import { nodeOf } from './players.js';
import { quick, type Scenario } from './scenario.js';
import { auditConnect } from './telemetry/auditd.js';
import { defendConnection } from './telemetry/defend.js';
import { zeekConn } from './telemetry/sensors.js';
import { securityConnection, sysmonConnection } from './telemetry/windows.js';
import { foreign, own } from './thresholds.js';
import { at, repeat, scattered } from './times.js';

/** Sixteen hosts of a network, one port each, all of which answer. */
const reached = (host: (index: number) => string): Scenario['events'] => {
  return (cast) =>
    scattered(16).map((index, i) => zeekConn({ at: at(i), from: cast.ip(1), to: host(index), port: 443 }));
};

const ownNetworks: [what: string, host: (index: number) => string][] = [
  ['RFC 1918, 10/8', own],
  ['RFC 1918, 172.16/12', (i) => `172.31.255.${i}`],
  ['RFC 1918, 192.168/16', (i) => `192.168.0.${i}`],
  ['RFC 6598', (i) => `100.127.0.${i}`],
  ['link-local', (i) => `169.254.9.${i}`],
  ['IPv4-mapped', (i) => `::ffff:10.3.2.${i}`],
  ['ULA', (i) => `fd12:3456::${i.toString(16)}`],
  ['IPv6 link-local with a zone', (i) => `fe80::${(i + 1).toString(16)}%eth0`],
];
const foreignNetworks: [what: string, host: (index: number) => string][] = [
  ['public', foreign],
  ['just above 172.16/12', (i) => `172.32.0.${i}`],
  ['just above RFC 6598', (i) => `100.128.0.${i}`],
  ['just below 10/8', (i) => `9.255.255.${i}`],
  ['public IPv6', (i) => `2001:db9::${i.toString(16)}`],
];

const program = '/usr/local/bin/tool';

export const scopes: readonly Scenario[] = [
  ...ownNetworks.map(([what, host]) => ({
    name: `own: ${what}`,
    events: reached(host),
    found: [{ analytic: 'AN1058' as const, measures: quick('hosts own any', 16) }],
  })),
  ...foreignNetworks.map(([what, host]) => ({
    name: `foreign: ${what}: what answers stays quiet`,
    events: reached(host),
    found: [],
  })),
  {
    name: "own: the source's own IPv6 /64",
    events: (cast) =>
      scattered(16).map((i, s) => zeekConn({ at: at(s), from: cast.ip6(1), to: cast.ip6(256 + i), port: 443 })),
    found: [{ analytic: 'AN1058', who: (cast) => cast.ip6(1), measures: quick('hosts own any', 16) }],
  },
  {
    name: 'foreign: the next IPv6 /64',
    events: (cast) =>
      scattered(16).map((i, s) =>
        zeekConn({ at: at(s), from: cast.ip6(1), to: `2001:db8:ffff:1::${i.toString(16)}`, port: 443 }),
      ),
    found: [],
  },
  {
    name: 'own: a public range of the site, by OwnNetworks',
    settings: { OwnNetworks: ['198.51.100.0/28', '2001:db9::/32'] },
    events: reached(foreign),
    found: [], // .1 to .15 are of the range, .16 is not
  },
  {
    name: 'own: all of a public range of the site, by OwnNetworks',
    settings: { OwnNetworks: ['198.51.100.0/27', '2001:db9::/32'] },
    events: reached(foreign),
    found: [{ analytic: 'AN1058', measures: quick('hosts own any', 16) }],
  },
  {
    name: 'own: a public IPv6 range of the site, by OwnNetworks',
    settings: { OwnNetworks: ['198.51.100.0/27', '2001:db9::/32'] },
    events: reached((i) => `2001:db9::${i.toString(16)}`),
    found: [{ analytic: 'AN1058', measures: quick('hosts own any', 16) }],
  },
  {
    name: 'the own machine by loopback: 16 refused ports',
    events: (cast) =>
      scattered(16).map((port, i) =>
        auditConnect({
          ...{ at: at(i), machine: cast.machine(), program, to: '127.0.0.1', port: 7_000 + port },
          exit: 'ECONNREFUSED',
        }),
      ),
    found: [{ analytic: 'AN1058', who: 'tool', measures: quick('ports foreign failed', 16) }],
  },
  {
    name: 'the own machine by its address: 16 refused ports',
    events: (cast) =>
      scattered(16).map((port, i) =>
        auditConnect({
          ...{ at: at(i), machine: cast.machine(), program, to: cast.machine().ip, port: 7_000 + port },
          exit: 'ECONNREFUSED',
        }),
      ),
    found: [{ analytic: 'AN1058', measures: quick('ports foreign failed', 16) }],
  },
  {
    name: 'the own machine: ports that are open, or in a row, stay quiet',
    events: (cast) =>
      repeat(30, (i) =>
        auditConnect({ at: at(i), machine: cast.machine(), program, to: '::1', port: 7_000 + i, exit: '0' }),
      ),
    found: [],
  },
  {
    name: "a container's own node is another machine",
    events: (cast) =>
      scattered(16).map((port, i) =>
        defendConnection({
          ...{ at: at(i), machine: nodeOf(cast), container: cast.container(), from: cast.ip(1) },
          ...{ program, to: nodeOf(cast).ip, port: 7_000 + port },
        }),
      ),
    found: [{ analytic: 'AN1060', measures: [...quick('ports own any', 16), ...quick('sockets own any', 16)] }],
  },
  {
    name: 'no outcome: attempts that nothing is told about never count as failed',
    events: (cast) => [
      ...repeat(15, (i) =>
        securityConnection({
          at: at(i),
          machine: cast.machine(1),
          program: 'C:\\t.exe',
          to: own(i % 5),
          port: 7_000 + i,
        }),
      ),
      ...repeat(15, (i) =>
        auditConnect({ at: at(i), machine: cast.machine(2), program, to: own(i % 5), port: 7_000 + i }),
      ),
      ...repeat(15, (i) =>
        defendConnection({ at: at(i), machine: cast.machine(3), program, to: own(i % 5), port: 7_000 + i }),
      ),
      ...repeat(15, (i) =>
        sysmonConnection({
          at: at(i),
          machine: cast.machine(4),
          program: 'C:\\t.exe',
          to: own(i % 5),
          port: 7_000 + i,
        }),
      ),
    ],
    found: [],
  },
  {
    name: 'a socket failed where it held one failed contact',
    events: (cast) =>
      repeat(10, (i) => [
        zeekConn({ at: at(i), from: cast.ip(1), to: own(i % 5), port: 7_000 + i }),
        zeekConn({ at: at(i + 1), from: cast.ip(1), to: own(i % 5), port: 7_000 + i, ended: 'refused' }),
      ]).flat(),
    found: [{ analytic: 'AN1058', measures: quick('sockets own failed', 10) }],
  },
  {
    name: 'hosts of others that failed other ports than those machines are taken over by',
    events: (cast) =>
      repeat(30, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: foreign(i), port: 443, ended: 'unanswered' })),
    found: [],
  },
  {
    name: 'an echo request counts in hosts, and has no port',
    events: (cast) => scattered(16).map((host, i) => zeekConn({ at: at(i), from: cast.ip(1), to: own(host) })),
    found: [{ analytic: 'AN1058', measures: quick('hosts own any', 16), shape: 'horizontal' }],
  },
  {
    name: 'echo requests that nobody answers are no sockets, and in no run',
    events: (cast) => repeat(15, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: own(i), ended: 'unanswered' })),
    found: [],
  },
  {
    name: 'the same port by two transports is one port and two sockets',
    events: (cast) =>
      repeat(5, (i) => [
        zeekConn({ at: at(i), from: cast.ip(1), to: own(0), port: 7_000 + i, ended: 'unanswered' }),
        zeekConn({ at: at(i), from: cast.ip(1), to: own(0), port: 7_000 + i, transport: 'udp', ended: 'unanswered' }),
      ]).flat(),
    found: [{ analytic: 'AN1058', measures: quick('sockets own failed', 10), sockets: 10, hosts: 1 }],
  },
  {
    name: 'multicast, broadcast and UDP to x.x.x.255 are no contacts',
    events: (cast) => [
      ...repeat(16, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: `239.1.1.${i}`, port: 443 })),
      ...repeat(16, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: `10.1.${i}.255`, port: 137, transport: 'udp' })),
      ...repeat(16, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: '255.255.255.255', port: 7_000 + i })),
    ],
    found: [],
  },
  {
    name: 'TCP to x.x.x.255 is a contact',
    events: (cast) =>
      scattered(16).map((i, s) => zeekConn({ at: at(s), from: cast.ip(1), to: `10.1.${i}.255`, port: 22 })),
    found: [{ analytic: 'AN1058', measures: quick('hosts own any', 16) }],
  },
];
