/** One ECS document, as agents write it (nested) or as our readers do (dotted names, fast). */
export type EcsDocument = Record<string, unknown>;

const isRecord = (value: unknown): value is EcsDocument =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value at a dotted path, whether the document nests it, dots it, or mixes both (`{"a.b": {"c": 1}}`).
 * Own properties only: a hostile document can't reach a prototype.
 */
export function read(document: EcsDocument, path: string): unknown {
  if (Object.hasOwn(document, path)) return document[path];
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot);
    if (!Object.hasOwn(document, head)) continue;
    const inner = document[head];
    if (isRecord(inner)) {
      const found = read(inner, path.slice(dot + 1));
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

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** The first value at a path as text; numbers are written out. Empty text counts as absent. */
export function readText(document: EcsDocument, path: string): string | undefined {
  const [value] = readAll(document, path);
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The first value at a path as a finite number; numeric text is read. */
export function readNumber(document: EcsDocument, path: string): number | undefined {
  const [value] = readAll(document, path);
  if (typeof value === 'string' && value.trim() === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}
