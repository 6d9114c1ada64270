import { randomUUID } from 'node:crypto';
import { type DocumentFields, documentFields } from '../../../mappings/search/documents.js';
import { type EngineName, engineOf } from '../../../scripts/engines/engine.js';
import { Connection } from '../../../server/backends/search/connection.js';
import { SearchDocuments } from '../../../server/backends/search/documents.js';
import { engineFor } from '../../engines.js';

export async function connectTo(name: EngineName): Promise<Connection> {
  return Connection.open({ engine: engineOf(name).kind, url: await engineFor(name) });
}

/** An empty store of documents on a real engine; it removes its indices when it is closed. */
export async function openDocuments(name: EngineName, fields: DocumentFields = documentFields) {
  const connection = await connectTo(name);
  const prefix = `test-${randomUUID()}`;
  const others: Connection[] = [];
  const documents = await SearchDocuments.open(connection, prefix, fields);
  return {
    documents,
    connection,
    prefix,
    /** The same documents as another process has them. */
    async openAgain(known = fields) {
      const other = await connectTo(name);
      others.push(other);
      return SearchDocuments.open(other, prefix, known);
    },
    async close() {
      const index = Object.keys(fields).map((kind) => `${prefix}-${kind}-1`);
      await connection.request((client) => client.indices.delete({ index }));
      await Promise.all([connection, ...others].map((one) => one.close()));
    },
  };
}
