import { ARRIVAL } from '../../../mappings/search/telemetry.js';
import { type FieldNeed, fieldNeeds } from '../../../queries/needed-fields.js';
import { judgedFields } from '../../../queries/records.js';
import type { Examined } from './examined.js';
import { type CapsOf, type FieldCaps, isAskable, kindOf, readCaps } from './field-caps.js';
import { type Finding, listOf, ok, problem, warning } from './finding.js';

/** Whether the indices of telemetry map what hunts read as it must be. Closed ones are not asked. */
export async function examineFields({ connection, telemetry }: Examined): Promise<Finding[]> {
  const fields = [...new Set([...fieldNeeds.flatMap((need) => need.fields), ...judgedFields])];
  const caps = await readCaps(connection, telemetry, fields);
  if (caps.size === 0) return []; // there is no index, which is told before
  const arrivals = await readCaps(connection, telemetry, [ARRIVAL], { include_unmapped: true });
  return [...judgeFields(caps), judgeArrivals(arrivals.get(ARRIVAL) ?? [])];
}

/** Objects hold fields and are none. */
const typesOf = (caps: CapsOf, field: string): readonly FieldCaps[] =>
  (caps.get(field) ?? []).filter(({ type }) => !['object', 'nested', 'unmapped'].includes(type));

/** Of fields that are missing, kept otherwise than needed, or otherwise in one index than in another. */
export function judgeFields(caps: CapsOf): Finding[] {
  const missing = fieldNeeds.filter(({ fields }) => fields.every((field) => typesOf(caps, field).length === 0));
  const wrong = [
    ...fieldNeeds.flatMap((need) => need.fields.flatMap((field) => wrongOfNeed(field, need, typesOf(caps, field)))),
    ...judgedFields.filter(isOfNoNeed).flatMap((field) => wrongOfJudged(field, typesOf(caps, field))),
  ];
  const found = [...missing.map(ofMissing), ...together(wrong)];
  return found.length > 0 ? found : [ok('every field that hunts read is there, in a type that can be asked by')];
}

const isOfNoNeed = (field: string): boolean => !fieldNeeds.some(({ fields }) => fields.includes(field));

function ofMissing({ fields, weight, without, analytics }: FieldNeed): Finding {
  const what = `no index has ${fields.join(' or ')}: ${without} (${analytics.join(', ')})`;
  return weight === 'essential'
    ? problem(what, 'name the indices that have it by SCANHOUND_INDICES')
    : warning(what, 'collect it, if the agents can');
}

interface Wrong {
  field: string;
  verdict: 'warning' | 'problem';
  trouble: string;
  remedy: string;
}

/** Where all indices agree on what will do as well, nothing is wrong. */
function wrongOfNeed(field: string, { uses, weight }: FieldNeed, types: readonly FieldCaps[]): Wrong[] {
  const kinds = new Set<string>(types.map(kindOf));
  const agreed = uses.find((use) => kinds.size === 1 && kinds.has(use)) ?? uses[0];
  return types
    .filter((type) => kindOf(type) !== agreed)
    .map((type) => ({
      field,
      verdict: weight === 'told' ? 'warning' : 'problem',
      trouble: `${wording(type)} where ${agreed} is expected${placeOf(type)}${weight === 'told' ? '' : ', so hunts fail'}`,
      remedy: `map it as ${agreed === 'number' ? 'long' : agreed}, as ECS has it, and reindex; or leave those indices out of SCANHOUND_INDICES`,
    }));
}

/** Any kind that can be asked by will do, if it is the same everywhere. */
function wrongOfJudged(field: string, types: readonly FieldCaps[]): Wrong[] {
  const remedy = 'map it as the templates of its agent do, and reindex';
  const bad = types.filter((type) => kindOf(type) === 'other');
  const kinds = new Set(types.map(kindOf));
  if (bad.length > 0)
    return bad.map((type) => ({
      field,
      verdict: 'warning',
      trouble: `${wording(type)}${placeOf(type)}, so hunts read more than they need`,
      remedy,
    }));
  if (kinds.size < 2) return [];
  return [
    {
      field,
      verdict: 'warning',
      trouble: `${[...kinds].sort().join(' here, ')} there, so hunts read more than they need`,
      remedy,
    },
  ];
}

const wording = (type: FieldCaps): string =>
  isAskable(type) && kindOf(type) === 'other' ? `${type.type} without values to group by` : type.type;

function placeOf({ indices, non_aggregatable_indices }: FieldCaps): string {
  const named = non_aggregatable_indices ?? indices;
  return named === undefined ? '' : ` in ${listOf(typeof named === 'string' ? [named] : named)}`;
}

/** One finding for all fields that have the same trouble: an index without a template has many. */
function together(wrong: readonly Wrong[]): Finding[] {
  const groups = new Map<string, Wrong[]>();
  for (const one of wrong) {
    const key = JSON.stringify([one.verdict, one.trouble, one.remedy]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].map((group) => {
    const { verdict, trouble, remedy } = group[0]!;
    return { verdict, what: `${listOf(group.map(({ field }) => field))}: ${trouble}`, remedy };
  });
}

/** @param types of `event.ingested`, those of indices that lack it with them */
export function judgeArrivals(types: readonly FieldCaps[]): Finding {
  const remedy = 'have an ingest pipeline set it to {{{_ingest.timestamp}}}';
  const known = types.filter(({ type }) => type !== 'unmapped');
  const lacking = types.find(({ type }) => type === 'unmapped');
  if (known.length === 0) return warning(`no index has ${ARRIVAL}: what comes late is never hunted as new`, remedy);
  const other = known.find((type) => kindOf(type) !== 'date');
  if (other)
    return problem(`${ARRIVAL} is ${other.type} where date is expected${placeOf(other)}`, 'map it as date and reindex');
  if (lacking)
    return warning(`${ARRIVAL} is missing${placeOf(lacking)}: what comes late there is never hunted as new`, remedy);
  return ok(`${ARRIVAL} tells when telemetry arrived`);
}
