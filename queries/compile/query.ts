/** A query of Elasticsearch and OpenSearch. */
export type Query = Readonly<Record<string, unknown>>;

export const isNothing = (query: Query): boolean => 'match_none' in query;

const isEverything = (query: Query): boolean => 'match_all' in query;

/** What matches all of these. */
export function every(...parts: readonly Query[]): Query {
  const telling = parts.filter((part) => !isEverything(part));
  if (telling.length === 0) return { match_all: {} };
  if (telling.some(isNothing)) return { match_none: {} };
  return telling.length === 1 ? telling[0]! : { bool: { filter: telling } };
}

/** What matches any of these: none of no queries, where an engine would take them for no condition at all. */
export function some(...parts: readonly Query[]): Query {
  const telling = parts.filter((part) => !isNothing(part));
  if (telling.length === 0) return { match_none: {} };
  if (telling.some(isEverything)) return { match_all: {} };
  return telling.length === 1 ? telling[0]! : { bool: { should: telling, minimum_should_match: 1 } };
}

export const none = (...parts: readonly Query[]): Query => ({ bool: { must_not: parts } });

/** How many clauses an engine counts: it takes 1,024 of them, unless told otherwise. */
export function clausesOf(query: unknown): number {
  if (Array.isArray(query)) return query.reduce<number>((sum, part) => sum + clausesOf(part), 0);
  const { bool } = query as { bool?: Record<string, unknown> };
  return bool ? clausesOf(Object.values(bool).filter(Array.isArray).flat()) : 1;
}
