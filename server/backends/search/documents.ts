import { randomUUID } from 'node:crypto';
import type { estypes } from '@elastic/elasticsearch';
import { type DocumentFields, documentFields } from '../../../mappings/search/documents.js';
import { AppError } from '../../model/app-error.js';
import type { DocumentQuery, Documents, Kind, Version, Versioned } from '../../model/ports.js';
import type { Connection } from './connection.js';
import { toSearch } from './document-search.js';
import { fromVersion, type KeptDocument, toEngineId, toKept, toVersioned } from './kept-document.js';
import { documentIndices } from './own-indices.js';
import { indexSteps } from './setup.js';

/** Documents of one answer: their bodies come whole. */
const PAGE = 500;

/**
 * Small state in an index a kind, of one shard, behind an alias of its name. All writings go through the alias and
 * require it, so that an index that was deleted is an error and never made anew by guesses.
 */
export class SearchDocuments implements Documents {
  private constructor(
    private readonly connection: Connection,
    private readonly fields: DocumentFields,
    private readonly prefix: string,
  ) {}

  /** Makes what is missing of the indices, which whoever is set up need not be allowed. */
  static async open(connection: Connection, prefix = 'scanhound', fields = documentFields): Promise<SearchDocuments> {
    const steps = await indexSteps(connection, documentIndices(prefix, fields));
    await Promise.all(steps.map(({ take }) => take()));
    return new SearchDocuments(connection, fields, prefix);
  }

  async get<T>(kind: Kind, id: string): Promise<Versioned<T> | undefined> {
    const found = await this.read<T>(kind, id);
    return found && toVersioned(found._source!, found._seq_no, found._primary_term);
  }

  create<T>(kind: Kind, id: string, body: T): Promise<boolean> {
    return this.write(kind, id, body, { op_type: 'create' });
  }

  async update<T>(kind: Kind, id: string, body: T, version: Version): Promise<boolean> {
    const condition = fromVersion(version);
    if (condition.if_primary_term === 0) return false; // terms begin at 1: nobody was given this version
    return this.write(kind, id, body, condition);
  }

  async query<T>(kind: Kind, { limit, ...query }: DocumentQuery): Promise<Versioned<T>[]> {
    const index = this.indexOf(kind);
    const search = toSearch(query, this.fields[kind]);
    // what was written before can be found now, whoever wrote it
    await this.connection.request((client) => client.indices.refresh({ index }));
    if (limit <= PAGE) return (await this.hits<T>({ ...search, index, size: limit })).map(ofHit);
    return this.connection.onSnapshot(index, async (pit) => {
      const found: Versioned<T>[] = [];
      for (let after = search.search_after; ; ) {
        const size = Math.min(PAGE, limit - found.length);
        const hits = await this.hits<T>({ ...search, pit, size, ...(after && { search_after: after }) });
        found.push(...hits.map(ofHit));
        after = hits.at(-1)?.sort;
        if (hits.length < PAGE || found.length === limit) return found;
      }
    });
  }

  private async hits<T>(request: estypes.SearchRequest): Promise<estypes.SearchHit<KeptDocument<T>>[]> {
    const answer = await this.connection.search<KeptDocument<T>>({ ...request, seq_no_primary_term: true });
    return answer.hits.hits;
  }

  /** As it is now, searchable or not. */
  private async read<T>(kind: Kind, id: string): Promise<estypes.GetResponse<KeptDocument<T>> | undefined> {
    const index = this.indexOf(kind);
    const answer = await this.connection.request((client) =>
      client.get<KeptDocument<T>>({ index, id: toEngineId(id) }, { ignore: [404] }),
    );
    if (answer.found) return answer;
    if (answer.found === undefined) throw new AppError('ENGINE_REFUSED', `The index ${index} is gone.`);
    return undefined;
  }

  /** Whether the condition held. The answer to the writing may have been lost, and the second attempt met the first. */
  private async write(
    kind: Kind,
    id: string,
    body: unknown,
    condition: Pick<estypes.IndexRequest, 'op_type' | 'if_seq_no' | 'if_primary_term'>,
  ): Promise<boolean> {
    const write = randomUUID();
    const document = toKept(id, write, body, this.fields[kind]);
    const { statusCode } = await this.connection.request((client) =>
      client.index(
        { index: this.indexOf(kind), id: toEngineId(id), document, require_alias: true, ...condition },
        { ignore: [409], meta: true },
      ),
    );
    if (statusCode !== 409) return true;
    return (await this.read(kind, id))?._source?.document.write === write;
  }

  private indexOf(kind: Kind): string {
    return `${this.prefix}-${kind}`;
  }
}

const ofHit = <T>(hit: estypes.SearchHit<KeptDocument<T>>): Versioned<T> =>
  toVersioned(hit._source!, hit._seq_no, hit._primary_term);
