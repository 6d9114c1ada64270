import { DAY_MS, EPISODE_GAP_MS, type FoundEpisode } from '../../server/model/episode.js';
import { type Interval, isPolling, oracleEpisodes, oracleIntervals } from './episodes.js';
import type { Case } from './subjects.js';

/** How many cases showed each of the things that generated cases must show. */
export type Tally = Map<string, number>;

const WINDOWS = ['first', 'second', 'third', 'fourth'];

/** Everything that cases must show, AN1059's measures being all there are. */
export function whatMustShow(plan: Case['plan']): string[] {
  const measures = plan.measures.flatMap(({ name, scope, outcome }) =>
    WINDOWS.map((window) => `${name} ${scope} ${outcome}, ${window} window`),
  );
  return [...measures, ...HAPPENINGS.map(([name]) => name), ...NEARBY.map(([name]) => name)];
}

/** Notes what a case shows. */
export function note(tally: Tally, one: Case): void {
  const intervals = oracleIntervals(one.plan, one.kind, one.seen);
  const episodes = oracleEpisodes(one.plan, one.kind, one.seen);
  const shown = new Set<string>();
  for (const { fired } of intervals) {
    if (!fired) continue;
    const { name, scope, outcome, windows } = fired.measure;
    const window = WINDOWS[windows.findIndex(({ seconds }) => seconds === fired.windowSeconds)];
    shown.add(`${name} ${scope} ${outcome}, ${window} window`);
  }
  for (const [name, holds] of HAPPENINGS) if (holds(one, episodes, intervals)) shown.add(name);
  for (const [name, change] of NEARBY) // as slow as the rest: once is enough
    if (!tally.has(name) && isOther(episodes, oracleEpisodes(change(one.plan), one.kind, one.seen))) shown.add(name);
  for (const name of shown) tally.set(name, (tally.get(name) ?? 0) + 1);
}

type Happening = [name: string, holds: (one: Case, episodes: FoundEpisode[], intervals: Interval[]) => boolean];

const HAPPENINGS: Happening[] = [
  ['nothing fires', (_one, episodes) => episodes.length === 0],
  ['several episodes', (_one, episodes) => episodes.length > 1],
  ['a launch alone', (_one, episodes) => episodes.some(({ measures }) => measures.length === 0)],
  ['an episode cut in two', (_one, episodes) => episodes.some(({ part }) => part?.of === 2)],
  ['an episode cut in more', (_one, episodes) => episodes.some(({ part }) => part !== undefined && part.of > 2)],
  [
    'a whole day that leaves one part',
    (_one, episodes) => episodes.some(({ start, end, part }) => !part && holdsWholeDay(start, end)),
  ],
  [
    'polling leaves contacts out',
    ({ plan, seen: { contacts } }) => contacts.some((contact) => isPolling(plan.polling, 60_000, contact, contacts)),
  ],
  ['a shared address fires', ({ kind, seen }, episodes) => kind === 'address' && seen.isShared && episodes.length > 0],
  [
    'a listed context fires',
    (_one, _episodes, intervals) => intervals.some(({ fired }) => fired?.contexts === 'listed'),
  ],
  [
    'every context fires at twice the threshold',
    ({ plan }, _episodes, intervals) =>
      plan.tunables.UserContext !== 'any' &&
      intervals.some(({ fired }) => fired?.contexts === 'all' && fired.measure.scope !== 'link'),
  ],
  ['intervals as far apart as one episode may be', (_one, _episodes, intervals) => isApart(intervals, EPISODE_GAP_MS)],
  ['and a millisecond more', (_one, _episodes, intervals) => isApart(intervals, EPISODE_GAP_MS + 1)],
  [
    'two destinations with as much',
    (_one, _episodes, intervals) => intervals.some((a) => intervals.some((b) => isTie(a, b))),
  ],
];

const holdsWholeDay = (start: number, end: number): boolean => (Math.ceil(start / DAY_MS) + 1) * DAY_MS - 1 <= end;

const isApart = (intervals: Interval[], gap: number): boolean => {
  let end = Number.NaN;
  return intervals
    .toSorted((a, b) => a.start - b.start)
    .some((interval) => {
      const apart = interval.start - end === gap;
      end = Math.max(Number.isNaN(end) ? interval.end : end, interval.end);
      return apart;
    });
};

const isTie = ({ end, fired }: Interval, other: Interval): boolean =>
  fired?.destination !== undefined &&
  fired.destination !== other.fired?.destination &&
  fired.measure === other.fired?.measure &&
  fired.windowSeconds === other.fired.windowSeconds &&
  fired.distinct === other.fired.distinct &&
  end === other.end;

type Plan = Case['plan'];

/** Plans off by a millisecond or by one, which some case must tell from the plan. */
const NEARBY: [name: string, change: (plan: Plan) => Plan][] = [
  ['a window one ms longer is told', (plan) => withWindows(plan, 0.001)],
  ['a window one ms shorter is told', (plan) => withWindows(plan, -0.001)],
  ['a polling gap one ms longer is told', (plan) => withPolling(plan, { gapMs: plan.polling.gapMs + 1 })],
  ['a polling gap one ms shorter is told', (plan) => withPolling(plan, { gapMs: plan.polling.gapMs - 1 })],
  ['a lookback one ms longer is told', (plan) => withPolling(plan, { lookbackMs: plan.polling.lookbackMs + 1 })],
  ['a lookback one ms shorter is told', (plan) => withPolling(plan, { lookbackMs: plan.polling.lookbackMs - 1 })],
  ['one polling round more is told', (plan) => withPolling(plan, { rounds: plan.polling.rounds + 1 })],
];

const withPolling = (plan: Plan, change: Partial<Plan['polling']>): Plan => ({
  ...plan,
  polling: { ...plan.polling, ...change },
});

const withWindows = (plan: Plan, moreSeconds: number): Plan => ({
  ...plan,
  measures: plan.measures.map((measure) => ({
    ...measure,
    windows: measure.windows.map((window) => ({ ...window, seconds: window.seconds + moreSeconds })),
  })),
});

/** Other in more than the lengths of windows. */
function isOther(some: FoundEpisode[], others: FoundEpisode[]): boolean {
  const text = (episodes: FoundEpisode[]) =>
    JSON.stringify(episodes, (key, value: unknown) => (key === 'windowSeconds' ? 0 : value));
  return text(some) !== text(others);
}
