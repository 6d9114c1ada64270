import type { Condition, Documents, Kind, Versioned } from './ports.js';

const PAGE = 500;

/** All documents of a kind that meet the conditions, in the order of their ids. */
export async function everyDocument<T>(
  documents: Documents,
  kind: Kind,
  where: readonly Condition[] = [],
): Promise<Versioned<T>[]> {
  const found: Versioned<T>[] = [];
  for (;;) {
    const last = found.at(-1);
    const after = last && { value: last.id, id: last.id };
    const page = await documents.query<T>(kind, { where, limit: PAGE, ...(after ? { after } : {}) });
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}
