import type { EcsDocument } from '../../queries/document.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Alert } from '../../server/model/alert.js';
import type { Documents, Kind, Span, Versioned } from '../../server/model/ports.js';
import type { Run } from '../../server/model/run.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { imported, requestsWith } from '../scenarios/play.js';
import { at, DAY } from '../scenarios/times.js';

/** Windows hosts, and all that nobody knows better: the others only take time. */
const HUNTED: readonly string[] = ['AN1057', 'AN1058'];

export type Settings = Readonly<Record<string, unknown>>;

/** An embedded store over which telemetry arrives and is hunted, piece by piece. The clock moves with each hunt. */
export class StoredSite {
  private arrived = 0;
  private clock = at(60 * DAY);
  /** Where hunts write: a test may put a faulty one in its place. */
  documents: Documents;

  private constructor(
    private readonly backend: Awaited<ReturnType<typeof openInMemory>>,
    private readonly settings: Settings,
  ) {
    this.documents = backend.documents;
  }

  static async open(settings: Settings = {}): Promise<StoredSite> {
    return new StoredSite(await openInMemory(() => at(60 * DAY)), settings);
  }

  /** Stores the documents and hunts what arrived. */
  async arrive(documents: readonly EcsDocument[]): Promise<Run[]> {
    await this.store(documents);
    return this.hunt();
  }

  async store(documents: readonly EcsDocument[]): Promise<void> {
    await this.backend.events.append({ key: `batch ${this.arrived++}`, events: imported(documents) });
  }

  /** Hunts what arrived or, with a span, all telemetry in it; with these tunables, where given. */
  async hunt(span?: Span, settings: Settings = this.settings): Promise<Run[]> {
    this.clock += 60_000;
    const requests = requestsWith(settings).filter(({ analytic }) => HUNTED.includes(analytic.id));
    return huntAll(
      requests.map((request) => (span ? { ...request, span } : request)),
      { ...this.backend, documents: this.documents, now: () => this.clock },
    );
  }

  /** All alerts, the earliest first. */
  async alerts(): Promise<(Alert & { id: string })[]> {
    const stored = await this.all<Alert>('alert');
    return stored
      .map(({ id, body }) => ({ id, ...body }))
      .sort((a, b) => (a.event.start < b.event.start ? -1 : a.event.start > b.event.start ? 1 : 0));
  }

  all<T>(kind: Kind): Promise<Versioned<T>[]> {
    return this.backend.documents.query<T>(kind, { limit: 10_000 });
  }

  close(): Promise<void> {
    return this.backend.close();
  }
}

export async function onSite(settings: Settings, use: (site: StoredSite) => Promise<void>): Promise<void> {
  const site = await StoredSite.open(settings);
  try {
    await use(site);
  } finally {
    await site.close();
  }
}
