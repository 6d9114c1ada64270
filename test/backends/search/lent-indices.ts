import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import type { EngineName } from '../../../scripts/engines/engine.js';
import type { Connection } from '../../../server/backends/search/connection.js';
import { connectTo } from './connect-to.js';

/** What tests of this process are done with: prefixes of indices, by what they are. */
const idle = new Map<string, { name: EngineName; prefixes: string[]; indicesOf: (prefix: string) => string[] }>();

after(async () => {
  for (const { name, prefixes, indicesOf } of idle.values()) {
    const connection = await connectTo(name);
    await remove(connection, prefixes.flatMap(indicesOf));
    await connection.close();
  }
});

/**
 * A prefix of indices that are empty, or not there yet: one after another use them, as an engine takes longer to make a
 * dozen than most tests to use them.
 *
 * @param kind who asks for another kind gets others
 */
export function lendIndices(name: EngineName, kind: string, indicesOf: (prefix: string) => string[]) {
  const key = `${name} ${kind}`;
  const own = idle.get(key) ?? { name, prefixes: [], indicesOf };
  idle.set(key, own);
  const prefix = own.prefixes.pop() ?? `test-${randomUUID()}`;
  const index = indicesOf(prefix);
  return {
    prefix,
    /** Those that a test deleted or closed are removed with the others. */
    async giveBack(connection: Connection): Promise<void> {
      try {
        await connection.request((client) => client.indices.refresh({ index }));
        await connection.request((client) => client.deleteByQuery({ index, query: { match_all: {} }, refresh: true }));
        own.prefixes.push(prefix);
      } catch {
        await remove(connection, index);
      }
    },
  };
}

async function remove(connection: Connection, index: string[]): Promise<void> {
  if (index.length > 0)
    await connection.request((client) => client.indices.delete({ index, ignore_unavailable: true }));
}
