import { addCounts, countedUpTo, keptCounts } from '../hunt/arrival-ledger.js';
import {
  type ArrivalReport,
  arrivalsIn,
  compareArrivals,
  type KeptComparison,
  keepComparison,
  readComparison,
  toHunt,
} from '../hunt/compare-arrivals.js';
import { toStretch } from '../hunt/run-account.js';
import { DAY_MS, HOUR_MS } from '../model/episode.js';
import type { Documents, HourCount, Span, Telemetry } from '../model/ports.js';
import { formatTime } from '../model/time.js';
import type { Hunts } from './hunts.js';
import { oneAtATime } from './schedule.js';

/** What a check goes through, and whom it tells. */
export interface ArrivalCheckPorts {
  documents: Documents;
  telemetry: Pick<Telemetry, 'arrived' | 'touched'>;
  hunts: Pick<Hunts, 'order'>;
  now: () => number;
  /** Once a comparison, in one of the processes on the store. */
  onReport: (report: ArrivalReport) => void;
  onError: (error: unknown) => void;
}

const MOST_HOURS = 100;

/**
 * Daily compares how many records each index holds of each hour of arrival with how many were there when hunts read them,
 * and hunts where there are more now: they became searchable late, or were restored or copied. Where fewer are, indices
 * were removed: nothing is hunted. What can't come late is not counted, and so never compared.
 */
export class ArrivalCheck {
  private timer: NodeJS.Timeout | undefined;
  private readonly stopping = new AbortController();
  private readonly looks = oneAtATime(() => this.look().catch((error) => this.fail(error)));

  constructor(private readonly ports: ArrivalCheckPorts) {}

  /** Looks now, and hourly, whether a day has passed since the last comparison. */
  start(): void {
    this.looks.begin();
    this.timer = setInterval(this.looks.begin, HOUR_MS);
  }

  /** Looks no more; cuts the comparison at work short, but for a hunt of it: who stops hunts ends that. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    await this.looks.ended();
  }

  /** Compares where it is time to: a day after the last one was made, an hour after one was begun that failed. */
  async look(): Promise<void> {
    const { documents, now, onReport } = this.ports;
    const counted = await countedUpTo(documents);
    if (counted === undefined) return;
    const stored = await readComparison(documents);
    if (stored && !isDue(stored.body, now())) return;
    const begun = formatTime(now());
    if (!(await keepComparison(documents, { ...stored?.body, begun }, stored?.version))) return; // another process does it
    const report = { checked: begun, ...(await this.compare(lastWholeHour(counted))) };
    const own = await readComparison(documents);
    await keepComparison(documents, { begun, report }, own?.version);
    onReport(report);
  }

  private async compare(until: number): Promise<Omit<ArrivalReport, 'checked'>> {
    const { documents, telemetry } = this.ports;
    const kept = (await keptCounts(documents)).filter(({ hour }) => hour <= until);
    const differences = compareArrivals(kept, (await telemetry.arrived({ after: 0, until })) ?? []);
    const fewer = differences.filter(({ records }) => records < 0);
    const more = differences.filter(({ records }) => records > 0);
    await addCounts(documents, fewer);
    const late = arrivalsIn(more);
    const touched: Span[] = [];
    for (const arrivals of late) {
      this.stopping.signal.throwIfAborted();
      touched.push(...(await telemetry.touched(arrivals)));
    }
    await this.hunt(toHunt(touched));
    await addCounts(documents, more); // last: what a crash leaves unhunted is found again
    const hours = late.map(({ after, until: to }) => toStretch({ from: after + 1, to }));
    return { late: total(more), lost: total(fewer), hours: hours.slice(0, MOST_HOURS) };
  }

  private async hunt(spans: readonly Span[]): Promise<void> {
    for (const span of spans) await (await this.ports.hunts.order({ origin: 'ledger', ...span })).done;
  }

  private fail(error: unknown): void {
    if (!this.stopping.signal.aborted) this.ports.onError(error);
  }
}

const isDue = ({ begun, report }: KeptComparison, now: number): boolean =>
  now - Date.parse(begun) >= (report?.checked === begun ? DAY_MS : HOUR_MS);

/** The end of the last hour that is over at this time. */
const lastWholeHour = (time: number): number => Math.floor((time + 1) / HOUR_MS) * HOUR_MS - 1;

/** How many records that are, be they more or fewer. */
const total = (counts: readonly HourCount[]): number => counts.reduce((sum, { records }) => sum + Math.abs(records), 0);
