import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type EngineName, engineOf } from '../../scripts/engines/engine.js';
import { ownTelemetry } from '../../server/engine-config.js';
import type { StoreSettings } from '../../server/open-backend.js';
import { connectTo } from '../backends/search/connect-to.js';
import { engineFor } from '../engines.js';

/** Uses an empty store, of its name where it has one, and removes it. */
export type UseStore = <T>(name: string, use: (store: StoreSettings) => Promise<T>) => Promise<T>;

/** Embedded stores, removed with their folder. */
export const storesIn =
  (folder: string): UseStore =>
  (name, use) =>
    use({ data: join(folder, name) });

/**
 * Stores in indices of their own on a real engine.
 * @param settlingMs how long after its arrival a document may become searchable
 */
export const storesOn =
  (name: EngineName, settlingMs = 0): UseStore =>
  async (_, use) => {
    const prefix = `test-${randomUUID()}`;
    const indices = [ownTelemetry(prefix)];
    const { kind: engine } = engineOf(name);
    const url = await engineFor(name);
    try {
      return await use({ engine: { engine, url, prefix, indices, settlingMs } });
    } finally {
      const connection = await connectTo(name);
      const made = await connection.request((client) => client.indices.resolveIndex({ name: `${prefix}-*` }));
      const index = made.indices.map(({ name: own }) => own);
      if (index.length > 0) await connection.request((client) => client.indices.delete({ index })); // wildcards may not delete
      await connection.close();
    }
  };
