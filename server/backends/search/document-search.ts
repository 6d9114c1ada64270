import type { estypes } from '@elastic/elasticsearch';
import type { FieldType } from '../../../mappings/search/documents.js';
import type { Condition, DocumentQuery } from '../../model/ports.js';
import { shorten } from './kept-document.js';

type Fields = Readonly<Record<string, FieldType>>;

/** Which documents, in which order, after which one. Throws TypeError for a field that is not kept to be asked by. */
export function toSearch(
  { where = [], sort, after }: Omit<DocumentQuery, 'limit'>,
  fields: Fields,
): Pick<estypes.SearchRequest, 'query' | 'sort'> & { search_after?: estypes.SortResults } {
  const direction = sort?.direction ?? 'asc';
  const byId = { document_key: { order: direction } };
  const query = { bool: { filter: where.map((condition) => toFilter(condition, fields)) } };
  if (!sort) return { query, sort: [byId], ...(after && { search_after: [shorten(after.id)] }) };
  const value = after && asKept(after.value, typeOf(sort.path, fields));
  return {
    query,
    sort: [{ [sort.path]: { order: direction } }, byId],
    ...(after && { search_after: [value!, shorten(after.id)] }),
  };
}

/** A value of another type than the field's is met by none. */
function toFilter(condition: Condition, fields: Fields): estypes.QueryDslQueryContainer {
  const { path } = condition;
  const type = typeOf(path, fields);
  if ('oneOf' in condition) {
    const wanted = condition.oneOf.filter((value) => isOf(value, type)).map((value) => asKept(value, type));
    return { terms: { [path]: wanted } };
  }
  const { atLeast, atMost } = condition;
  const bounds = [atLeast, atMost].filter((bound) => bound !== undefined);
  if (bounds.length === 0) return { match_all: {} };
  if (!bounds.every((bound) => isOf(bound, type))) return { match_none: {} };
  return {
    range: {
      [path]: {
        ...(atLeast !== undefined && { gte: asKept(atLeast, type) }),
        ...(atMost !== undefined && { lte: asKept(atMost, type) }),
      },
    },
  };
}

function typeOf(path: string, fields: Fields): FieldType {
  const type = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (type === undefined) throw new TypeError(`Documents are not asked by ${path}.`);
  return type;
}

const isOf = (value: string | number, type: FieldType): boolean => (typeof value === 'number') === (type === 'double');

const asKept = (value: string | number, type: FieldType): string | number =>
  typeof value === 'string' && type === 'keyword' ? shorten(value) : value;
