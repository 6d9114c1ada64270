import { type DocumentFields, documentFields, documentIndex } from '../../../mappings/search/documents.js';

/** An index of ours, which is asked by its alias. */
export interface OwnIndex {
  alias: string;
  body: { settings: object; mappings: { dynamic: boolean; properties: Readonly<Record<string, object>> } };
}

/** The first index behind an alias; a later one would hold the same in another form. */
export const firstIndexOf = ({ alias }: OwnIndex): string => `${alias}-1`;

/** Where small state is kept: an index a kind. */
export const documentIndices = (prefix = 'scanhound', fields: DocumentFields = documentFields): OwnIndex[] =>
  Object.entries(fields).map(([kind, own]) => ({ alias: `${prefix}-${kind}`, body: documentIndex(own) }));
