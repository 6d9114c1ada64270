import { Transport } from '@elastic/elasticsearch';

/** What Elasticsearch and OpenSearch say differently. */
export interface Dialect {
  transport?: typeof Transport;
  openSnapshot(index: string, keepAlive: string): Request;
  /** The id in the answer to `openSnapshot`. */
  snapshotId(answer: unknown): string | undefined;
  closeSnapshot(id: string): Request;
}

interface Request {
  method: string;
  path: string;
  querystring?: Record<string, string>;
  body?: Record<string, unknown>;
}

/** Without the check for Elasticsearch and its media types, which OpenSearch refuses. */
class PlainTransport extends Transport {
  constructor({ productCheck: _, ...options }: ConstructorParameters<typeof Transport>[0]) {
    super({
      ...options,
      vendoredHeaders: {
        jsonContentType: 'application/json',
        ndjsonContentType: 'application/x-ndjson',
        accept: 'application/json,text/plain',
      },
    });
  }
}

export const dialects = {
  elasticsearch: {
    openSnapshot: (index, keepAlive) => ({
      method: 'POST',
      path: `/${encodeURIComponent(index)}/_pit`,
      querystring: { keep_alive: keepAlive },
    }),
    snapshotId: (answer) => (answer as { id?: string }).id,
    closeSnapshot: (id) => ({ method: 'DELETE', path: '/_pit', body: { id } }),
  },
  opensearch: {
    transport: PlainTransport,
    openSnapshot: (index, keepAlive) => ({
      method: 'POST',
      path: `/${encodeURIComponent(index)}/_search/point_in_time`,
      querystring: { keep_alive: keepAlive, allow_partial_pit_creation: 'false' },
    }),
    snapshotId: (answer) => (answer as { pit_id?: string }).pit_id,
    closeSnapshot: (id) => ({ method: 'DELETE', path: '/_search/point_in_time', body: { pit_id: [id] } }),
  },
} as const satisfies Record<string, Dialect>;
