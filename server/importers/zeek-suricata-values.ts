import { isIP } from 'node:net';
import type { EcsDocument } from '../../queries/document.js';
import { Rejected } from './format.js';

/** A document of those fields that have a value. (Parts, since an object spread of this size costs three times more.) */
export function documentOf(...parts: Record<string, unknown>[]): EcsDocument {
  const document: EcsDocument = {};
  for (const part of parts)
    for (const field in part) {
      const value = part[field];
      if (value !== undefined) document[field] = value;
    }
  return document;
}

/** Text as it stands, a number written out; anything else, and empty text, is absent. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number, or numeric text. */
export function asNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' ? Number(value) : value;
  if (number === 0 && typeof value === 'string' && value.trim() === '') return undefined; // empty text counts as zero
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** True or false, also as Zeek's text logs write them. */
export function asFlag(value: unknown): boolean | undefined {
  if (value === 'T') return true;
  if (value === 'F') return false;
  return typeof value === 'boolean' ? value : undefined;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An IPv4 or IPv6 address as it is written. Throws `Rejected` where it is none or absent. */
export function address(value: unknown, field: string): string {
  if (typeof value === 'string' && isIP(value) !== 0) return value;
  throw new Rejected('bad_address', `${field} holds no IP address: ${shown(value)}`);
}

/** A port from 0 to 65535, or none. Throws `Rejected` where it is something else. */
export function port(value: unknown, field: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const number = asNumber(value);
  if (number !== undefined && Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new Rejected('bad_port', `${field} holds no port: ${shown(value)}`);
}

/** Years 1 to 9999, in epoch milliseconds: what ISO 8601 writes with four digits. */
const FIRST_MS = -62_135_596_800_000;
const LAST_MS = 253_402_300_799_999;

/** Telemetry comes about in the order of its times, and what is written of a second is written once. */
let lastSecond = Number.NaN;
let lastWritten = '';

/** ISO 8601 in UTC, with microseconds where there are any. Throws `Rejected` outside of the years 1 to 9999. */
export function isoFromMicroseconds(microseconds: number, field: string): string {
  const milliseconds = Math.floor(microseconds / 1_000);
  if (!(milliseconds >= FIRST_MS && milliseconds <= LAST_MS))
    throw new Rejected('time_out_of_range', `${field} is outside of the years 1 to 9999`);
  const second = Math.floor(milliseconds / 1_000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastWritten = new Date(second * 1_000).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss.'.length);
  }
  const rest = microseconds - second * 1_000_000;
  return rest % 1_000 === 0
    ? `${lastWritten}${String(rest / 1_000).padStart(3, '0')}Z`
    : `${lastWritten}${String(rest).padStart(6, '0')}Z`;
}

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:Z|([+-]\d\d):?(\d\d))?$/;

/**
 * ISO 8601 in UTC from ISO 8601 with any offset, `+0200` and `+02:00` alike; without one it counts as UTC. Throws
 * `Rejected` on anything else.
 */
export function isoTime(value: unknown, field: string): string {
  const match = typeof value === 'string' ? ISO.exec(value) : null;
  if (!match) throw new Rejected('no_time', `${field} holds no time: ${shown(value)}`);
  const [, seconds, fraction = '', hours, minutes] = match;
  const milliseconds = Date.parse(`${seconds}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`);
  if (Number.isNaN(milliseconds)) throw new Rejected('no_time', `${field} holds no time: ${shown(value)}`);
  return isoFromMicroseconds(milliseconds * 1000 + Number(fraction.slice(0, 6).padEnd(6, '0')), field);
}

/** A value for a message: short, whatever it is. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 64)) : `a ${value === null ? 'null' : typeof value}`;
}
