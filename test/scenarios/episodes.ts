import type { EcsDocument } from '../../queries/document.js';
import type { Cast } from './cast.js';
import type { Scenario } from './scenario.js';
import { zeekConn } from './telemetry/sensors.js';
import { own } from './thresholds.js';
import { at, DAY, HOUR, MINUTE, repeat } from './times.js';

/** Sixteen own hosts of a network within a tenth of a second. */
const burst = (cast: Cast, time: number, network = 0): EcsDocument[] =>
  repeat(16, (i) => zeekConn({ at: time + i * 6, from: cast.ip(1), to: `10.20${network % 10}.1.${i + 1}`, port: 443 }));
const LENGTH = 15 * 6;

/** A burst every ten minutes, each of other hosts than the last ones, over so many seconds. */
const going = (cast: Cast, from: number, to: number): EcsDocument[] =>
  repeat(Math.floor((to - from) / 600_000) + 1, (i) => burst(cast, from + i * 600_000, i)).flat();

const noon = at(0);
const midnight = (days: number): number => at(12 * HOUR + days * DAY);

export const episodes: readonly Scenario[] = [
  {
    name: 'episodes: two bursts just fifteen minutes apart are one alert',
    events: (cast) => [...burst(cast, noon), ...burst(cast, noon + LENGTH + 900_000, 1)],
    found: [{ analytic: 'AN1058', start: noon, end: noon + 2 * LENGTH + 900_000, hosts: 32 }],
  },
  {
    name: 'episodes: a millisecond more, and they are two',
    // of the same hosts: others would be 32 within an hour
    events: (cast) => [...burst(cast, noon), ...burst(cast, noon + LENGTH + 900_001)],
    found: [
      { analytic: 'AN1058', start: noon, end: noon + LENGTH, hosts: 16 },
      { analytic: 'AN1058', start: noon + LENGTH + 900_001, end: noon + 2 * LENGTH + 900_001, hosts: 16 },
    ],
  },
  {
    name: 'episodes: contacts outside of firing windows are not of the episode',
    events: (cast) => [
      zeekConn({ at: at(-20 * MINUTE), from: cast.ip(1), to: own(0), port: 443 }),
      ...burst(cast, noon),
      zeekConn({ at: at(20 * MINUTE), from: cast.ip(1), to: own(1), port: 443 }),
    ],
    found: [{ analytic: 'AN1058', start: noon, end: noon + LENGTH, hosts: 16 }],
  },
  {
    name: 'episodes: over one midnight an alert stays whole',
    events: (cast) => going(cast, midnight(0) - 3_600_000, midnight(0) + 3_600_000),
    found: [{ analytic: 'AN1058', part: '' }],
  },
  {
    name: 'episodes: a day that is covered whole but for its first millisecond is not cut',
    settings: { PollingRounds: 0 },
    events: (cast) => going(cast, midnight(0) + 1, midnight(1) + 600_000),
    found: [{ analytic: 'AN1058', part: '' }],
  },
  {
    name: 'episodes: a whole day is cut at both midnights',
    settings: { PollingRounds: 0 },
    events: (cast) => going(cast, midnight(0) - 600_000, midnight(1) + 1_200_000),
    found: [
      { analytic: 'AN1058', part: '1 of 3', start: midnight(0) - 600_000 },
      { analytic: 'AN1058', part: '2 of 3', start: midnight(0) },
      { analytic: 'AN1058', part: '3 of 3', start: midnight(1), end: midnight(1) + 1_200_000 + LENGTH },
    ],
  },
  {
    name: 'episodes: a whole day that begins at midnight has two parts',
    settings: { PollingRounds: 0 },
    events: (cast) => going(cast, midnight(0), midnight(1) + 600_000),
    found: [
      { analytic: 'AN1058', part: '1 of 2', start: midnight(0) },
      { analytic: 'AN1058', part: '2 of 2', start: midnight(1) },
    ],
  },
];
