import type { EcsDocument } from '../../queries/document.js';
import type { JsonObject } from './format.js';
import { isObject, own } from './json-record.js';

/** Members of hostile records as what ECS holds; absent where they are something else. */

/** Numbers are written out; empty text stands for nothing. */
export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object && own(object, name);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number that is not negative, as a number or as its digits. */
export function numberAt(object: JsonObject | undefined, name: string): number | undefined {
  const text = textAt(object, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A port; what is none stays as it is, to be rejected as such. */
export const portAt = (object: JsonObject | undefined, name: string): number | string | undefined =>
  numberAt(object, name) ?? textAt(object, name);

export function textsAt(object: JsonObject | undefined, name: string): string[] | undefined {
  const value = object && own(object, name);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : undefined;
}

export function objectsAt(object: JsonObject, name: string): JsonObject[] {
  const value = own(object, name);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Seconds since 1970 as ISO 8601. Undefined where no calendar has them. */
export function isoOfSeconds(seconds: number | undefined): string | undefined {
  if (seconds === undefined || seconds >= END_OF_TIME) return undefined;
  return new Date(Math.floor(seconds * 1000)).toISOString();
}

/** The year 10000. */
const END_OF_TIME = 253_402_300_800;

/** A document without the fields that the record had no value for. */
export const present = (fields: Record<string, unknown>): EcsDocument =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
