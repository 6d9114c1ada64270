/**
 * The filter language: a tree over ECS fields, as plain data. Every engine gets its own wording of it
 * (`compile/`), and `matches.ts` judges a document in our own code. It holds only what Query DSL can say without
 * scripts, so that one tree means the same on DuckDB, Elasticsearch and OpenSearch.
 */
export type Filter =
  | { kind: 'all'; filters: readonly Filter[] }
  | { kind: 'any'; filters: readonly Filter[] }
  | { kind: 'not'; filter: Filter }
  | { kind: 'exists'; field: string }
  | { kind: 'equals'; field: string; value: Scalar }
  | { kind: 'oneOf'; field: string; values: readonly Scalar[] }
  | { kind: 'startsWith'; field: string; prefix: string }
  /** The value holds this text, upper and lower case told apart. */
  | { kind: 'contains'; field: string; text: string }
  /** Both bounds inclusive; an absent bound is open. */
  | { kind: 'range'; field: string; from?: number; to?: number };

export type Scalar = string | number | boolean;

export const all = (...filters: Filter[]): Filter => ({ kind: 'all', filters });
export const any = (...filters: Filter[]): Filter => ({ kind: 'any', filters });
/** Keeps documents that lack the field, as Query DSL's must_not does. */
export const not = (filter: Filter): Filter => ({ kind: 'not', filter });
export const exists = (field: string): Filter => ({ kind: 'exists', field });
export const equals = (field: string, value: Scalar): Filter => ({ kind: 'equals', field, value });
export const oneOf = (field: string, ...values: Scalar[]): Filter => ({ kind: 'oneOf', field, values });
export const startsWith = (field: string, prefix: string): Filter => ({ kind: 'startsWith', field, prefix });
export const contains = (field: string, text: string): Filter => ({ kind: 'contains', field, text });
export const atLeast = (field: string, from: number): Filter => ({ kind: 'range', field, from });
export const atMost = (field: string, to: number): Filter => ({ kind: 'range', field, to });

/** The fields that a filter reads, by their dotted paths. */
export function fieldsOf(filter: Filter): readonly string[] {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return [...new Set(filter.filters.flatMap(fieldsOf))];
    case 'not':
      return fieldsOf(filter.filter);
    default:
      return [filter.field];
  }
}
