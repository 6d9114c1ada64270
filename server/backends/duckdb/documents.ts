import type { Condition, DocumentQuery, Documents, Kind, Version, Versioned } from '../../model/ports.js';
import { together } from '../shared/together.js';
import {
  bigints,
  bindings,
  type DuckDBConnection,
  type DuckDBValue,
  type Store,
  texts,
  toNumber,
  toText,
} from './store.js';

/** Small state of the embedded store. */
export class DuckDbDocuments implements Documents {
  private readonly ask;
  private readonly change;

  constructor(private readonly store: Store) {
    this.ask = together((asked: readonly Named[]) => this.read(asked));
    this.change = together((asked: readonly Change[]) => this.write(asked));
  }

  async get<T>(kind: Kind, id: string): Promise<Versioned<T> | undefined> {
    return (await this.ask({ kind, id })) as Versioned<T> | undefined;
  }

  create<T>(kind: Kind, id: string, body: T): Promise<boolean> {
    return this.change({ kind, id, body: toJson(body) });
  }

  update<T>(kind: Kind, id: string, body: T, version: Version): Promise<boolean> {
    return this.change({ kind, id, body: toJson(body), version: BigInt(version) });
  }

  /** Bodies are parsed once each: all fields that a query asks of them are taken at the same time. */
  async query<T>(kind: Kind, { where = [], sort, after, limit }: DocumentQuery): Promise<Versioned<T>[]> {
    const paths: string[] = [];
    const values: DuckDBValue[] = [];
    const asked: Asked = {
      field: (path) => `fields[${paths.push(pointer(path))}]`,
      bind: (value) => `$p${values.push(value)}`,
    };
    const conditions = where.map((condition) => toSql(condition, asked));
    const field = sort ? valueAt(sort.path, asked, sort.isNumeric ? 0 : '') : 'id';
    const direction = sort?.direction ?? 'asc';
    if (after) {
      const beyond = direction === 'asc' ? '>' : '<';
      const key = sort ? `(${field}, id)` : 'id';
      const { bind } = asked;
      conditions.push(`${key} ${beyond} ${sort ? `(${bind(after.value)}, ${bind(after.id)})` : bind(after.id)}`);
    }
    const order = sort ? `${field} ${direction}, id ${direction}` : `id ${direction}`;
    const rows = await this.store.all(
      `SELECT id, version, body FROM (
         SELECT id, version, body, json_extract(body, $paths) AS fields FROM documents WHERE kind = $kind)
       WHERE ${conditions.join(' AND ') || 'true'} ORDER BY ${order} LIMIT $limit`,
      {
        kind,
        limit: BigInt(limit),
        paths: texts(paths),
        ...Object.fromEntries(values.map((value, at) => [`p${at + 1}`, value])),
      },
    );
    return rows.map((row) => toVersioned<T>(row));
  }

  private async read(asked: readonly Named[]): Promise<(Versioned<unknown> | undefined)[]> {
    const rows = await this.store.all(
      `SELECT place, documents.id, version, body FROM documents JOIN (
         SELECT unnest($places) AS place, unnest($kinds) AS kind, unnest($ids) AS id) AS asked
       ON documents.kind = asked.kind AND documents.id = asked.id`,
      {
        places: bigints(asked.map((_, place) => BigInt(place))),
        kinds: texts(asked.map(({ kind }) => kind)),
        ids: texts(asked.map(({ id }) => id)),
      },
    );
    const found = new Map(rows.map((row) => [toNumber(row.place), toVersioned(row)]));
    return asked.map((_, place) => found.get(place));
  }

  /** One statement that fails would take the others with it: then each has a transaction of its own. */
  private async write(asked: readonly Change[]): Promise<(boolean | Error)[]> {
    try {
      return await this.commit(asked);
    } catch (error) {
      if (asked.length === 1) throw error;
      const alone = await Promise.allSettled(asked.map((one) => this.commit([one])));
      return alone.map((one) => (one.status === 'fulfilled' ? one.value[0]! : (one.reason as Error)));
    }
  }

