import type { JsonObject } from './format.js';
import { asNumber, isObject, isoFromMicroseconds, isoTime } from './zeek-suricata-values.js';

/** One line of a Zeek log, whichever writer made it. */
export interface ZeekRecord {
  /** The value of a field by Zeek's own name (`id.orig_h`); undefined where it is unset. */
  get(field: string): unknown;
}

/**
 * A line of Zeek's JSON writer. Shippers that allow no dots in names write `id_orig_h`, others nest `id`; own
 * properties only.
 */
export function jsonRecord(record: JsonObject): ZeekRecord {
  const nested = Object.hasOwn(record, 'id') && isObject(record.id) ? record.id : {};
  return {
    get(field) {
      if (Object.hasOwn(record, field)) return record[field] ?? undefined;
      const dot = field.indexOf('.');
      if (dot < 0) return undefined;
      const flat = field.replace('.', '_');
      if (Object.hasOwn(record, flat)) return record[flat] ?? undefined;
      const inner = field.slice(dot + 1);
      return Object.hasOwn(nested, inner) ? (nested[inner] ?? undefined) : undefined;
    },
  };
}

/** Seconds before this are a `ts` in seconds (to the year 5138), later ones are milliseconds (from 1973 on). */
const FIRST_MILLISECONDS = 100_000_000_000;

/** `ts` in all of Zeek's ways to write it: epoch seconds, epoch milliseconds, ISO 8601. */
export function zeekTime(record: ZeekRecord): string {
  const ts = record.get('ts');
  const number = asNumber(ts);
  if (number === undefined) return isoTime(ts, 'ts');
  const scale = Math.abs(number) < FIRST_MILLISECONDS ? 1_000_000 : 1_000;
  return isoFromMicroseconds(Math.round(number * scale), 'ts');
}
