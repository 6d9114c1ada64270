import { type Rows, toRows } from '../../mappings/duckdb/rows.js';
import type { EcsDocument } from '../../queries/document.js';
import { integrationOf } from '../../queries/integrations/index.js';
import type { JsonFormat, JsonObject, TextFormat } from '../../server/importers/format.js';

const NOW = Date.UTC(2026, 5, 1);

/** What a hunt reads of a document: the rows of its integration's table. */
export const rowsOf = (document: EcsDocument): Rows => toRows(document, 1n, NOW);

/** The contacts of documents as `who>destination:port/transport outcome`, in order. */
export const contactsOf = (documents: readonly EcsDocument[]): string[] =>
  documents.flatMap((document) =>
    rowsOf(document).contacts.map(
      ({ source, destination, port, transport, outcome }) =>
        `${source ?? ''}>${destination}:${port ?? ''}/${transport ?? ''} ${outcome}`,
    ),
  );

/** The documents of one record, which the format must recognize, and which all must have an owner. */
export function documentsOf(format: JsonFormat, record: JsonObject): EcsDocument[] {
  if (!format.recognizes(record)) throw new Error(`${format.name} does not recognize it`);
  const documents = format.toDocuments(record);
  for (const document of documents) if (!integrationOf(document)) throw new Error('Nobody owns its document');
  return documents;
}

/** The documents of a text, which the format must recognize. */
export function documentsIn(format: TextFormat, text: string): EcsDocument[] {
  if (!format.recognizes(text)) throw new Error(`${format.name} does not recognize it`);
  const parser = format.open();
  return [...text.split('\n').flatMap((line) => parser.line(line)), ...parser.end()].map(({ document }) => document);
}
