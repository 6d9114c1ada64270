/**
 * A list of so many is compared with each row while a table is read, and what is read beside is read of theirs alone. A
 * join takes any number, after all of each row was read.
 */
const MOST_LISTED = 128;

/** Items in groups that a statement may list. */
export const inGroups = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / MOST_LISTED) }, (_, group) =>
    items.slice(group * MOST_LISTED, (group + 1) * MOST_LISTED),
  );
