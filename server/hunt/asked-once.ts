import type { Arrivals, Telemetry } from '../model/ports.js';

/** What the hunts of a round have in common. */
type Common = Pick<Telemetry, 'touched' | 'extent'>;

/**
 * Where telemetry begins and ends, and what arrivals touch, asked once for all hunts of a round: what comes in between
 * is left to the next round. A failure is not kept.
 */
export function askedOnce(telemetry: Common): Common {
  const known = new Map<string, Promise<unknown>>();
  const once = <Answer>(key: string, ask: () => Promise<Answer>): Promise<Answer> => {
    const asked = (known.get(key) as Promise<Answer> | undefined) ?? ask();
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    return asked;
  };
  return {
    extent: () => once('extent', () => telemetry.extent()),
    touched: (arrivals: Arrivals) => once(`${arrivals.after} ${arrivals.until}`, () => telemetry.touched(arrivals)),
  };
}
