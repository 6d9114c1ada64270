import { type DocumentFields, documentFields, documentIndex } from '../../../mappings/search/documents.js';
import { telemetryIndex } from '../../../mappings/search/telemetry.js';

/** An index of ours as it has to be. */
export interface OwnIndex {
  index: string;
  /** What it is asked by; absent: its own name. */
  alias?: string;
  body: { settings: object; mappings: { dynamic: boolean; properties: Readonly<Record<string, object>> } };
}

/** Where small state is kept: an index a kind. Behind the same alias a later one may hold the same in another form. */
export const documentIndices = (prefix = 'scanhound', fields: DocumentFields = documentFields): OwnIndex[] =>
  Object.entries(fields).map(([kind, own]) => {
    const alias = `${prefix}-${kind}`;
    return { index: `${alias}-1`, alias, body: documentIndex(own) };
  });

/** Where telemetry that we import is kept. */
export const telemetryIndexOf = (index: string): OwnIndex => ({ index, body: telemetryIndex });
