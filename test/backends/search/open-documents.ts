import { type DocumentFields, documentFields } from '../../../mappings/search/documents.js';
import type { EngineName } from '../../../scripts/engines/engine.js';
import type { Connection } from '../../../server/backends/search/connection.js';
import { SearchDocuments } from '../../../server/backends/search/documents.js';
import { documentIndices } from '../../../server/backends/search/own-indices.js';
import { connectTo } from './connect-to.js';
import { lendIndices } from './lent-indices.js';

/** An empty store of documents on a real engine. */
export async function openDocuments(name: EngineName, fields: DocumentFields = documentFields) {
  const connection = await connectTo(name);
  const { prefix, giveBack } = lendIndices(name, JSON.stringify(fields), (some) =>
    documentIndices(some, fields).map(({ index }) => index),
  );
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
      await giveBack(connection);
      await Promise.all([connection, ...others].map((one) => one.close()));
    },
  };
}
