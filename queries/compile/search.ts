import type { Filter, Scalar } from '../filter.js';
import { every, none, type Query, some } from './query.js';
import { simplify } from './simplify.js';

/** What an index makes of a field: `other` can only be asked whether it is there. */
export type FieldKind = 'keyword' | 'number' | 'ip' | 'date' | 'boolean' | 'other';

/** What the indices asked make of a field: nothing where none of them knows it, several where they disagree. */
export type FieldKinds = (field: string) => ReadonlySet<FieldKind>;

/** Nothing is known of the value: in a superset it matches, in a subset it doesn't. */
type Bound = 'superset' | 'subset';

/**
 * The filter as a query without scripts. Where the indices can't say it exactly (texts that are cut into words, numbers
 * kept as text) it is a superset: all documents that match, and maybe more. Fields that no index knows fold away.
 */
export const toQuery = (filter: Filter, kinds: FieldKinds): Query => toBoundQuery(filter, kinds, 'superset');

/** The same, but where the indices can't say it exactly a subset: only documents that surely match. */
export const toSubsetQuery = (filter: Filter, kinds: FieldKinds): Query => toBoundQuery(filter, kinds, 'subset');

const toBoundQuery = (filter: Filter, kinds: FieldKinds, bound: Bound): Query =>
  simplify(compile(filter, kinds, bound));

const NOTHING: Query = { match_none: {} };

function compile(filter: Filter, kinds: FieldKinds, bound: Bound): Query {
  switch (filter.kind) {
    case 'all':
      return every(...filter.filters.map((part) => compile(part, kinds, bound)));
    case 'any':
      return some(...filter.filters.map((part) => compile(part, kinds, bound)));
    case 'not':
      return none(compile(filter.filter, kinds, bound === 'superset' ? 'subset' : 'superset'));
    default:
      return compileLeaf(filter, kinds(filter.field), bound);
  }
}

type Leaf = Extract<Filter, { field: string }>;

function compileLeaf(leaf: Leaf, kinds: ReadonlySet<FieldKind>, bound: Bound): Query {
  const { field } = leaf;
  if (kinds.size === 0) return NOTHING;
  const isThere: Query = { exists: { field } };
  const unsure = bound === 'superset' ? isThere : NOTHING;
  const isOnly = (kind: FieldKind) => kinds.size === 1 && kinds.has(kind);
  switch (leaf.kind) {
    case 'exists':
      return isThere;
    case 'equals':
    case 'oneOf': {
      const asked = leaf.kind === 'equals' ? [leaf.value] : leaf.values;
      const values = asked.filter((value) => [...kinds].every((kind) => canHold(kind, value)));
      const isOther = values.length < asked.length && (kinds.size > 1 || asked.some(isLarge));
      if (kinds.has('other') || isOther) return unsure;
      return values.length > 0 ? { terms: { [field]: values } } : NOTHING;
    }
    case 'startsWith':
      return isOnly('keyword') ? { prefix: { [field]: { value: leaf.prefix } } } : unsure;
    case 'contains':
      return isOnly('keyword') ? { wildcard: { [field]: { value: `*${escapeWildcard(leaf.text)}*` } } } : unsure;
    case 'range':
      if (!isOnly('number')) return unsure;
      return { range: { [field]: { ...bounded('gte', leaf.from), ...bounded('lte', leaf.to) } } };
  }
}

/** Other values can't be in such a field, and asking for them is an error. */
function canHold(kind: FieldKind, value: Scalar): boolean {
  switch (kind) {
    case 'keyword':
      return true;
    case 'number':
      return /^-?\d{1,18}$/.test(String(value)); // what every type of numbers can be asked for
    case 'boolean':
      return /^(true|false)$/.test(String(value));
    case 'ip':
      return /^[\da-f]*[.:][\da-f.:]*$/i.test(String(value));
    default:
      return false;
  }
}

/** Some types of numbers hold it, to others asking for it is an error. */
const isLarge = (value: Scalar): boolean => /^-?\d{19,}$/.test(String(value));

const bounded = (name: string, bound: number | undefined) => (bound === undefined ? {} : { [name]: bound });

/** The text as a wildcard query reads it to mean itself. */
export const escapeWildcard = (text: string): string => text.replace(/[\\*?]/g, '\\$&');
