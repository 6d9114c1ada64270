import { analytics } from '../../queries/analytics/index.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { DuckDbDocuments } from '../../server/backends/duckdb/documents.js';
import { DuckDbEvents } from '../../server/backends/duckdb/events.js';
import { Store } from '../../server/backends/duckdb/store.js';
import { DuckDbTelemetry } from '../../server/backends/duckdb/telemetry.js';
import { readSubjects } from '../../server/hunt/read-subjects.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { AlertDocument } from '../../server/jobs/final-alerts.js';
import { applySettings, type Settings } from '../../server/jobs/settings.js';
import type { Alert } from '../../server/model/alert.js';
import type { FiredMeasure } from '../../server/model/episode.js';
import { everyDocument } from '../../server/model/every-document.js';
import type { ImportedEvent } from '../../server/model/ports.js';
import type { Sighting } from './known-scan.js';

/** The clock of every trial: the lab ran in November 2026, and what lies more than a year ahead is refused. */
const NOW = Date.UTC(2027, 0, 1);
const now = () => NOW;

export interface Hunted {
  /** Of all states. */
  alerts: AlertDocument[];
  /** Episodes that the settings silenced. */
  silenced: number;
  /** The same as documents, joined ones included. */
  silencedAlerts: AlertDocument[];
}

/** What an episode reaches when every threshold is at its lowest. */
export interface Reached extends Sighting {
  measures: FiredMeasure[];
}

/**
 * Some telemetry in a store of its own, in memory. The store is wired here and not by the plugin, which reads files:
 * here documents are shifted in time and shared out by phase.
 */
export class Trial {
  private constructor(
    private readonly store: Store,
    /** Contacts stored. */
    readonly contacts: number,
    /** Events without a usable time, address or port. */
    readonly refused: number,
  ) {}

  /** Stores the events, and forgets them after use. */
  static async of<T>(events: readonly ImportedEvent[], use: (trial: Trial) => Promise<T>): Promise<T> {
    const store = await Store.open();
    try {
      const { rejected } = await new DuckDbEvents(store, now).append({ key: 'all', events });
      const [row] = await store.all('SELECT count(*)::INTEGER AS contacts FROM contacts');
      return await use(new Trial(store, Number(row?.contacts), rejected.length));
    } finally {
      await store.close();
    }
  }

  /** @param isOneSpan reads from the first record to the last at once, else what arrived, stretch by stretch */
  async hunt(settings: Settings, isOneSpan = false): Promise<Hunted> {
    const documents = new DuckDbDocuments(this.store);
    const telemetry = new DuckDbTelemetry(this.store);
    const tunables = applySettings(settings);
    const span = isOneSpan ? await telemetry.extent() : undefined;
    const runs = await huntAll(
      analytics.map((analytic) => ({
        analytic,
        tunables: tunables.get(analytic.id)!,
        origin: 'command',
        ...(span && { span }),
      })),
      { telemetry, documents, now },
    );
    return {
      alerts: await allOf(documents, 'alert'),
      silencedAlerts: await allOf(documents, 'silenced'),
      silenced: runs.reduce((sum, run) => sum + run.silenced.length, 0),
    };
  }

  /** The episodes of all subjects by the core's own windows, with every threshold at its lowest. */
  async reached(): Promise<Reached[]> {
    const telemetry = new DuckDbTelemetry(this.store);
    const span = await telemetry.extent();
    if (!span) return [];
    const reached: Reached[] = [];
    for (const plan of lowestPlans)
      for await (const { subject, found, contacts } of readSubjects(plan, span, telemetry))
        for (const { start, end, measures } of found)
          reached.push({ subject, hostName: contacts[0]?.hostName ?? null, start, end, measures });
    return reached;
  }
}

async function allOf(documents: DuckDbDocuments, kind: 'alert' | 'silenced'): Promise<AlertDocument[]> {
  const stored = await everyDocument<Alert>(documents, kind);
  return stored.map(({ id, body }) => ({ id, ...body }));
}

const lowestPlans = analytics.map((analytic) => {
  const names = analytic.measures.map(({ threshold }) => threshold);
  const lowest = Object.fromEntries(names.map((name) => [name, analytic.tunables[name]!.range![0]]));
  return toPlan(analytic, tunablesOf(analytic, lowest));
});
