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
