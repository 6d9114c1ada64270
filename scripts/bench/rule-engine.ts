import { Connection } from '../../server/backends/search/connection.js';
import type { EngineConfig } from '../../server/backends/search/engine-address.js';
import { TelemetryIndex } from '../../server/backends/search/telemetry-index.js';
import type { Span } from '../../server/model/ports.js';

/** OpenSearch keeps 16 kB for each bucket of each shard, and its memory is full before smaller pages are tried. */
const PAGES = { elasticsearch: 10_000, opensearch: 500 };

/** What this process is asked: a fixed-window rule's query over a span of some indices. It answers in milliseconds. */
export interface RuleAsked {
  config: EngineConfig;
  index: string;
  span: Span;
}

let connection: Connection | undefined;

process.on('message', async ({ config, index, span }: RuleAsked) => {
  connection ??= Connection.open(config);
  const start = performance.now();
  await fixedWindows(connection, index, span, PAGES[config.engine]);
  process.send!(performance.now() - start);
});

type Key = Record<string, string | number>;
type Entities = { after_key?: Key; buckets: { hosts: { value: number } }[] };

/**
 * The rule's own shape: composite of time bucket and entity, distinct hosts in each, paged to the end. Pages are as large
 * as the engine's memory allows.
 */
async function fixedWindows(connection: Connection, index: string, { from, to }: Span, most: number): Promise<number> {
  const pages = new TelemetryIndex(connection, index);
  const ask = (after: Key | undefined) => (size: number) =>
    connection.search<unknown, { entities: Entities }>({
      index,
      size: 0,
      query: {
        bool: {
          filter: [
            { term: { 'event.category': 'network' } },
            { range: { '@timestamp': { gte: from, lte: to, format: 'epoch_millis' } } },
          ],
        },
      },
      aggregations: {
        entities: {
          composite: {
            size,
            sources: [
              { minute: { date_histogram: { field: '@timestamp', fixed_interval: '60s' } } },
              { entity: { terms: { field: 'process.entity_id' } } },
            ],
            ...(after && { after }),
          },
          aggregations: { hosts: { cardinality: { field: 'destination.ip' } } },
        },
      },
    });
  let found = 0;
  let page = most;
  for (let after: Key | undefined; ; ) {
    const { answer, size } = await pages.inPages(page, ask(after));
    page = size;
    const { buckets, after_key: next } = answer.aggregations!.entities;
    found += buckets.filter(({ hosts }) => hosts.value >= 16).length;
    if (next === undefined) return found;
    after = next;
  }
}
