import fc from 'fast-check';
import type { Analytic, TunableValue } from '../../queries/analytic.js';
import { analytics } from '../../queries/analytics/index.js';
import { type Plan, toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { crews, play, SHARED_ADDRESSES } from './crews.js';
import type { TelemetryRecord } from './records.js';

/** The telemetry of a small site, how it is hunted, and in which pieces it may arrive. */
export interface Site {
  settings: Settings;
  records: TelemetryRecord[];
  /** The same records by their places, in another order. */
  pieces: number[][];
  /** Two records, by their places: what lies between them may be hunted once more at the end. */
  again: [number, number];
}

/** One threshold for all counts and one for all runs, so that a handful of records fires; what else tunables take. */
interface Settings {
  count: number;
  run: number;
  TimeWindow: number;
  PollingRounds: number;
  PollingGap: number;
  PollingLookback: number;
  SharedAddresses: string[];
}

export interface SiteHunt {
  analytic: Analytic;
  tunables: Record<string, TunableValue>;
  plan: Plan;
}

/** The four hunts by a site's settings. */
export function huntsBy({ count, run, ...others }: Settings): SiteHunt[] {
  return analytics.map((analytic) => {
    const settings: Record<string, unknown> = { ...others };
    for (const { threshold, name } of analytic.measures) settings[threshold] = name.endsWith('_run') ? run : count;
    const tunables = tunablesOf(analytic, settings);
    return { analytic, tunables, plan: toPlan(analytic, tunables) };
  });
}

const settings: fc.Arbitrary<Settings> = fc.record({
  count: fc.integer({ min: 2, max: 4 }),
  run: fc.integer({ min: 3, max: 4 }),
  TimeWindow: fc.constantFrom(1, 10, 60, 600, 600),
  PollingRounds: fc.constantFrom(0, 2, 2, 3),
  PollingGap: fc.constantFrom(1, 7, 20),
  PollingLookback: fc.constantFrom(5, 60, 3_600, 3_600),
  SharedAddresses: fc.constantFrom([], [], [], SHARED_ADDRESSES),
});

interface Arrival {
  order: 'backwards' | 'middle last' | 'in clumps' | 'shuffled';
  seed: number;
  /** Each record with such a place comes twice. */
  twice: number;
}

const arrivals: fc.Arbitrary<Arrival> = fc.record({
  order: fc.constantFrom('backwards', 'middle last', 'in clumps', 'shuffled'),
  seed: fc.nat(),
  twice: fc.integer({ min: 3, max: 100 }),
});

/** Sites of so many crews at most, whose hosts change their addresses, seen by agents and a sensor, over some days. */
const sitesOf = (most: number): fc.Arbitrary<Site> =>
  fc
    .record({
      settings,
      crews: fc.array(fc.record({ crew: crews, arrival: arrivals }), { minLength: 1, maxLength: most, size: 'max' }),
      pieces: fc.integer({ min: 2, max: 3 }),
      again: fc.tuple(fc.nat(), fc.nat()),
    })
    .map(({ settings, crews, pieces, again: [one, other] }) => {
      const plan = huntsBy(settings)[0]!.plan;
      const records: TelemetryRecord[] = [];
      const arriving: number[][] = Array.from({ length: pieces }, () => []);
      crews.forEach(({ crew, arrival }, number) => {
        const played = play(plan, crew, number);
        const own = [...played, ...played.filter((_, place) => place % arrival.twice === 1)];
        for (const [i, places] of inPieces(own, arrival, pieces).entries())
          arriving[i]!.push(...places.map((place) => records.length + place));
        records.push(...own);
      });
      return { settings, records, pieces: arriving, again: [one % records.length, other % records.length] };
    });

/** Nine: of the kinds of crews, most are on a site, and get into each other's way. */
export const sites = sitesOf(9);

/** For stores that are slow to ask: each crew is a question of its own. */
export const smallSites = sitesOf(3);

/** Records that arrive together. */
const CLUMP = 6;

/** The records' places: the latest first, what is amid last, or one by one or clump by clump in an order that `seed` chooses. */
function inPieces(records: TelemetryRecord[], { order, seed }: Arrival, pieces: number): number[][] {
  const shuffled = (i: number) => ((i + 1) * (1 + (seed % 10_006))) % 10_007;
  const keyOf = (place: number): number => {
    if (order === 'backwards') return -records[place]!.time;
    if (order === 'middle last') return -Math.abs(place - records.length / 2);
    return shuffled(order === 'in clumps' ? Math.floor(place / CLUMP) : place);
  };
  const places = records.map((_, place) => place).sort((a, b) => keyOf(a) - keyOf(b) || a - b);
  const length = Math.ceil(places.length / pieces);
  return Array.from({ length: pieces }, (_, i) => places.slice(i * length, (i + 1) * length));
}
