import type { FieldKind } from '../../../queries/compile/search.js';
import type { Connection } from './connection.js';

/** What some indices make of a field. */
export interface FieldCaps {
  type: string;
  searchable: boolean;
  aggregatable: boolean;
  /** Which indices, where not all have it as this type. */
  indices?: string | readonly string[];
  /** Those of them that keep no values to group by, where others do. */
  non_aggregatable_indices?: string | readonly string[];
}

/** By field; a field that no index knows is absent. */
export type CapsOf = ReadonlyMap<string, readonly FieldCaps[]>;

const KINDS: Readonly<Record<string, FieldKind>> = {
  keyword: 'keyword',
  constant_keyword: 'keyword',
  wildcard: 'keyword',
  ...Object.fromEntries(
    ['long', 'integer', 'short', 'byte', 'double', 'float', 'half_float', 'scaled_float', 'unsigned_long'].map(
      (type) => [type, 'number' as const],
    ),
  ),
  ip: 'ip',
  date: 'date',
  date_nanos: 'date',
  boolean: 'boolean',
};

/** Whether fields of its type can be asked and grouped by, where they are kept so. */
export const isAskable = ({ type }: FieldCaps): boolean => Object.hasOwn(KINDS, type);

export const kindOf = ({ type, searchable, aggregatable }: FieldCaps): FieldKind =>
  searchable && aggregatable ? (KINDS[type] ?? 'other') : 'other';

/** Servers take request lines of 4 kB. */
const MOST_CHARACTERS = 2_000;

/** @param query further parameters */
export async function readCaps(
  connection: Connection,
  indices: readonly string[],
  fields: readonly string[],
  query: Readonly<Record<string, boolean>> = {},
): Promise<CapsOf> {
  const answers = await Promise.all(
    inRequests(fields).map((some) =>
      connection.request((client) =>
        client.transport.request<{ fields: Record<string, Record<string, FieldCaps>> }>({
          method: 'GET',
          path: `/${encodeURIComponent(indices.join(','))}/_field_caps`,
          querystring: { fields: some.join(','), ignore_unavailable: true, ...query }, // OpenSearch reads them here only
        }),
      ),
    ),
  );
  return new Map(
    answers.flatMap((answer) => Object.entries(answer.fields).map(([field, types]) => [field, Object.values(types)])),
  );
}

function inRequests(fields: readonly string[]): string[][] {
  const requests: string[][] = [[]];
  let characters = 0;
  for (const field of fields) {
    characters += field.length + 3; // the comma is written as %2C
    if (characters > MOST_CHARACTERS) {
      requests.push([]);
      characters = field.length;
    }
    requests.at(-1)!.push(field);
  }
  return requests;
}
