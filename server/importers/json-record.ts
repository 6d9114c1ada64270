import type { JsonObject } from './format.js';

/** A document, with the index and id that Elasticsearch or OpenSearch keeps it under, where they are known. */
export interface JsonRecord {
  document: JsonObject;
  index?: string;
  id?: string;
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of its own, never one of a prototype. */
export const own = (object: JsonObject, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

export const ownObject = (object: JsonObject, name: string): JsonObject | undefined => {
  const value = own(object, name);
  return isObject(value) ? value : undefined;
};

/** Takes a document out of a hit of a search answer or of an elasticdump line. */
export function unwrapHit(value: JsonObject): JsonRecord {
  const document = ownObject(value, '_source');
  return document ? { document, ...place(value) } : { document: value };
}

/** The action line of a bulk body, which says where the next line belongs; undefined where it is none. */
export function bulkAction(value: JsonObject): Omit<JsonRecord, 'document'> | undefined {
  const [name, ...others] = Object.keys(value);
  if (others.length > 0 || (name !== 'index' && name !== 'create')) return undefined;
  const action = ownObject(value, name);
  return action && Object.keys(action).every((key) => ACTION_KEYS.has(key)) ? place(action) : undefined;
}

const ACTION_KEYS = new Set(['_index', '_id', '_type', 'routing', 'version', 'version_type', 'op_type', 'pipeline']);

function place(holder: JsonObject): Omit<JsonRecord, 'document'> {
  const index = own(holder, '_index');
  const id = own(holder, '_id');
  return { ...(typeof index === 'string' && { index }), ...(typeof id === 'string' && { id }) };
}
