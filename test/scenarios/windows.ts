import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import type { Scenario } from './scenario.js';
import { zeekConn } from './telemetry/sensors.js';
import { own } from './thresholds.js';
import { at, DAY, HOUR, MINUTE, scattered } from './times.js';

/** So many own hosts in even steps, the last so long after the first. */
function spread(cast: Cast, count: number, seconds: number, offsetMs = 0): EcsDocument[] {
  const step = (seconds * 1_000) / (count - 1);
  return scattered(count).map((host, i) =>
    zeekConn({ at: at(0, offsetMs + Math.floor(step * i)), from: cast.ip(1), to: own(host), port: 443 }),
  );
}

const lengths: [name: string, seconds: number, hosts: number][] = [
  ['one minute', MINUTE, 16],
  ['ten minutes', 10 * MINUTE, 16],
  ['an hour', HOUR, 32],
  ['a day', DAY, 64],
];

/** Where a window may lie against the clock. */
const OFFSETS_MS = [0, 1, 29_999, 30_000, 59_999];

export const windows: readonly Scenario[] = [
  ...lengths.flatMap(([name, seconds, hosts]): Scenario[] => [
    {
      name: `windows: ${hosts} hosts in just ${name}`,
      events: (cast) => spread(cast, hosts, seconds),
      found: [{ analytic: 'AN1058', hosts, start: at(0), end: at(seconds) }],
    },
    ...(seconds === MINUTE
      ? []
      : [
          {
            name: `windows: ${hosts} hosts in a millisecond more than ${name} stay quiet`,
            events: (cast: Cast) => spread(cast, hosts, seconds + 0.001),
            found: [],
          },
          {
            name: `windows: ${hosts - 1} hosts in ${name} stay quiet`,
            events: (cast: Cast) => spread(cast, hosts - 1, seconds),
            found: [],
          },
        ]),
  ]),
  {
    name: 'windows: in just over a minute only the window of ten fires',
    events: (cast) => spread(cast, 16, MINUTE + 0.001),
    found: [{ analytic: 'AN1058', measures: ['hosts own any 16 in 600'] }],
  },
  ...OFFSETS_MS.map(
    (offset): Scenario => ({
      name: `windows: cut by the clock at ${offset} ms, a scan has the same size`,
      events: (cast) => spread(cast, 25, 59, offset),
      found: [
        {
          analytic: 'AN1058',
          measures: ['hosts own any 25 in 60', 'hosts own any 25 in 600'],
          start: at(0, offset),
          end: at(59, offset),
        },
      ],
    }),
  ),
  {
    name: 'windows: a raised threshold quiets the slow windows too',
    settings: { HostSweepThreshold: 17, ScanRateThreshold: 17 },
    events: (cast) => spread(cast, 33, HOUR),
    found: [],
  },
  {
    name: 'windows: one address a hundred times stays quiet',
    events: (cast) =>
      Array.from({ length: 100 }, (_, i) => zeekConn({ at: at(0, i), from: cast.ip(1), to: own(0), port: 443 })),
    found: [],
  },
];
