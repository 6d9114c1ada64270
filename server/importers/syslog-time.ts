import { isoTime } from './zeek-suricata-values.js';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `<6>`, and the version of RFC 5424, may stand before the time. */
const PRIORITY = '(?:<\\d{1,3}>(?:1 )?)?';
const OLD = new RegExp(`^${PRIORITY}([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (\\d\\d):(\\d\\d):(\\d\\d) (.*)$`, 's');
const ISO = new RegExp(
  `^${PRIORITY}(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?) (.*)$`,
  's',
);
/** Zones reach 14 hours ahead of UTC, and clocks are wrong. */
const AHEAD_MS = 24 * 3_600_000;

export interface SyslogLine {
  /** ISO 8601 in UTC. */
  time: string;
  host: string;
  message: string;
}

/**
 * The time, host and message of a syslog line; undefined where it has no header. Old headers tell neither year nor zone:
 * the time counts as UTC, in the newest year that does not put it in the future, so an old file read much later moves
 * whole years. Configure `RSYSLOG_FileFormat`, or read the journal's JSON, where that matters.
 * @param now epoch milliseconds
 */
export function syslogLine(line: string, now: number): SyslogLine | undefined {
  const iso = ISO.exec(line);
  if (iso) return withHost(isoTime(iso[1], 'time'), iso[2] ?? '');
  const [, name = '', day, hour, minute, second, rest = ''] = OLD.exec(line) ?? [];
  const month = MONTHS.indexOf(name);
  if (month < 0) return undefined;
  const time = newest(month, Number(day), Number(hour), Number(minute), Number(second), now);
  return time === undefined ? undefined : withHost(new Date(time).toISOString(), rest);
}

function withHost(time: string, rest: string): SyslogLine {
  const space = rest.indexOf(' ');
  return { time, host: space < 0 ? rest : rest.slice(0, space), message: space < 0 ? '' : rest.slice(space + 1) };
}

/** Eight years hold a leap day, also around 2100. */
function newest(month: number, day: number, hour: number, minute: number, second: number, now: number) {
  const thisYear = new Date(now + AHEAD_MS).getUTCFullYear();
  for (let year = thisYear; year > thisYear - 9; year -= 1) {
    const time = Date.UTC(year, month, day, hour, minute, second);
    if (new Date(time).getUTCDate() === day && time <= now + AHEAD_MS) return time;
  }
  return undefined;
}
