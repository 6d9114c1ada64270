import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AnalyticId } from '../queries/analytic.js';
import { analytics } from '../queries/analytics/index.js';
import type { SilentSource } from './hunt/silent-sources.js';
import type { Lag, PositionUnit } from './jobs/job-account.js';
import type { Run } from './model/run.js';

/** Seconds: from a look at nothing new to a month of telemetry. */
const DURATIONS = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];

/** What happened to alerts, as runs count it. */
const CHANGES = ['created', 'updated', 'merged', 'withdrawn'] as const;

const LAGS: Readonly<Record<PositionUnit, { name: string; help: string }>> = {
  arrivals: {
    name: 'scanhound_mark_lag_arrivals',
    help: 'Arrivals that are still to be hunted, by analytic and length of windows.',
  },
  times: {
    name: 'scanhound_mark_lag_seconds',
    help: 'How much older the last arrival that was hunted is than the newest, by analytic and length of windows.',
  },
};

/** What the service tells Prometheus about its hunts and its process. Labels have few values: none is from telemetry. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly own = { registers: [this.registry] };
  private readonly runs = new Counter({
    ...this.own,
    name: 'scanhound_runs_total',
    help: 'Runs that ended, by analytic and state (done, failed).',
    labelNames: ['analytic', 'state'],
  });
  private readonly durations = new Histogram({
    ...this.own,
    name: 'scanhound_run_duration_seconds',
    help: 'How long runs took that were done.',
    labelNames: ['analytic'],
    buckets: DURATIONS,
  });
  private readonly records = new Counter({
    ...this.own,
    name: 'scanhound_records_read_total',
    help: 'Contacts, launches, queries and ARP records of suspects that runs read.',
    labelNames: ['analytic'],
  });
  private readonly alerts = new Counter({
    ...this.own,
    name: 'scanhound_alerts_total',
    help: 'Alerts that runs created, updated, merged or withdrew.',
    labelNames: ['analytic', 'change'],
  });
  private readonly silenced = new Counter({
    ...this.own,
    name: 'scanhound_silenced_episodes_total',
    help: 'Episodes of programs and machines that may scan.',
    labelNames: ['analytic'],
  });
  private readonly left = new Counter({
    ...this.own,
    name: 'scanhound_hunts_left_total',
    help: 'Scheduled hunts that were left to another instance, which holds the lease of the analytic.',
    labelNames: ['analytic'],
  });
  private readonly lastDone = new Gauge({
    ...this.own,
    name: 'scanhound_last_run_timestamp_seconds',
    help: 'When a run of the analytic was last done, Unix time.',
    labelNames: ['analytic'],
  });

  private readonly missedTicks = new Counter({
    ...this.own,
    name: 'scanhound_missed_ticks_total',
    help: 'Ticks of the schedule that found the hunt of the same windows at work, no room in the queue, or nobody awake.',
    labelNames: ['analytic'],
  });

  private readonly silent = new Gauge({
    ...this.own,
    name: 'scanhound_silent_source',
    help: '1 for each kind of records that came within the day before and then no longer, and each analytic it concerns.',
    labelNames: ['analytic', 'source'],
  });

  private readonly late = new Counter({
    ...this.own,
    name: 'scanhound_late_events_total',
    help: 'Records that turned up after hunts had read the arrivals of their time twice, found by the daily comparison and hunted.',
  });

  /** @param queued runs that wait or are at work */
  constructor(queued: () => number) {
    collectDefaultMetrics({ register: this.registry });
    for (const { id } of analytics) this.missed(id, 0); // so that the first one is a rise
    new Gauge({
      ...this.own,
      name: 'scanhound_runs_queued',
      help: 'Runs that wait or are at work.',
      collect() {
        this.set(queued());
      },
    });
  }

  /** Counts what a round of hunts came to, and passes it on. A round that fails as a whole counts each of its analytics as failed. */
  async observe(requests: readonly { analytic: { id: string } }[], round: Promise<Run[]>): Promise<Run[]> {
    try {
      const runs = await round;
      for (const run of runs) this.add(run);
      return runs;
    } catch (error) {
      for (const { analytic } of requests) this.runs.inc({ analytic: analytic.id, state: 'failed' });
      throw error;
    }
  }

  countLeft(analytic: AnalyticId): void {
    this.left.inc({ analytic });
  }

  missed(analytic: AnalyticId, ticks: number): void {
    this.missedTicks.inc({ analytic }, ticks);
  }

  countLate(records: number): void {
    this.late.inc(records);
  }

  /** Takes the place of what it was told before. */
  tellSilent(sources: readonly SilentSource[]): void {
    this.silent.reset();
    for (const { source, analytics: concerned } of sources)
      for (const analytic of concerned) this.silent.set({ analytic, source }, 1);
  }

  /**
   * Tells how far marks are behind, whenever it is asked; nothing of it while the store does not answer.
   * @param positions what the store counts arrivals in
   * @param lagsNow asks the store
   */
  tellLags(positions: PositionUnit, lagsNow: () => Promise<readonly Lag[]>): void {
    new Gauge({
      ...this.own,
      ...LAGS[positions],
      labelNames: ['analytic', 'window'],
      async collect() {
        this.reset();
        for (const { analytic, seconds, arrivalsBehind, secondsBehind } of await lagsNow().catch(() => [])) {
          const behind = arrivalsBehind ?? secondsBehind;
          if (behind !== undefined) this.set({ analytic, window: `${seconds}s` }, behind);
        }
      },
    });
  }

  /** In the text format of Prometheus. */
  async text(): Promise<{ type: string; body: string }> {
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }

  private add({ analytic, state, started, ended = started, ...run }: Run): void {
    this.runs.inc({ analytic, state });
    if (state !== 'done') return;
    this.durations.observe({ analytic }, (Date.parse(ended) - Date.parse(started)) / 1_000);
    this.records.inc({ analytic }, run.records);
    this.silenced.inc({ analytic }, run.silenced.length);
    for (const change of CHANGES) this.alerts.inc({ analytic, change }, run[change]);
    this.lastDone.set({ analytic }, Date.parse(ended) / 1_000);
  }
}
