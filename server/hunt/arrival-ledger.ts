import { DAY_MS, HOUR_MS } from '../model/episode.js';
import { everyDocument } from '../model/every-document.js';
import type { Documents, HourCount, Telemetry } from '../model/ports.js';

/** Of one day of arrivals, in UTC: how many records were there when hunts read them. */
interface DayCounts {
  /** Epoch ms of its start. */
  day: number;
  /** Of each index, by the hour. */
  indices: Record<string, number[]>;
}

const HOURS = 24;
const COUNTED = 'counted';

/** How far was counted: no mark, as nobody hunts by it. */
interface Counted {
  position: number;
}

/** The arrival up to which records were counted; undefined where nothing was. */
export const countedUpTo = async (documents: Documents): Promise<number | undefined> =>
  (await documents.get<Counted>('arrivals', COUNTED))?.body.position;

/**
 * Counts what a hunt up to `end` reads for the last time, before it does: what is not among it then was not hunted. What
 * was there when the first hunt counted is taken as hunted. A crash in the midst loses a count: the records of it are
 * hunted once more then.
 */
export async function countArrivals(
  end: number,
  { documents, telemetry }: { documents: Documents; telemetry: Pick<Telemetry, 'overlapMs' | 'arrived'> },
): Promise<void> {
  const until = end - telemetry.overlapMs;
  for (;;) {
    const counted = await documents.get<Counted>('arrivals', COUNTED);
    const after = counted?.body.position ?? 0;
    if (after >= until) return;
    const counts = await telemetry.arrived({ after, until });
    if (!counts) return;
    const next: Counted = { position: until };
    const isOurs = counted
      ? await documents.update('arrivals', COUNTED, next, counted.version)
      : await documents.create('arrivals', COUNTED, next);
    if (isOurs) return addCounts(documents, counts); // else another instance counted some of them
  }
}

/** Of all hours. */
export async function keptCounts(documents: Documents): Promise<HourCount[]> {
  const days = await everyDocument<DayCounts>(documents, 'arrivals', [{ path: 'day', atLeast: 0 }]);
  return days.flatMap(({ body: { day, indices } }) =>
    Object.entries(indices).flatMap(([index, counts]) =>
      counts.map((records, hour) => ({ index, hour: day + hour * HOUR_MS, records })),
    ),
  );
}

/** Adds to what is kept, or takes away what is negative. */
export async function addCounts(documents: Documents, counts: readonly HourCount[]): Promise<void> {
  const byDay = new Map<number, HourCount[]>();
  for (const count of counts) {
    const day = Math.floor(count.hour / DAY_MS) * DAY_MS;
    byDay.set(day, [...(byDay.get(day) ?? []), count]);
  }
  for (const [day, own] of byDay) {
    const id = new Date(day).toISOString().slice(0, 10);
    for (let isDone = false; !isDone; ) {
      const stored = await documents.get<DayCounts>('arrivals', id);
      const body = { day, indices: sum(stored?.body.indices ?? {}, own, day) };
      isDone = stored
        ? await documents.update('arrivals', id, body, stored.version)
        : await documents.create('arrivals', id, body);
    }
  }
}

/** Indices of which nothing is left are left out. */
function sum(indices: DayCounts['indices'], counts: readonly HourCount[], day: number): DayCounts['indices'] {
  const sums = new Map(Object.entries(indices).map(([index, hours]) => [index, [...hours]]));
  for (const { index, hour, records } of counts) {
    const hours = sums.get(index) ?? Array.from({ length: HOURS }, () => 0);
    hours[(hour - day) / HOUR_MS]! += records;
    sums.set(index, hours);
  }
  return Object.fromEntries([...sums].filter(([, hours]) => hours.some((records) => records !== 0)));
}
