import { nodeOf } from './players.js';
import { quick, type Scenario } from './scenario.js';
import { auditConnect, auditStart } from './telemetry/auditd.js';
import { ecsConnection } from './telemetry/ecs.js';
import { zeekConn } from './telemetry/sensors.js';
import { own } from './thresholds.js';
import { at, repeat, scattered } from './times.js';

const nc = '/bin/nc';

/** A container reaches sixteen hosts. */
const reaches =
  (host: (index: number) => string, more: { port?: number; namespaces?: [string, string] } = {}): Scenario['events'] =>
  (cast) =>
    scattered(16).map((index, i) =>
      ecsConnection({
        ...{ at: at(i), machine: nodeOf(cast), container: cast.container(), program: nc, os: 'linux' },
        ...{ from: '10.244.1.7', to: host(index), port: more.port ?? 8_000 },
        ...(more.namespaces ? { namespaces: more.namespaces } : {}),
      }),
    );

const inSubnet = (index: number) => `10.244.1.${20 + index}`;
const outOfSubnet = (index: number) => `10.244.2.${20 + index}`;

export const an1060: readonly Scenario[] = [
  {
    name: 'AN1060: neighbours in the subnet are inside',
    events: reaches(inSubnet),
    found: [
      {
        analytic: 'AN1060',
        who: 'nc',
        measures: [...quick('hosts own any', 16), ...quick('sockets own any', 16)],
        points: { place: 8, breakout: 0 },
      },
    ],
  },
  {
    name: 'AN1060: other subnets are outside, and score lower',
    events: reaches(outOfSubnet),
    found: [{ analytic: 'AN1060', points: { place: -10 } }],
  },
  {
    name: 'AN1060: pod and service ranges of the cluster are inside',
    settings: { PodNetworks: ['10.244.0.0/16'] },
    events: reaches(outOfSubnet),
    found: [{ analytic: 'AN1060', points: { place: 8 } }],
  },
  {
    name: 'AN1060: the same namespace is inside, whatever the addresses',
    events: reaches(outOfSubnet, { namespaces: ['shop', 'shop'] }),
    found: [{ analytic: 'AN1060', points: { place: 8 } }],
  },
  {
    name: 'AN1060: another namespace is outside, whatever the addresses',
    events: reaches(inSubnet, { namespaces: ['shop', 'billing'] }),
    found: [{ analytic: 'AN1060', points: { place: -10 } }],
  },
  {
    name: 'AN1060: kubelets are a way out',
    events: reaches(inSubnet, { port: 10_250 }),
    found: [{ analytic: 'AN1060', points: { breakout: 10 } }],
  },
  {
    name: 'AN1060: cloud metadata is a way out',
    events: (cast) => [
      ...reaches(inSubnet)(cast),
      ecsConnection({
        ...{ at: at(15), machine: nodeOf(cast), container: cast.container(), program: nc },
        ...{ from: '10.244.1.7', to: '169.254.169.254', port: 80 },
      }),
    ],
    found: [{ analytic: 'AN1060', points: { breakout: 10, place: 8 } }],
  },
  {
    name: 'AN1060: two containers of one node with eight hosts each stay quiet',
    events: (cast) =>
      repeat(16, (i) =>
        auditConnect({
          ...{ at: at(i), machine: nodeOf(cast), container: cast.container(1 + (i % 2)), program: nc },
          ...{ to: own(i), port: 22 },
        }),
      ),
    found: [],
  },
  {
    name: 'AN1060: a launch in a container belongs here, also of a Linux host with auditd',
    events: (cast) => [
      auditStart({
        ...{ at: at(0), machine: nodeOf(cast), container: cast.container(), program: nc },
        args: '-zv 10.0.0.1 22',
      }),
    ],
    found: [{ analytic: 'AN1060', who: 'nc', severity: 'low' }],
  },
  {
    name: "AN1060: a container's scan is AN1060's only, its node's own program's AN1058's",
    events: (cast) =>
      scattered(16).flatMap((host, i) => [
        auditConnect({
          ...{ at: at(i), machine: nodeOf(cast), container: cast.container(), program: nc, to: own(host), port: 22 },
        }),
        auditConnect({ at: at(i), machine: nodeOf(cast), program: '/usr/bin/ncat', to: own(host), port: 23 }),
      ]),
    found: [
      { analytic: 'AN1060', who: 'nc', sockets: 16 },
      { analytic: 'AN1058', who: 'ncat', sockets: 16 },
    ],
  },
  {
    name: 'AN1060: a flow record that names a container and no process',
    events: (cast) =>
      scattered(16).map((host, i) => ({
        ...zeekConn({ at: at(i), from: cast.ip(1), to: own(host), port: 22 }),
        'event.module': 'cluster',
        'event.dataset': 'cluster.flow',
        'container.id': cast.container(),
      })),
    found: [{ analytic: 'AN1060', who: (cast) => cast.ip(1), measures: quick('hosts own any', 16) }],
  },
  {
    name: "AN1060: flows of a container's own address are AN1060's, and one alert with its process",
    events: (cast) =>
      scattered(16).flatMap((host, i) => [
        zeekConn({ at: at(i, 3), from: cast.ip(1), to: own(host), port: 22 }),
        ecsConnection({
          ...{ at: at(i), machine: nodeOf(cast), container: cast.container(), program: nc },
          ...{ from: cast.ip(1), to: own(host), port: 22 },
        }),
      ]),
    found: [{ analytic: 'AN1060', who: 'nc', joined: 1 }],
  },
  {
    name: "AN1060: a container on its node's network is one alert with its node's flows",
    events: (cast) =>
      scattered(16).flatMap((host, i) => [
        zeekConn({ at: at(i, 3), from: nodeOf(cast).ip, to: own(host), port: 22 }),
        auditConnect({
          ...{ at: at(i), machine: nodeOf(cast), container: cast.container(), program: nc, to: own(host), port: 22 },
        }),
      ]),
    found: [
      {
        analytic: 'AN1060',
        who: 'nc',
        joined: 1,
        measures: [...quick('hosts own any', 16), ...quick('hosts own any', 16), ...quick('sockets own any', 16)],
      },
    ],
  },
];
