import { every, none, type Query, some } from '../../../queries/compile/query.js';
import { escapeWildcard, type FieldKinds } from '../../../queries/compile/search.js';
import { subjectFields } from '../../../queries/records.js';
import { normalizeAddress } from '../../model/address.js';
import { parseSubjectKey, type Subject } from '../../model/subject.js';

/**
 * What one query may say of subjects. Engines take 1,024 clauses, of which what is asked of all takes the half, and
 * OpenSearch 2 counts most of them twice, by the index and by the values.
 */
export const SUBJECT_CLAUSES = 200;

/** Documents that may be about a subject: a superset. Undefined for a text that names no subject. */
export function subjectQuery(key: string, kinds: FieldKinds): Query | undefined {
  const subject = readKey(key);
  if (!subject) return undefined;
  if (subject.kind === 'address')
    return normalizeAddress(subject.address) === undefined
      ? undefined
      : isOneOf(kinds, ['source.ip'], [subject.address]);
  const { host, container, process } = subject;
  const named = every(
    hostQuery([host], kinds),
    container === '' ? isAbsent(kinds, 'container.id') : isOneOf(kinds, ['container.id'], [container]),
    programQuery(process, kinds),
  );
  return [host, container, process].some(({ length }) => length > SHORT) ? some(named, isTooLong) : named;
}

/** Longer texts an index may have left out (`ignore_above`), as no engine takes terms of any length. */
const SHORT = 255;

/**
 * Documents of which an index left out what names their subject. OpenSearch does not say so: there it is that of a
 * process with an identity and no program.
 */
export const isTooLong: Query = some(
  { terms: { _ignored: subjectFields } },
  every({ exists: { field: 'process.entity_id' } }, none({ exists: { field: 'process.executable' } })),
);

/** Engines refuse longer patterns. */
const LONGEST_PATTERN = 200;

function readKey(key: string): Subject | undefined {
  try {
    return parseSubjectKey(key);
  } catch {
    return undefined;
  }
}

/** Documents of these hosts by any of the names a host may have; an empty name is that of documents without one. */
export function hostQuery(hosts: readonly string[], kinds: FieldKinds): Query {
  const named = hosts.filter((host) => host !== '');
  const fields = ['host.id', 'host.name', 'host.hostname'];
  const nameless = every(...fields.map((field) => isAbsent(kinds, field)));
  return some(
    ...(named.length > 0 ? [isOneOf(kinds, fields, named)] : []),
    ...(named.length < hosts.length ? [nameless] : []),
  );
}

export const isOneOf = (kinds: FieldKinds, fields: readonly string[], values: readonly (string | number)[]): Query =>
  some(...fields.filter((field) => kinds(field).size > 0).map((field) => ({ terms: { [field]: values } })));

export const isAbsent = (kinds: FieldKinds, field: string): Query =>
  kinds(field).size === 0 ? { match_all: {} } : some(none({ exists: { field } }), { term: { [field]: '' } });

/**
 * We compare executables in lower case, engines only what is ASCII: whatever else could become these letters may stand
 * in their place (the Kelvin sign becomes a k, an i with two dots an i and a dot).
 */
function programQuery(program: string, kinds: FieldKinds): Query {
  const isLong = program.length > LONGEST_PATTERN;
  const value = isLong ? `${spelt(program.slice(0, LONGEST_PATTERN).replace(/i$/, ''))}*` : spelt(program);
  const byPath: Query = { wildcard: { 'process.executable': { value, case_insensitive: true } } };
  return some(
    ...(kinds('process.executable').size > 0 ? [byPath] : []),
    isOneOf(kinds, ['process.name', 'process.entity_id'], [program]),
  );
}

const spelt = (program: string): string =>
  escapeWildcard(program)
    .replace(/k/g, '?')
    .replace(/i?[\u0080-\uffff]+/g, '*');

/** The address that a key names; empty for a program. */
export function addressOf(key: string): string {
  const subject = parseSubjectKey(key);
  return subject.kind === 'address' ? subject.address : '';
}
