import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import { quick, type Scenario } from './scenario.js';
import { zeekConn } from './telemetry/sensors.js';
import { own } from './thresholds.js';
import { at, HOUR, MINUTE, repeat, scattered } from './times.js';

/** One meeting of each of `count` own hosts, at once: hosts begin to count from the `first` on. */
const round = (cast: Cast, seconds: number, count: number, first = 0, ms = 0): EcsDocument[] =>
  repeat(count, (i) => zeekConn({ at: at(seconds, ms), from: cast.ip(1), to: own(first + i), port: 443 }));

/** Eight hosts met `rounds` times already, and at second 120 they and eight others together. */
const met = (cast: Cast, rounds: readonly number[]): EcsDocument[] => [
  ...rounds.flatMap((seconds) => round(cast, seconds, 8)),
  ...round(cast, 120, 16),
];

const sixteen = { analytic: 'AN1058' as const, measures: ['hosts own any 16 in 60', 'hosts own any 16 in 600'] };

export const polling: readonly Scenario[] = [
  {
    name: 'polling: the third round does not count',
    events: (cast) => met(cast, [0, 20]),
    // within a minute eight hosts count; within ten the first rounds of the others as well
    found: [{ analytic: 'AN1058', measures: ['hosts own any 16 in 600'] }],
  },
  {
    name: 'polling: the second round counts',
    events: (cast) => met(cast, [0]),
    found: [{ ...sixteen }],
  },
  {
    name: 'polling: rounds nearer than the gap are one',
    events: (cast) => [...round(cast, 100, 8), ...round(cast, 119, 8, 0, 999), ...round(cast, 139, 16, 0, 998)],
    found: [{ analytic: 'AN1058', measures: quick('hosts own any', 16) }],
  },
  {
    name: 'polling: eight health checks for hours and eight new hosts in a minute stay quiet',
    events: (cast) => [
      ...repeat(180, (minute) => round(cast, minute * MINUTE, 8)).flat(),
      ...round(cast, 2 * HOUR, 7, 100),
    ],
    found: [],
  },
  {
    name: 'polling: with PollingRounds 0 everything counts',
    settings: { PollingRounds: 0 },
    events: (cast) => met(cast, [0, 20]),
    found: [{ ...sixteen }],
  },
  {
    name: 'polling: rounds of more than an hour ago are forgotten',
    events: (cast) => [...round(cast, 0, 8), ...round(cast, 30, 8), ...round(cast, HOUR, 16, 0, 1)],
    found: [{ ...sixteen }],
  },
  {
    name: 'polling: rounds of just an hour ago are not',
    events: (cast) => [...round(cast, 0, 8), ...round(cast, 30, 8), ...round(cast, HOUR, 16)],
    found: [],
  },
  {
    name: 'polling: is judged by socket, before outcome',
    events: (cast) => [
      ...repeat(3, (i) => round(cast, i * 100, 9)).flat(),
      // a tenth host, and the nine others' sockets, which fail for the first time: polled already
      ...repeat(10, (i) => zeekConn({ at: at(300), from: cast.ip(1), to: own(i), port: 443, ended: 'refused' })),
    ],
    found: [],
  },
  {
    name: 'polling: an alert whose sockets all go on is recurring, and low',
    events: (cast) =>
      repeat(12, (check) =>
        scattered(16).map((host, i) =>
          zeekConn({ at: at(check * MINUTE + i), from: cast.ip(1), to: own(host), port: 443 }),
        ),
      ).flat(),
    found: [{ analytic: 'AN1058', state: 'recurring', severity: 'low', sockets: 16 }],
  },
  {
    name: 'polling: an alert of which one socket does not go on stays active',
    events: (cast) =>
      repeat(12, (check) =>
        scattered(check === 0 ? 17 : 16).map((host, i) =>
          zeekConn({ at: at(check * MINUTE + i), from: cast.ip(1), to: own(host), port: 443 }),
        ),
      ).flat(),
    found: [{ analytic: 'AN1058', state: 'active', severity: 'medium', sockets: 17 }],
  },
];