  /** Whether each change was made, all in one transaction. */
  private commit(changes: readonly Change[]): Promise<boolean[]> {
    return this.store.write(async (connection) => {
      const created = await createAll(
        connection,
        changes.filter(({ version }) => version === undefined),
      );
      const made: boolean[] = [];
      for (const change of changes)
        made.push(change.version === undefined ? created.has(change) : await update(connection, change));
      return made;
    });
  }
}

interface Named {
  kind: Kind;
  id: string;
}

/** Without a version: a creation. */
interface Change extends Named {
  body: string;
  version?: bigint;
}

/** Those that were created; of several of one id the first. */
async function createAll(connection: DuckDBConnection, wanted: readonly Change[]): Promise<Set<Change>> {
  const firsts = new Map(wanted.toReversed().map((change) => [nameOf(change), change]));
  const changes = [...firsts.values()];
  if (changes.length === 0) return new Set();
  const sql = `INSERT INTO documents SELECT unnest($kinds), unnest($ids), 1, unnest($bodies)
    ON CONFLICT DO NOTHING RETURNING kind, id`;
  const parameters = {
    kinds: texts(changes.map(({ kind }) => kind)),
    ids: texts(changes.map(({ id }) => id)),
    bodies: texts(changes.map(({ body }) => body)),
  };
  const made = await connection.runAndReadAll(sql, ...bindings(sql, parameters));
  return new Set(
    made.getRowObjects().map((row) => firsts.get(nameOf({ kind: toText(row.kind), id: toText(row.id) }))!),
  );
}

/**
 * In place: with RETURNING, DuckDB would remove the row and insert it anew, and end the process where that can't be
 * committed, as on a full disk.
 */
async function update(connection: DuckDBConnection, { kind, id, body, version }: Change): Promise<boolean> {
  const { rowsChanged } = await connection.run(
    'UPDATE documents SET body = $body, version = version + 1 WHERE kind = $kind AND id = $id AND version = $version',
    { kind, id, body, version: version! },
  );
  return rowsChanged > 0;
}

/** As DuckDB gives it back: half a surrogate pair becomes U+FFFD. */
const nameOf = ({ kind, id }: { kind: string; id: string }): string =>
  JSON.stringify([kind, Buffer.from(id).toString()]);

const toVersioned = <T>(row: Record<string, DuckDBValue>): Versioned<T> => ({
  id: toText(row.id),
  version: toNumber(row.version),
  body: JSON.parse(toText(row.body)) as T,
});

/** JSON text that DuckDB takes: half a surrogate pair, which it refuses, becomes U+FFFD as in all other texts. */
const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\ufffd'));

/** A statement's parts: an expression for the JSON of a field, and one for a value. */
interface Asked {
  field(path: string): string;
  bind(value: DuckDBValue): string;
}

const pointer = (path: string): string => `/${path.split('.').join('/')}`;

/** A field's value as text, or as a number where it is compared with one. */
function valueAt(path: string, { field }: Asked, like: unknown): string {
  const value = `json_extract_string(${field(path)}, '$')`;
  return typeof like === 'number' ? `TRY_CAST(${value} AS DOUBLE)` : value;
}

/** A list is asked by its members. */
function toSql(condition: Condition, asked: Asked): string {
  const { path } = condition;
  if ('oneOf' in condition) {
    const value = asked.field(path);
    const held = `list_append(CAST(json_extract(${value}, '$[*]') AS VARCHAR[]), CAST(${value} AS VARCHAR))`;
    // written by the same engine, so that both sides escape alike
    const wanted = condition.oneOf.map((one) => `CAST(json_extract(${asked.bind(toJson(one))}, '$') AS VARCHAR)`);
    return wanted.length === 0 ? 'false' : `list_has_any(${held}, [${wanted.join(', ')}])`;
  }
  const { atLeast, atMost } = condition;
  const parts = [];
  if (atLeast !== undefined) parts.push(`${valueAt(path, asked, atLeast)} >= ${asked.bind(atLeast)}`);
  if (atMost !== undefined) parts.push(`${valueAt(path, asked, atMost)} <= ${asked.bind(atMost)}`);
  return parts.length === 0 ? 'true' : `(${parts.join(' AND ')})`;
}
