import { readScalars } from '../../queries/document.js';
import type { DocumentQuery, Documents, Kind, Version, Versioned } from '../model/ports.js';

/**
 * Documents as they would be: what is written goes into a layer over the stored ones, which stay as they are. Versions of
 * the layer are negative, so that none is taken for one of the store's.
 */
export class DraftDocuments implements Documents {
  /** What was stored when it was written over. */
  private readonly covered = new Map<string, { kind: Kind; stored: Versioned<unknown> | undefined }>();

  /** @param layer holds nothing yet, and nobody else's */
  constructor(
    private readonly stored: Documents,
    private readonly layer: Documents,
  ) {}

  async get<T>(kind: Kind, id: string): Promise<Versioned<T> | undefined> {
    const own = await this.layer.get<T>(kind, id);
    return own ? asDraft(own) : this.stored.get<T>(kind, id);
  }

  async create<T>(kind: Kind, id: string, body: T): Promise<boolean> {
    if (await this.stored.get(kind, id)) return false;
    return this.cover(kind, id, body, undefined);
  }

  async update<T>(kind: Kind, id: string, body: T, version: Version): Promise<boolean> {
    if (version < 0) return this.layer.update(kind, id, body, -version);
    const stored = await this.stored.get(kind, id);
    return stored?.version === version && this.cover(kind, id, body, stored);
  }

  async query<T>(kind: Kind, query: DocumentQuery): Promise<Versioned<T>[]> {
    const own = (await this.layer.query<T>(kind, query)).map(asDraft);
    const merged = [...own, ...(await this.uncovered<T>(kind, query))];
    return merged.sort(inOrderOf(query)).slice(0, query.limit);
  }

  /** What was written, each beside what is stored of it. */
  async changes<T>(kind: Kind): Promise<{ id: string; before: T | undefined; after: T }[]> {
    const changes = [];
    for (const [name, { kind: own, stored }] of this.covered) {
      if (own !== kind) continue;
      const id = name.slice(kind.length + 1);
      changes.push({ id, before: stored?.body as T | undefined, after: (await this.layer.get<T>(kind, id))!.body });
    }
    return changes;
  }

  private async cover(kind: Kind, id: string, body: unknown, stored: Versioned<unknown> | undefined): Promise<boolean> {
    if (!(await this.layer.create(kind, id, body))) return false;
    this.covered.set(nameOf(kind, id), { kind, stored });
    return true;
  }

  /** Of what is stored the first that nothing was written over. */
  private async uncovered<T>(kind: Kind, query: DocumentQuery): Promise<Versioned<T>[]> {
    const found: Versioned<T>[] = [];
    let after = query.after;
    for (;;) {
      const page = await this.stored.query<T>(kind, { ...query, ...(after && { after }) });
      found.push(...page.filter(({ id }) => !this.covered.has(nameOf(kind, id))));
      const last = page.at(-1);
      if (page.length < query.limit || found.length >= query.limit || !last) return found;
      after = { value: placeOf(last, query), id: last.id };
    }
  }
}

const nameOf = (kind: Kind, id: string): string => `${kind} ${Buffer.from(id)}`;

const asDraft = <T>(own: Versioned<T>): Versioned<T> => ({ ...own, version: -own.version });

/** By what a document is sorted: its id where the query says nothing else. */
function placeOf({ id, body }: Versioned<unknown>, { sort }: DocumentQuery): string | number {
  if (!sort) return id;
  const [value = ''] = readScalars(body as Record<string, unknown>, sort.path);
  return sort.isNumeric ? Number(value) : String(value);
}

const inOrderOf =
  (query: DocumentQuery) =>
  (one: Versioned<unknown>, other: Versioned<unknown>): number => {
    const order = compare(placeOf(one, query), placeOf(other, query)) || compare(one.id, other.id);
    return query.sort?.direction === 'desc' ? -order : order;
  };

/** Texts by their code points, as stores sort them. */
function compare(one: string | number, other: string | number): number {
  if (typeof one === 'number' || typeof other === 'number') return Number(one) - Number(other);
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
