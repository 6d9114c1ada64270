import type { estypes } from '@elastic/elasticsearch';
import { rowFields } from '../../../mappings/rows.js';
import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import type { Query } from '../../../queries/compile/query.js';
import { type FieldKinds, toQuery } from '../../../queries/compile/search.js';
import { simplify } from '../../../queries/compile/simplify.js';
import type { Filter } from '../../../queries/filter.js';
import type { Connection } from './connection.js';
import { EngineOverload } from './engine-error.js';
import type { Stamp } from './event-time.js';
import { readFieldKinds } from './field-catalog.js';

/** A smaller answer is not the way out any more. */
const LEAST_SIZE = 50;

type Search = Omit<estypes.SearchRequest, 'query'> & { query: Query };

/** The indices of telemetry that a hunt reads, with what they make of our fields. */
export class TelemetryIndex {
  private fields: Promise<FieldKinds> | undefined;

  /** @param name an index, alias, data stream or pattern, or several by comma */
  constructor(
    readonly connection: Connection,
    readonly name: string,
  ) {}

  /** What arrived since may have brought new fields. */
  forgetFields(): void {
    this.fields = undefined;
  }

  async kinds(): Promise<FieldKinds> {
    this.fields ??= readFieldKinds(this.connection, this.name, [...rowFields, ARRIVAL]);
    return this.fields;
  }

  /** Indices of the pattern that are closed. */
  async closed(): Promise<string[]> {
    const found = await this.connection.request((client) =>
      client.indices.resolveIndex({ name: this.name, expand_wildcards: ['closed'] }),
    );
    const closed = found.indices.filter(({ attributes }) => attributes.includes('closed'));
    return closed.map(({ name }) => name).sort();
  }

  async query(filter: Filter): Promise<Query> {
    return toQuery(filter, await this.kinds());
  }

  /** The fields that tell times of events in these indices. */
  async stamps(): Promise<Stamp[]> {
    const kinds = await this.kinds();
    return (['event.start', '@timestamp'] as const).filter((stamp) => kinds(stamp).size > 0);
  }

  search<Document, Aggregations = unknown>({
    query,
    ...request
  }: Search): Promise<estypes.SearchResponse<Document, Aggregations>> {
    return this.connection.search({
      ...(!request.pit && { index: this.name }),
      ...request,
      query: simplify(query) as estypes.QueryDslQueryContainer,
    });
  }

  /** Asks for so many at once, and after a rest for half as many each time that this is too much for the engine. */
  async inPages<T>(size: number, ask: (size: number) => Promise<T>): Promise<{ answer: T; size: number }> {
    for (let now = size; ; now = Math.ceil(now / 2))
      try {
        return { answer: await ask(now), size: now };
      } catch (error) {
        if (!(error instanceof EngineOverload) || now <= LEAST_SIZE) throw error;
        await this.connection.rest();
      }
  }
}
