import { createHash } from 'node:crypto';
import type { FieldType } from '../../../mappings/search/documents.js';
import type { Version, Versioned } from '../../model/ports.js';

/** One of our documents as an engine keeps it. Further fields are those that it can be asked by. */
export interface KeptDocument<T> {
  document_key: string;
  document: {
    id: string;
    /** Names the writing, so that its writer knows it again when the answer was lost. */
    write: string;
    body: T;
  };
}

type Fields = Readonly<Record<string, FieldType>>;

/** As JSON can hold it, half a surrogate pair as U+FFFD like in all texts that are stored. */
export function toKept(id: string, write: string, body: unknown, fields: Fields): KeptDocument<unknown> {
  const clean: unknown = JSON.parse(toJson(body));
  const asked = Object.entries(fields).map(([path, type]) => [path, valuesAt(clean, path, type)]);
  return {
    ...Object.fromEntries(asked),
    document_key: shorten(id),
    document: { id: wellFormed(id), write, body: clean },
  };
}

export const toVersioned = <T>(
  { document }: KeptDocument<T>,
  sequence: number | undefined,
  term: number | undefined,
): Versioned<T> => ({ id: document.id, version: toVersion(sequence!, term!), body: document.body });

const toJson = (value: unknown): string =>
  JSON.stringify(value).replace(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) => (found === '\\\\' ? found : '\ufffd'));

/** Only what the engine can read as of the type: it would refuse the whole document for the rest. */
function valuesAt(body: unknown, path: string, type: FieldType): unknown[] {
  const value = path
    .split('.')
    .reduce<unknown>((inner, name) => (Object.hasOwn(Object(inner), name) ? Object(inner)[name] : undefined), body);
  const values = Array.isArray(value) ? value : [value];
  if (type === 'double') return values.filter((one) => typeof one === 'number');
  const texts = values.filter((one) => typeof one === 'string');
  return type === 'date' ? texts.filter(isTime) : texts.map(shorten);
}

const isTime = (text: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text) && !Number.isNaN(Date.parse(text));

const LONGEST = 1_024;

/**
 * A text as it is compared: engines refuse terms of more than 32,766 bytes, so the end of a long one is its hash. Equal
 * are only equal texts; the order is that of the first thousand characters.
 */
export function shorten(text: string): string {
  const whole = wellFormed(text);
  return whole.length <= LONGEST ? whole : wellFormed(`${whole.slice(0, LONGEST)}${hash(whole)}`);
}

/** The engine's own id: at most 512 bytes, and nothing that a path or a URL would change. */
export const toEngineId = (id: string): string => (/^[\w-][\w.:-]{0,255}$/.test(id) ? id : `~${hash(wellFormed(id))}`);

const hash = (text: string): string => createHash('sha256').update(text).digest('base64url');
const wellFormed = (text: string): string => Buffer.from(text).toString();

/** Enough for a trillion writes of a kind and eight thousand changes of its primary shard. */
const SEQUENCES = 2 ** 40;
const TERMS = 2 ** 13;

/**
 * An engine tells a document's state by a sequence number and a primary term: both in one number. A counter of our own
 * would not do: two primaries that did not know of each other may both have counted to the same.
 */
function toVersion(sequence: number, term: number): Version {
  if (!(sequence < SEQUENCES && term < TERMS)) throw new RangeError(`No version can be made of ${sequence}, ${term}.`);
  return term * SEQUENCES + sequence;
}

export const fromVersion = (version: Version): { if_seq_no: number; if_primary_term: number } => ({
  if_seq_no: version % SEQUENCES,
  if_primary_term: Math.floor(version / SEQUENCES),
});
