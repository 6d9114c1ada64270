import { createAll } from '../../server/backends/search/bulk.js';
import { Connection } from '../../server/backends/search/connection.js';
import type { EngineConfig } from '../../server/backends/search/engine-address.js';
import { contactOf, type EngineSite, siteMapping, siteRandom } from './engine-site.js';

const BATCH = 2_000;

/** Stores a site on an engine: both come as the one message to this process. */
process.once('message', async ({ config, site }: { config: EngineConfig; site: EngineSite }) => {
  const connection = Connection.open(config);
  await load(connection, site);
  await connection.close();
  process.disconnect();
});

async function load(connection: Connection, { indices, contacts, hours }: EngineSite): Promise<void> {
  for (const index of indices)
    await connection.request((client) =>
      client.indices.create({
        index,
        settings: {
          number_of_shards: 1,
          number_of_replicas: 0,
          refresh_interval: '-1',
          'requests.cache.enable': false, // what runs measure again would be answered from memory, as nothing arrives
        },
        mappings: siteMapping,
      }),
    );
  const random = siteRandom();
  for (let from = 0; from < contacts; from += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, contacts - from) }, (_, at) => ({
      id: String(from + at),
      document: contactOf(from + at, contacts, hours, random),
    }));
    await createAll(connection, indices[(from / BATCH) % indices.length]!, batch);
  }
  await connection.request((client) => client.indices.refresh({ index: [...indices] }));
}
