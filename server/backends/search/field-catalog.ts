import type { estypes } from '@elastic/elasticsearch';
import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import type { FieldKind, FieldKinds } from '../../../queries/compile/search.js';
import { AppError } from '../../model/app-error.js';
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

/** What records are grouped, sorted and looked up by: engines can't by words of a text, or where indices disagree. */
const NEEDED: Readonly<Record<string, readonly FieldKind[]>> = {
  ...Object.fromEntries([ARRIVAL, '@timestamp', 'event.start'].map((field) => [field, ['date' as const]])),
  ...Object.fromEntries(['source.ip', 'destination.ip', 'host.ip'].map((field) => [field, ['ip' as const]])),
  ...Object.fromEntries(
    [
      ...['host.id', 'host.name', 'host.hostname', 'host.os.type', 'host.os.family', 'host.os.platform'],
      ...['container.id', 'process.executable', 'process.name', 'process.entity_id', 'event.module'],
    ].map((field) => [field, ['keyword' as const]]),
  ),
  ...Object.fromEntries(['process.pid', 'destination.port'].map((field) => [field, ['number', 'keyword'] as const])),
};

const NONE: ReadonlySet<FieldKind> = new Set();

/**
 * What the indices of a pattern make of each of these fields now. Throws ENGINE_REFUSED where they make of one that a
 * hunt rests on what it can't be asked by: it would be blind without a word.
 */
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
    for (const [field, types] of Object.entries(told)) {
      kinds.set(field, kindsIn(types));
      assertUsable(index, field, types);
    }
  return (field) => kinds.get(field) ?? NONE;
}

type Types = Record<string, estypes.FieldCapsFieldCapability>;

const kindsIn = (types: Types): Set<FieldKind> =>
  new Set(
    Object.values(types).map(({ type, searchable, aggregatable }) =>
      searchable && aggregatable ? (KINDS[type] ?? 'other') : 'other',
    ),
  );

function assertUsable(index: string, field: string, types: Types): void {
  const needed = NEEDED[field];
  const kinds = [...kindsIn(types)];
  if (!needed || (kinds.length === 1 && needed.includes(kinds[0]!))) return;
  throw new AppError(
    'ENGINE_REFUSED',
    `${field} can't be hunted by: in ${index} it is ${Object.keys(types).join(' and ')}, in ECS ${needed.join(' or ')}.`,
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
