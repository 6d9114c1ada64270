import fc from 'fast-check';
import type { Plan } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS } from '../../server/model/episode.js';

/** A length of time in a plan's own lengths: just so long, or a millisecond more or less. */
export interface Pause {
  of: Length;
  jitter: -1 | 0 | 1;
}

type Length = keyof ReturnType<typeof lengthsOf>;

function lengthsOf({ measures, polling }: Plan, now: number, begun: number) {
  const [first, second, third, fourth] = measures[0]!.windows.map(({ seconds }) => seconds * 1_000) as [
    ...[number, number, number, number],
  ];
  return {
    none: 0,
    millisecond: 1,
    moment: 400,
    gap: polling.gapMs,
    ...{ first, second, third, fourth },
    partOfFirst: first / 4,
    partOfThird: Math.floor(third / 4),
    partOfFourth: Math.floor(fourth / 10),
    lookback: polling.lookbackMs,
    /** Up to a lookback after the move began. */
    restOfLookback: begun + polling.lookbackMs - now,
    restOfSecond: begun + second - now,
    restOfFourth: begun + fourth - now,
    episodeGap: EPISODE_GAP_MS,
    nextMidnight: DAY_MS - (now % DAY_MS),
    day: DAY_MS,
    /** Up to a day after the move began. */
    restOfDay: begun + DAY_MS - now,
  };
}

/** When a pause that starts now is over, in a move that began at `begun`. Never before now. */
export const after = (plan: Plan, { of, jitter }: Pause, now: number, begun: number): number =>
  now + Math.max(0, lengthsOf(plan, now, begun)[of] + jitter);

const pause = (...lengths: Length[]): fc.Arbitrary<Pause> =>
  fc.record({ of: fc.constantFrom(...lengths), jitter: fc.constantFrom(0, 0, -1, 1) });

/** From one observation of a move to the next. */
export const steps = fc.oneof(
  { weight: 3, arbitrary: pause('none') },
  { weight: 6, arbitrary: pause('millisecond', 'moment', 'gap', 'first', 'partOfFirst') },
  { weight: 1, arbitrary: pause('second', 'partOfThird', 'partOfFourth', 'episodeGap') },
);

/** From one observation to the next where episodes of days are wanted. */
export const longSteps = fc.oneof(
  { weight: 4, arbitrary: steps },
  { weight: 1, arbitrary: pause('partOfFourth', 'partOfFourth', 'nextMidnight') },
);

/** From one round of a move to the next. */
export const turns = fc.oneof(
  { weight: 3, arbitrary: pause('gap') },
  { weight: 2, arbitrary: pause('restOfLookback') },
  { weight: 2, arbitrary: pause('restOfSecond', 'restOfFourth') },
  { weight: 2, arbitrary: pause('episodeGap') },
);

/** From one move to the next. */
export const rests = fc.oneof(
  { weight: 2, arbitrary: pause('none', 'moment', 'gap', 'lookback') },
  { weight: 3, arbitrary: pause('first', 'second', 'third', 'fourth') },
  { weight: 3, arbitrary: pause('partOfFirst', 'partOfThird', 'partOfFourth') },
  { weight: 2, arbitrary: pause('episodeGap') },
  { weight: 2, arbitrary: pause('nextMidnight') },
);

/** From one move to the next where it matters who held an address within a day. */
export const longRests = fc.oneof({ weight: 6, arbitrary: rests }, { weight: 3, arbitrary: pause('day', 'restOfDay') });
