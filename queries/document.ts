/** One ECS document, as agents write it (nested) or as our readers do (dotted names, fast). Undefined is absent. */
export type EcsDocument = Record<string, unknown>;

/**
 * The prototype of documents whose names are all dotted and whose objects are none of ECS' own: each field is then looked
 * for in one place.
 */
export const FLAT: object = Object.freeze(Object.create(null));

const isRecord = (value: unknown): value is EcsDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A dotted path, cut once wherever a document may nest it: paths are few, documents many. */
interface Path {
  whole: string;
  cuts: readonly { head: string; rest: Path }[];
}

const MOST_PATHS = 10_000;
const paths = new Map<string, Path>();

function pathOf(whole: string): Path {
  const known = paths.get(whole);
  if (known) return known;
  const cuts: { head: string; rest: Path }[] = [];
  for (let dot = whole.indexOf('.'); dot > 0; dot = whole.indexOf('.', dot + 1))
    cuts.push({ head: whole.slice(0, dot), rest: pathOf(whole.slice(dot + 1)) });
  const path = { whole, cuts };
  if (paths.size >= MOST_PATHS) paths.clear();
  paths.set(whole, path);
  return path;
}

/**
 * The value at a dotted path, whether the document nests it, dots it, or mixes both (`{"a.b": {"c": 1}}`).
 * Own properties only: a hostile document can't reach a prototype.
 */
export const read = (document: EcsDocument, path: string): unknown =>
  isFlat(document) ? document[path] : readPath(document, pathOf(path));

/** `read` for one path and many documents. */
export function readerOf(path: string): (document: EcsDocument) => unknown {
  const known = pathOf(path);
  return (document) => (isFlat(document) ? document[path] : readPath(document, known));
}

/** Nothing is inherited from this prototype, so a property is its own. */
const isFlat = (document: EcsDocument): boolean => Object.getPrototypeOf(document) === FLAT;

function readPath(document: EcsDocument, { whole, cuts }: Path): unknown {
  if (Object.hasOwn(document, whole)) return document[whole];
  for (const { head, rest } of cuts) {
    if (!Object.hasOwn(document, head)) continue;
    const inner = document[head];
    if (isRecord(inner)) {
      const found = readPath(inner, rest);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** All values at a path: an array's members, or the one value, or none. */
export function readAll(document: EcsDocument, path: string): readonly unknown[] {
  const value = read(document, path);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Texts, numbers and truth values at a path. An object is none: turned into text it may throw, by a hostile `toString`. */
export function readScalars(document: EcsDocument, path: string): readonly (string | number | boolean)[] {
  const value = read(document, path);
  if (Array.isArray(value)) return value.filter(isScalar);
  return isScalar(value) ? [value] : [];
}

export const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The first value at a path as text; numbers are written out. Empty text counts as absent. */
export function readText(document: EcsDocument, path: string): string | undefined {
  const value = readFirst(document, path);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The first value at a path as a finite number; numeric text is read. */
export function readNumber(document: EcsDocument, path: string): number | undefined {
  const value = readFirst(document, path);
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function readFirst(document: EcsDocument, path: string): unknown {
  const value = read(document, path);
  return Array.isArray(value) ? value[0] : value;
}
