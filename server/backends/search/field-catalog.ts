import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import type { FieldKind, FieldKinds } from '../../../queries/compile/search.js';
import { fieldNeeds } from '../../../queries/needed-fields.js';
import { AppError } from '../../model/app-error.js';
import type { Connection } from './connection.js';
import { type FieldCaps, kindOf, readCaps } from './field-caps.js';

/** What records are grouped, sorted and looked up by: engines can't by words of a text, or where indices disagree. */
const NEEDED: ReadonlyMap<string, readonly FieldKind[]> = new Map([
  [ARRIVAL, ['date']],
  ...fieldNeeds
    .filter(({ weight }) => weight !== 'told')
    .flatMap(({ fields, uses }) => fields.map((field) => [field, uses] as const)),
]);

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
  for (const [field, types] of await readCaps(connection, [index], fields)) {
    kinds.set(field, new Set(types.map(kindOf)));
    assertUsable(index, field, types);
  }
  return (field) => kinds.get(field) ?? NONE;
}

function assertUsable(index: string, field: string, types: readonly FieldCaps[]): void {
  const needed = NEEDED.get(field);
  const kinds = [...new Set(types.map(kindOf))];
  if (!needed || (kinds.length === 1 && needed.includes(kinds[0]!))) return;
  const names = types.map(({ type }) => type).join(' and ');
  throw new AppError(
    'ENGINE_REFUSED',
    `${field} can't be hunted by: in ${index} it is ${names}, in ECS ${needed.join(' or ')}.`,
  );
}
