import assert from 'node:assert/strict';
import { type Rows, toRows } from '../../mappings/rows.js';
import type { EcsDocument } from '../../queries/document.js';
import { integrationOf } from '../../queries/integrations/index.js';
import { matches } from '../../queries/matches.js';
import type { JsonFormat, JsonObject, TextFormat } from '../../server/importers/format.js';

const NOW = Date.UTC(2026, 10, 1);

/** The name of the integration that owns a document, and of the rules that the document meets. */
export function judge(document: EcsDocument): string[] {
  const integration = integrationOf(document);
  if (!integration) return [];
  const { name, contact, launch, exit, rawSocket, nameQuery, serviceQuery } = integration;
  const isContact = contact !== undefined && matches(contact.begun, document);
  const filters = { ...(isContact && contact), launch, exit, rawSocket, nameQuery, asked: serviceQuery?.asked };
  const met = Object.entries(filters).filter(([, filter]) => typeof filter === 'object' && matches(filter, document));
  return [name, ...met.map(([rule]) => rule)];
}

/** The rows that the embedded store makes of a document. */
export const rowsOf = (document: EcsDocument): Rows => toRows(document, 1n, NOW);

/** The one contact of a document, as the store has it. */
export function contactOf(document: EcsDocument): Rows['contacts'][number] {
  const { contacts } = rowsOf(document);
  assert.equal(contacts.length, 1);
  return contacts[0]!;
}

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
