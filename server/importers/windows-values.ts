/** Values as Windows writes them, turned into what ECS holds. */

/** A value of event data as text; `-` and the empty text stand for nothing. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
}

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(Z|[+-]\d\d:?\d\d)?$/;

/** ISO 8601 in UTC. Windows' own times are UTC and may not say so. Undefined where it is no time. */
export function timeOf(text: string | undefined): string | undefined {
  const match = TIME.exec(text ?? '');
  if (!match) return undefined;
  const [, day, clock, zone = 'Z'] = match;
  const iso = `${day}T${clock}${zone}`;
  const milliseconds = Date.parse(iso);
  if (Number.isNaN(milliseconds)) return undefined;
  return zone === 'Z' ? iso : new Date(milliseconds).toISOString();
}

/** A process id, decimal or `0x` hexadecimal. */
export function pidOf(text: string | undefined): number | undefined {
  return text !== undefined && /^(?:\d{1,10}|0x[\da-f]{1,8})$/i.test(text) ? Number(text) : undefined;
}

/** A port; text that is no number stays as it is, to be rejected as such. */
export const portOf = (text: string | undefined): number | string | undefined =>
  text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : text;

/** `{lower case}`, whichever way the exporter wrote it, so that one process has one id. */
export const guidOf = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : `{${text.replace(/^\{|\}$/g, '').toLowerCase()}}`;

/**
 * The path of a program. The filtering platform names devices (`\device\harddiskvolume3\windows\…`) where Sysmon and
 * 4688 name drives: every volume becomes `c:`, so that one program is one subject in all of them. A program on another
 * drive gets two names; nothing in the event tells which letter its volume has.
 */
export function executableOf(path: string | undefined): string | undefined {
  return path
    ?.replace(/^\\\\\?\\|^\\\?\?\\/, '')
    .replace(/^\\device\\harddiskvolume\d+\\/i, 'c:\\')
    .replace(/^\\device\\mup\\/i, '\\\\');
}

/** The last part of a path of Windows or Linux. */
export const fileNameOf = (path: string | undefined): string | undefined =>
  path?.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1) || undefined;

/**
 * A command line as arguments, by the rules of Windows' own C runtime: quotes group and are dropped, and of backslashes
 * before a quote every two make one, an odd one makes the quote a plain character.
 */
export function argumentsOf(commandLine: string | undefined): string[] | undefined {
  if (commandLine === undefined) return undefined;
  const found: string[] = [];
  let argument: string | undefined;
  let isQuoted = false;
  let backslashes = 0;
  for (const char of commandLine) {
    if (char === '\\') {
      backslashes += 1;
      continue;
    }
    if (backslashes > 0) {
      argument = (argument ?? '') + '\\'.repeat(char === '"' ? backslashes >> 1 : backslashes);
    }
    const isPlain = char !== '"' || backslashes % 2 === 1;
    backslashes = 0;
    if (!isPlain) {
      isQuoted = !isQuoted;
      argument ??= '';
    } else if (!isQuoted && (char === ' ' || char === '\t')) {
      if (argument !== undefined) found.push(argument);
      argument = undefined;
    } else argument = (argument ?? '') + char;
  }
  if (backslashes > 0) argument = (argument ?? '') + '\\'.repeat(backslashes);
  if (argument !== undefined) found.push(argument);
  return found;
}

/** `DOMAIN\name` in its two parts. */
export function userOf(account: string | undefined): { domain?: string; name?: string } {
  if (account === undefined) return {};
  const slash = account.indexOf('\\');
  return slash < 0 ? { name: account } : { domain: account.slice(0, slash), name: account.slice(slash + 1) };
}

const PROTOCOLS = new Map([
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['58', 'ipv6-icmp'],
  ['132', 'sctp'],
]);

/** The transport of an IANA protocol number, or of a name. */
export const transportOf = (protocol: string | undefined): string | undefined =>
  protocol === undefined ? undefined : (PROTOCOLS.get(protocol) ?? protocol.toLowerCase());
