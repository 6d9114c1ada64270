import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { DuckDbDocuments } from '../../../server/backends/duckdb/documents.js';
import { DuckDbEvents } from '../../../server/backends/duckdb/events.js';
import { Store } from '../../../server/backends/duckdb/store.js';
import { WatchedFolders } from '../../../server/importers/watch/watched-folders.js';
import type { AppError } from '../../../server/model/app-error.js';
import type { Batch, Documents, Events } from '../../../server/model/ports.js';

/** A folder, a store, and a service that looks when it is told to, and may die at any of its writings. */
export class WatchSite {
  /** What was told. */
  readonly problems: AppError[] = [];
  /** Events that were sent to the store. */
  sent = 0;
  now = Date.now();
  private writingsLeft = Number.POSITIVE_INFINITY;
  private watched: WatchedFolders | undefined;

  private constructor(
    private readonly store: Store,
    readonly folder: string,
  ) {}

  static async open(t: Pick<TestContext, 'after'>): Promise<WatchSite> {
    const base = mkdtempSync(join(tmpdir(), 'scanhound-'));
    const site = new WatchSite(await Store.open(), join(base, 'logs'));
    mkdirSync(site.folder);
    t.after(async () => {
      await site.store.close();
      rmSync(base, { recursive: true });
    });
    return site;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  async look(times = 1): Promise<void> {
    this.watched ??= this.begin();
    for (let time = 0; time < times; time += 1) await this.watched.look();
  }

  /** What is in memory is gone. */
  restart(): void {
    this.watched = undefined;
  }

  /** Looks, and dies before or after its nth writing; whether it did. */
  async lookAndDie(writings: number): Promise<boolean> {
    this.writingsLeft = writings;
    try {
      await this.look();
      return false;
    } catch (error) {
      if (String(error) !== 'Error: dead') throw error;
      return true;
    } finally {
      this.writingsLeft = Number.POSITIVE_INFINITY;
      this.restart();
    }
  }

  /** What is stored, in order. */
  async stored(): Promise<string[]> {
    const rows = await this.store.all('SELECT original FROM originals ORDER BY original');
    return rows.map(({ original }) => String(original));
  }

  /** File and line of what is stored. */
  async places(): Promise<string[]> {
    const rows = await this.store.all('SELECT "index", id FROM originals ORDER BY number');
    return rows.map(({ index, id }) => `${String(index).slice(this.folder.length + 1)}:${String(id)}`);
  }

  private begin(): WatchedFolders {
    const events = new DuckDbEvents(this.store, Date.now);
    const documents = new DuckDbDocuments(this.store);
    const alive = () => {
      if (this.writingsLeft <= 0) throw new Error('dead');
    };
    const written = () => {
      this.writingsLeft -= 1;
      alive();
    };
    const mortalEvents: Events = {
      append: async (batch: Batch) => {
        alive();
        const result = await events.append(batch);
        this.sent += batch.events.length;
        written();
        return result;
      },
    };
    const mortalDocuments: Documents = {
      get: (kind, id) => documents.get(kind, id),
      query: (kind, query) => documents.query(kind, query),
      create: async (kind, id, body) => {
        alive();
        const isMade = await documents.create(kind, id, body);
        written();
        return isMade;
      },
      update: async (kind, id, body, version) => {
        alive();
        const isMade = await documents.update(kind, id, body, version);
        written();
        return isMade;
      },
    };
    return new WatchedFolders(mortalEvents, mortalDocuments, () => this.now, {
      folders: [this.folder],
      onProblem: (problem) => this.problems.push(problem),
      onBegun: () => {},
    });
  }
}
