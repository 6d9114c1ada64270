const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,3})\d*)?\s*(?:Z|UTC|([+-])(\d\d):?(\d\d))?$/;

/**
 * Epoch milliseconds of an ISO 8601 time, floored; digits after the millisecond are dropped, no zone means UTC.
 * Numbers are epoch milliseconds, as Elasticsearch's date type reads them. Undefined where it is neither.
 */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.floor(value) : undefined;
  if (typeof value !== 'string') return undefined;
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

/** ISO 8601 in UTC with milliseconds. */
export const formatTime = (time: number): string => new Date(time).toISOString();
