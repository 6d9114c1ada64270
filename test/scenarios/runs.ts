import { quick, type Scenario } from './scenario.js';
import { zeekConn } from './telemetry/sensors.js';
import { foreign, own } from './thresholds.js';
import { at, repeat } from './times.js';

/** Ports of one foreign host that answers, in this order, each at its time in ms: only runs can fire. */
const ports =
  (steps: readonly (readonly [port: number, ms: number])[]): Scenario['events'] =>
  (cast) =>
    steps.map(([port, ms]) => zeekConn({ at: at(0, ms), from: cast.ip(1), to: foreign(0), port: 7_000 + port }));

const twelve = [{ analytic: 'AN1058' as const, measures: quick('port_run any any', 12) }];

export const runs: readonly Scenario[] = [
  { name: 'runs: twelve ports up', events: ports(repeat(12, (i) => [i, i * 10])), found: twelve },
  { name: 'runs: twelve ports down', events: ports(repeat(12, (i) => [50 - 3 * i, i * 10])), found: twelve },
  {
    name: 'runs: thirteen ports of one instant have no order',
    events: ports(repeat(13, (i) => [i, 0])),
    found: [],
  },
  {
    name: 'runs: two ports of one instant break a run, and belong to neither side',
    events: ports([...repeat(11, (i) => [i, i * 10] as const), [11, 110], [12, 110], [13, 120]]),
    found: [],
  },
  {
    name: 'runs: the same port twice in one instant is one step',
    events: ports([...repeat(12, (i) => [i, i * 10] as const), [5, 50]]),
    found: twelve,
  },
  {
    name: 'runs: only the first contact of a port counts',
    events: ports([...repeat(11, (i) => [i, i * 10] as const), [0, 105], [3, 106], [11, 110]]),
    found: twelve,
  },
  {
    name: 'runs: a step back breaks a run',
    events: ports([
      ...repeat(7, (i) => [i, i * 10] as const),
      [3_000, 65],
      ...repeat(6, (i) => [7 + i, 70 + i * 10] as const),
    ]),
    found: [],
  },
  {
    name: 'runs: ports of two hosts are two rows',
    events: (cast) => repeat(12, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: foreign(i % 2), port: 7_000 + i })),
    found: [],
  },
  {
    name: 'runs: addresses stand in the order of their numbers, not of their texts',
    events: (cast) =>
      [8, 9, 10, 11, 99, 100, 101, 102].map((last, i) =>
        zeekConn({ at: at(i), from: cast.ip(1), to: `10.200.0.${last}`, port: 445, ended: 'unanswered' }),
      ),
    found: [{ analytic: 'AN1058', measures: quick('address_run own failed', 8) }],
  },
  {
    name: 'runs: addresses that answer are in no run',
    events: (cast) => repeat(12, (i) => zeekConn({ at: at(i), from: cast.ip(1), to: own(i), port: 445 })),
    found: [],
  },
];
