import { setTimeout as pause } from 'node:timers/promises';
import { Client, type ClientOptions, type estypes } from '@elastic/elasticsearch';
import { AppError } from '../../model/app-error.js';
import { type Dialect, dialects } from './dialect.js';
import { type EngineConfig, placeOf, readAddress } from './engine-address.js';
import { describeError, isPassing } from './engine-error.js';
import { assertWhole } from './whole.js';

const TIMEOUT_MS = 120_000;
/** A request is sent this often at most, and waits up to this long, doubled each time, before it is sent again. */
const ATTEMPTS = 5;
const FIRST_WAIT_MS = 500;
/** An engine's breakers count garbage too: asked again at once, it refuses pages of any size. */
const REST_MS = 1_000;
const SNAPSHOT_LIFE = '5m';

/** One engine, Elasticsearch or OpenSearch. Its errors are AppErrors of the ENGINE_ codes and hold no credentials. */
export class Connection {
  private constructor(
    private readonly client: Client,
    private readonly dialect: Dialect,
    private readonly place: string,
    private readonly wait: (milliseconds: number) => Promise<unknown>,
  ) {}

  /**
   * Reaches nothing yet. Throws CONFIG_INVALID for an address that is none.
   *
   * @param wait what goes by between attempts
   * @param timeoutMs how long an answer may take
   */
  static open(
    { engine, url, auth, ca }: EngineConfig,
    wait: Connection['wait'] = pause,
    timeoutMs = TIMEOUT_MS,
  ): Connection {
    const { href } = readAddress(url);
    const dialect: Dialect = dialects[engine];
    const client = new Client({
      node: href,
      maxRetries: 0, // ours also knows 429
      requestTimeout: timeoutMs,
      ...(auth && { auth: auth as NonNullable<ClientOptions['auth']> }),
      ...(ca !== undefined && { tls: { ca } }),
      ...(dialect.transport && { Transport: dialect.transport }),
    });
    return new Connection(client, dialect, placeOf({ engine, url }), wait);
  }

  /** Sends one request; again, a few times, where the engine is out of reach or busy: it must not matter if it is done twice. */
  async request<T>(send: (client: Client) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++)
      try {
        return await send(this.client);
      } catch (error) {
        if (attempt === ATTEMPTS || !isPassing(error)) throw describeError(error, this.place);
        await this.wait(Math.random() * FIRST_WAIT_MS * 2 ** (attempt - 1));
      }
  }

  /** Lets an engine whose memory is full collect what it needs no more. */
  async rest(): Promise<void> {
    await this.wait(REST_MS);
  }

  /** A search whose answer is whole, or over no index at all. Throws ENGINE_ANSWER_INCOMPLETE. */
  async search<Document, Aggregations = unknown>(
    request: estypes.SearchRequest,
  ): Promise<estypes.SearchResponse<Document, Aggregations>> {
    const answer = await this.request((client) =>
      client.search<Document, Aggregations>({
        track_total_hits: false,
        ...request,
        allow_partial_search_results: false,
      }),
    );
    if (answer._shards.total > 0 || !(await this.matchesNoIndex(request.index))) assertWhole(answer);
    return answer;
  }

  /** Closed indices count: a search over a pattern leaves them out without a word. */
  private async matchesNoIndex(name: estypes.Indices | undefined): Promise<boolean> {
    if (name === undefined) return false;
    const found = await this.request((client) =>
      client.indices.resolveIndex({ name, expand_wildcards: ['open', 'closed', 'hidden'] }),
    );
    return found.indices.length + found.aliases.length + found.data_streams.length === 0;
  }

  /** Lets several searches see an index as it is now. */
  async onSnapshot<T>(index: string, use: (snapshot: { id: string; keep_alive: string }) => Promise<T>): Promise<T> {
    const answer = await this.request((client) =>
      client.transport.request(this.dialect.openSnapshot(index, SNAPSHOT_LIFE)),
    );
    const id = this.dialect.snapshotId(answer);
    if (id === undefined) throw new AppError('ENGINE_REFUSED', `${this.place} gave no point in time.`);
    try {
      return await use({ id, keep_alive: SNAPSHOT_LIFE });
    } finally {
      // it ends by itself too
      await this.client.transport.request(this.dialect.closeSnapshot(id)).catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    await this.client.close();
  }
}
