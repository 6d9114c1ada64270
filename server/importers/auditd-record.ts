import { Rejected } from './format.js';

/** One line of an audit log. */
export interface AuditRecord extends AuditStamp {
  /** The host, where the line names it. */
  node: string | undefined;
  /** In letters, e.g. SYSCALL. */
  type: string;
  /** What follows the header: `readFields` takes it apart. */
  body: string;
}

/** What all records of one event share. */
export interface AuditStamp {
  /** Epoch milliseconds. */
  time: number;
  /** The kernel's number of the event, unique with the time until a restart. */
  serial: string;
}

/** Syslog's stamp, old and new, then host and program. Only these programs pass audit records on. */
const SYSLOG = String.raw`(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{1,40}) (\S{1,255}) (?:kernel|audispd|audisp-syslog)(?:\[\d{1,10}\])?: (?:\[[ \d.]{1,20}\] )?(?:audit: )?`;
const HEADER = new RegExp(
  String.raw`^(?:${SYSLOG})?(?:node=(\S{1,255}) )?type=([A-Z][A-Z0-9_]{0,63}|\d{4}|UNKNOWN\[\d{1,5}\]) (?:msg=)?audit\((\d{1,12})\.(\d{1,9}):(\d{1,10})\)`,
);

/** The kernel's own log has numbers for types. */
const TYPE_NAMES = new Map([
  ['1300', 'SYSCALL'],
  ['1302', 'PATH'],
  ['1306', 'SOCKADDR'],
  ['1307', 'CWD'],
  ['1309', 'EXECVE'],
  ['1320', 'EOE'],
  ['1327', 'PROCTITLE'],
]);

export const isRecord = (line: string): boolean => HEADER.test(line);

/** Reads one line: ENRICHED or RAW, alone, with `node=`, or passed on by syslog or the kernel's log. */
export function readRecord(line: string): AuditRecord {
  const header = HEADER.exec(line);
  if (!header)
    throw new Rejected('not_this_format', 'No audit record: type=… msg=audit(seconds.ms:serial) is missing.');
  const [start, syslogHost, node, type = '', seconds = '', fraction = '', serial = ''] = header;
  return {
    ...readStamp(seconds, fraction, serial),
    node: node ?? syslogHost,
    type: TYPE_NAMES.get(type) ?? type,
    body: line.slice(start.length),
  };
}

const END_OF_TIME = Date.UTC(10_000, 0);

/** The stamp of an event from its three groups of digits. */
export function readStamp(seconds: string, fraction: string, serial: string): AuditStamp {
  const time = Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  if (time >= END_OF_TIME)
    throw new Rejected('time_out_of_range', `audit(${seconds}.${fraction}) is after the year 9999.`);
  return { time, serial };
}

/** auditd puts its translations (ENRICHED) behind a group separator. */
const SEPARATORS = ' \u001d';
const CLOSING = new Map([
  ['"', '"'],
  ["'", "'"],
  ['{', '}'],
]);

/**
 * `key=value …` in one pass. Values keep their quotes: bare hex means an encoded string only in some fields. Of a
 * repeated key the first stands, so that nothing later in the line can displace it.
 */
export function readFields(body: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (let at = 0; at < body.length; ) {
    const equals = body.indexOf('=', at);
    if (equals < 0) break;
    let word = equals;
    while (word > at && !SEPARATORS.includes(body[word - 1]!)) word -= 1;
    const key = body.slice(word, equals);
    at = endOfValue(body, equals + 1);
    if (!fields.has(key)) fields.set(key, body.slice(equals + 1, at));
  }
  return fields;
}

function endOfValue(text: string, start: number): number {
  const closing = CLOSING.get(text[start] ?? '');
  if (closing === undefined) {
    let end = start;
    while (end < text.length && !SEPARATORS.includes(text[end]!)) end += 1;
    return end;
  }
  const end = text.indexOf(closing, start + 1);
  if (end < 0) throw new Rejected('truncated', `A value ends without its ${closing}.`);
  return end + 1;
}

/** A value without its quotes. Undefined where audit says there is none. */
export function plainText(value: string | undefined): string | undefined {
  const text = value?.startsWith('"') ? value.slice(1, -1) : value;
  return text === undefined || text === '' || text === '(null)' || text === '?' ? undefined : text;
}

/** The bytes of a field that audit writes quoted when harmless, else as bare upper-case hex. */
export function encodedBytes(value: string): Buffer {
  const isHex = value.length % 2 === 0 && /^[0-9A-F]+$/.test(value);
  return isHex ? Buffer.from(value, 'hex') : Buffer.from(value.startsWith('"') ? value.slice(1, -1) : value);
}

/** The text of such a field. */
export function encodedText(value: string | undefined): string | undefined {
  return plainText(value) === undefined ? undefined : encodedBytes(value!).toString();
}
