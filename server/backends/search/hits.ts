import type { estypes } from '@elastic/elasticsearch';
import { type Rows, rowFields, toRows, UnusableDocument } from '../../../mappings/rows.js';
import type { EcsDocument } from '../../../queries/document.js';
import { evidenceOf } from './evidence.js';

export type Hit = estypes.SearchHit<EcsDocument>;

/** What one document says, when, and the text that names it. */
export interface Seen {
  evidence: string;
  time: number;
  rows: Rows;
}

/** What to ask of a document: the fields that rows are told from, and its times as the engine reads them. */
export const whatIsRead = {
  _source: [...rowFields],
  docvalue_fields: ['event.start', '@timestamp'].map((field) => ({ field, format: 'epoch_millis' })),
};

/** Undefined where the document can't be used, as on import. */
export function seenIn(hit: Hit, now: number): Seen | undefined {
  const document = documentOf(hit);
  try {
    const rows = toRows(document, 0n, now);
    return { evidence: evidenceOf(hit._index, hit._id!), time: timeOf(document), rows };
  } catch (error) {
    if (error instanceof UnusableDocument) return undefined;
    throw error;
  }
}

/** The engine's reading of times decides, as it is asked by that. Of several times it is the first. */
const documentOf = ({ _source, fields }: Hit): EcsDocument =>
  Object.assign(_source ?? {}, {
    'event.start': timeIn(fields?.['event.start']),
    '@timestamp': timeIn(fields?.['@timestamp']),
  });

const timeOf = (document: EcsDocument): number => Number(document['event.start'] ?? document['@timestamp']);

const timeIn = (values: unknown): number | undefined =>
  Array.isArray(values) ? Math.floor(Number(values[0])) : undefined;
