/** How busy the office is. */
export interface Pace {
  /** How many times as much as usual happens; clockwork aside. Above 0. */
  rate: number;
  /** The share of people who are at work at a time, 0 to 1. */
  presence(at: number): number;
}

/** As many people at every hour. */
export const everyHour = (): number => 1;

/** By the hour of a working day, UTC. */
const hours = [
  ...[0.02, 0.02, 0.02, 0.02, 0.02, 0.05, 0.15, 0.5, 0.9, 1, 1, 1],
  ...[0.6, 0.9, 1, 1, 0.9, 0.6, 0.3, 0.15, 0.1, 0.05, 0.05, 0.02],
];
const WEEKEND = 0.05;

/** From nine to five on weekdays, few around, hardly anybody at night and on weekends. */
export function workingDay(at: number): number {
  const time = new Date(at);
  const share = hours[time.getUTCHours()]!;
  return time.getUTCDay() % 6 === 0 ? share * WEEKEND : share;
}
