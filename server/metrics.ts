import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Run } from './model/run.js';

/** Seconds: from a look at nothing new to a month of telemetry. */
const DURATIONS = [0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];

/** What happened to alerts, as runs count it. */
const CHANGES = ['created', 'updated', 'merged', 'withdrawn'] as const;

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

  /** @param queued runs that wait or are at work */
  constructor(queued: () => number) {
    collectDefaultMetrics({ register: this.registry });
    new Gauge({
      ...this.own,
      name: 'scanhound_runs_queued',
      help: 'Runs that wait or are at work.',
      collect() {
        this.set(queued());
      },
    });
  }

  /** Counts what a round of hunts came to, and passes it on. A failed round counts each of its analytics as failed. */
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

  countLeft(analytic: string): void {
    this.left.inc({ analytic });
  }

  /** In the text format of Prometheus. */
  async text(): Promise<{ type: string; body: string }> {
    return { type: this.registry.contentType, body: await this.registry.metrics() };
  }

  private add({ analytic, state, started, ended = started, ...run }: Run): void {
    this.runs.inc({ analytic, state });
    this.durations.observe({ analytic }, (Date.parse(ended) - Date.parse(started)) / 1_000);
    this.records.inc({ analytic }, run.records);
    this.silenced.inc({ analytic }, run.silenced.length);
    for (const change of CHANGES) this.alerts.inc({ analytic, change }, run[change]);
    this.lastDone.set({ analytic }, Date.parse(ended) / 1_000);
  }
}
