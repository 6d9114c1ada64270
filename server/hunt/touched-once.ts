import type { Arrivals, Span, Telemetry } from '../model/ports.js';

/** What arrivals touch, asked once for the same ones: hunts of several analytics have them in common. A failure is not kept. */
export function touchedOnce(telemetry: Pick<Telemetry, 'touched'>): Telemetry['touched'] {
  const known = new Map<string, Promise<Span[]>>();
  return (arrivals: Arrivals) => {
    const key = `${arrivals.after} ${arrivals.until}`;
    const asked = known.get(key) ?? telemetry.touched(arrivals);
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    return asked;
  };
}
