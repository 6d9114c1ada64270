import type { Query } from './query.js';

/** What a query asks: a leaf, which knows nothing of others, or its opposite; all or any of some. */
type Condition = boolean | Part;
type Part = Leaf | Compound;

interface Leaf {
  kind: 'leaf';
  /** The same for the same query. */
  key: string;
  query: Query;
  /** Whether it is to match, or must not. */
  is: boolean;
}

interface Compound {
  kind: 'all' | 'any';
  /** The same for the same parts in any order. */
  key: string;
  parts: readonly Part[];
  /** How many conditions it is made of. */
  size: number;
}

/** What is known, where a condition is asked, of whether another holds; of leaves, whether their query does. */
type Known = (key: string) => boolean | undefined;

/**
 * The same documents by fewer clauses: each is asked once, and not where what is asked beside it decides it already. An
 * engine works through all clauses again for each shard, and for some of them each segment, whatever it finds there.
 *
 * For filters alone: it keeps nothing of scores.
 */
export function simplify(query: Query): Query {
  const keys = new Map<string, string>();
  return toQuery(simplified(toCondition(query, true, keys), () => undefined));
}

interface Bool {
  filter?: readonly Query[];
  must_not?: readonly Query[];
  should?: readonly Query[];
}

/** @param keys short ones of all leaves seen */
function toCondition(query: Query, is: boolean, keys: Map<string, string>): Condition {
  if ('match_all' in query) return is;
  if ('match_none' in query) return !is;
  if (!('bool' in query)) {
    const text = JSON.stringify(query);
    const key = keys.get(text) ?? String(keys.size);
    keys.set(text, key);
    return { kind: 'leaf', key, query, is };
  }
  const { filter = [], must_not = [], should = [] } = query.bool as Bool;
  const [all, any] = is ? (['all', 'any'] as const) : (['any', 'all'] as const);
  return compoundOf(all, [
    ...filter.map((one) => toCondition(one, is, keys)),
    ...must_not.map((one) => toCondition(one, !is, keys)),
    ...(should.length > 0
      ? [
          compoundOf(
            any,
            should.map((one) => toCondition(one, is, keys)),
          ),
        ]
      : []),
  ]);
}

/** Parts of its own kind are taken apart, and each is kept once. */
function compoundOf(kind: Compound['kind'], conditions: readonly Condition[]): Condition {
  const isAll = kind === 'all';
  const parts = new Map<string, Part>();
  for (const condition of conditions) {
    if (condition === !isAll) return condition;
    if (typeof condition === 'boolean') continue;
    for (const part of condition.kind === kind ? condition.parts : [condition]) {
      if (part.kind === 'leaf' && parts.has(nameOf({ ...part, is: !part.is }))) return !isAll;
      parts.set(nameOf(part), part);
    }
  }
  const [first] = parts.values();
  if (first === undefined) return isAll;
  if (parts.size === 1) return first;
  const own = [...parts.values()].sort((one, other) => sizeOf(one) - sizeOf(other));
  return {
    kind,
    key: `${kind}(${[...parts.keys()].sort().join()})`,
    parts: own,
    size: own.reduce((sum, part) => sum + sizeOf(part), 0),
  };
}

const nameOf = (part: Part): string => (part.kind === 'leaf' && !part.is ? `-${part.key}` : part.key);

const sizeOf = (part: Part): number => (part.kind === 'leaf' ? 1 : part.size);

/**
 * Where all must hold, each is asked as if the others held; where any may, as if none of the others did. One after
 * another, the smallest first: what was left out of one decides nothing of the next.
 */
function simplified(condition: Condition, known: Known): Condition {
  if (typeof condition === 'boolean') return condition;
  const told = known(condition.key);
  if (condition.kind === 'leaf') return told === undefined ? condition : told === condition.is;
  if (told !== undefined) return told;
  const { kind } = condition;
  const beside = new Map<string, boolean>();
  const note = (part: Part) => beside.set(part.key, (part.kind !== 'leaf' || part.is) === (kind === 'all'));
  condition.parts.forEach(note);
  const parts = condition.parts.map((part) => {
    beside.delete(part.key);
    const simpler = simplified(part, (key) => beside.get(key) ?? known(key));
    if (typeof simpler !== 'boolean') note(simpler);
    return simpler;
  });
  const whole = compoundOf(kind, parts);
  const isAsBefore = typeof whole !== 'boolean' && whole.key === condition.key;
  return isAsBefore ? whole : simplified(whole, known);
}

function toQuery(condition: Condition): Query {
  if (condition === true) return { match_all: {} };
  if (condition === false) return { match_none: {} };
  if (condition.kind === 'any' && !oppositeOf(condition))
    return { bool: { should: condition.parts.map(toQuery), minimum_should_match: 1 } };
  if (condition.kind === 'leaf' && condition.is) return condition.query;
  const parts = condition.kind === 'all' ? condition.parts : [condition];
  const filter = parts.filter((part) => !oppositeOf(part)).map(toQuery);
  const must_not = parts.flatMap((part) => oppositeOf(part) ?? []).map(toQuery);
  return { bool: { ...(filter.length > 0 && { filter }), ...(must_not.length > 0 && { must_not }) } };
}

/** What must not be, of a condition that says only that. */
function oppositeOf(part: Part): Condition | undefined {
  if (part.kind === 'leaf') return part.is ? undefined : { ...part, is: true };
  const others = part.kind === 'any' ? part.parts.map(oppositeOf) : [undefined];
  return others.includes(undefined) ? undefined : compoundOf('all', others as Condition[]);
}
