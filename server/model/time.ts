const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,3})\d*)?\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?$/;

/**
 * Epoch milliseconds of an ISO 8601 time, floored; digits after the millisecond are dropped, no zone means UTC.
 * Numbers are epoch milliseconds, as Elasticsearch's date type reads them. Undefined where it is neither.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.floor(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const usual = readUsual(value);
  if (usual !== undefined) return usual;
  const parts = ISO.exec(value);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = parts;
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60) return undefined;
  const utc = new Date(0);
  utc.setUTCFullYear(y, mo - 1, d);
  if (utc.getUTCDate() !== d) return undefined; // the month is shorter
  utc.setUTCHours(h, mi, s, Number(fraction.padEnd(3, '0')));
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  const zoneMs = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000;
  return utc.getTime() - (sign === '-' ? -zoneMs : zoneMs);
}

/** Days that every month has: the last ones of a month are left to the careful reading. */
const COMMON_DAYS = 28;

/** Up to the second, of the last that was read: telemetry comes about in the order of its times. */
let lastSecond = { text: '', time: 0 };

/** `2026-11-24T03:00:00.123456Z`, as nearly all telemetry writes it; undefined for what has to be read with more care. */
function readUsual(text: string): number | undefined {
  const { length } = text;
  if (length < 24 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':')
    return undefined;
  if (text[19] !== '.' || text[length - 1] !== 'Z') return undefined;
  for (let at = 23; at < length - 1; at++) if (!(digitsAt(text, at, 1) >= 0)) return undefined;
  const millisecond = digitsAt(text, 20, 3);
  if (!(millisecond >= 0)) return undefined;
  if (text.startsWith(lastSecond.text) && lastSecond.text !== '') return lastSecond.time + millisecond;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  const isUsual =
    year >= 1000 && month >= 1 && month <= 12 && day >= 1 && day <= COMMON_DAYS && hour <= 23 && minute <= 59;
  if (!isUsual || !(second <= 59)) return undefined;
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  lastSecond = { text: text.slice(0, 20), time };
  return time + millisecond;
}

/** A number of so many decimal digits; NaN where one is none. */
function digitsAt(text: string, from: number, count: number): number {
  let number = 0;
  for (let at = from; at < from + count; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** ISO 8601 in UTC with milliseconds. */
export const formatTime = (time: number): string => new Date(time).toISOString();
