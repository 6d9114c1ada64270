import type { estypes } from '@elastic/elasticsearch';
import type { FieldKind, FieldKinds } from '../../../queries/compile/search.js';
import type { Connection } from './connection.js';

/** Servers take request lines of 4 kB. */
const MOST_CHARACTERS = 2_000;

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

const NONE: ReadonlySet<FieldKind> = new Set();

/** What the indices of a pattern make of each of these fields now. */
export async function readFieldKinds(
  connection: Connection,
  index: string,
  fields: readonly string[],
): Promise<FieldKinds> {
  const kinds = new Map<string, ReadonlySet<FieldKind>>();
  const answers = await Promise.all(
    inRequests(fields).map((some) =>
      connection.request((client) =>
        client.transport.request<estypes.FieldCapsResponse>({
          method: 'GET',
          path: `/${encodeURIComponent(index)}/_field_caps`,
          querystring: { fields: some.join(','), ignore_unavailable: true }, // OpenSearch reads them here only
        }),
      ),
    ),
  );
  for (const { fields: told } of answers)
    for (const [field, types] of Object.entries(told))
      kinds.set(
        field,
        new Set(
          Object.values(types).map(({ type, searchable, aggregatable }) =>
            searchable && aggregatable ? (KINDS[type] ?? 'other') : 'other',
          ),
        ),
      );
  return (field) => kinds.get(field) ?? NONE;
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
