import { type EcsDocument, readNumber, readText } from '../../queries/document.js';
import type { UserContext } from './observation.js';

/** The fields that `userContextOf` reads. */
export const userContextFields: readonly string[] = [
  ...['host.os.type', 'user.id', 'user.name', 'user.domain', 'user.audit.id', 'winlog.user.identifier'],
  ...['auditd.data.tty', 'auditd.log.tty', 'auditd.log.ses', 'auditd.session'],
  ...['auditd.user.audit.id', 'auditd.summary.actor.primary'],
  ...['process.tty', 'process.tty.char_device.major', 'process.interactive', 'process.entry_leader.entry_meta.type'],
  ...['process.parent.executable', 'process.parent.pid'],
  ...['process.Ext.session_info.id', 'winlog.event_data.TerminalSessionId'],
];

/**
 * Whether a person at a session or a service of the system did it. Undefined where the document doesn't tell.
 *
 * On Linux and macOS a terminal decides first, then the login session, then what started the process, then the account.
 * So a session without a terminal (a desktop, `ssh host command`) is interactive; a cron job that PAM gave a login id
 * looks the same. On Windows the account decides first: SYSTEM also runs services within a person's session.
 */
export function userContextOf(document: EcsDocument): UserContext | undefined {
  const platform = readText(document, 'host.os.type');
  const isWindows = platform === 'windows' || readText(document, 'user.id')?.startsWith('S-1-');
  if (isWindows) return windowsAccount(document) ?? windowsSession(document);
  return terminal(document) ?? loginSession(document) ?? starter(document, platform) ?? unixAccount(document, platform);
}

const NO_TERMINAL = new Set(['(none)', 'none', '?', '-', '0']);
const UNSET = new Set(['unset', '4294967295', '-1']);

function terminal(document: EcsDocument): UserContext | undefined {
  const name = firstText(document, 'auditd.data.tty', 'auditd.log.tty', 'process.tty');
  const hasDevice = (readNumber(document, 'process.tty.char_device.major') ?? 0) > 0;
  if (hasDevice || (name !== undefined && !NO_TERMINAL.has(name))) return 'interactive';
  return readText(document, 'process.interactive') === 'true' ? 'interactive' : undefined;
}

/** The login id stays with all that a login starts, also through sudo; services never get one. */
function loginSession(document: EcsDocument): UserContext | undefined {
  const id = firstText(
    document,
    'user.audit.id',
    'auditd.user.audit.id', // where auditd_manager moves it
    'auditd.session',
    'auditd.summary.actor.primary', // Auditbeat leaves an unset id out everywhere but here
    'auditd.log.ses',
  );
  if (id === undefined) return undefined;
  return UNSET.has(id) ? 'daemon' : 'interactive';
}

/** How Elastic Defend names what a session began with. Containers and cloud agents are not told apart. */
const SESSION_STARTS: ReadonlyMap<string, UserContext> = new Map([
  ['init', 'daemon'],
  ['sshd', 'interactive'],
  ['terminal', 'interactive'],
]);

function starter(document: EcsDocument, platform: string | undefined): UserContext | undefined {
  const start = SESSION_STARTS.get(readText(document, 'process.entry_leader.entry_meta.type') ?? '');
  if (start || platform !== 'macos') return start;
  const isLaunchd =
    readText(document, 'process.parent.executable') === '/sbin/launchd' ||
    readText(document, 'process.parent.pid') === '1';
  return isLaunchd ? 'daemon' : undefined;
}

/** Services have ids up to 999, or nobody's 65534. Root may be either. */
function unixAccount(document: EcsDocument, platform: string | undefined): UserContext | undefined {
  const id = readNumber(document, 'user.id');
  if (platform === 'macos') return readText(document, 'user.name')?.startsWith('_') ? 'daemon' : undefined;
  return platform === 'linux' && id !== undefined && ((id > 0 && id < 1000) || id === 65_534) ? 'daemon' : undefined;
}

/** SYSTEM, LOCAL SERVICE, NETWORK SERVICE, then the virtual accounts of services, IIS pools, window manager, fonts. */
const SERVICE_SIDS = /^S-1-5-(?:18|19|20|(?:80|82|90|96)-[\d-]+)$/;
const SERVICE_DOMAINS = new Set(['NT AUTHORITY', 'NT SERVICE', 'IIS APPPOOL', 'WINDOW MANAGER', 'FONT DRIVER HOST']);

function windowsAccount(document: EcsDocument): UserContext | undefined {
  const [name = '', qualifier] = (readText(document, 'user.name') ?? '').split('\\').reverse();
  const domain = qualifier ?? readText(document, 'user.domain') ?? '';
  if (SERVICE_DOMAINS.has(domain.toUpperCase()) || name.endsWith('$')) return 'daemon';
  const id = readText(document, 'user.id') ?? '';
  // Sysmon's records name here whoever wrote them, SYSTEM, not whose process it was.
  const isWriter = id === readText(document, 'winlog.user.identifier');
  return !isWriter && SERVICE_SIDS.test(id) ? 'daemon' : undefined;
}

/** Session 0 is that of services; each login at the console or by remote desktop gets one of its own. */
function windowsSession(document: EcsDocument): UserContext | undefined {
  const session =
    readNumber(document, 'winlog.event_data.TerminalSessionId') ?? readNumber(document, 'process.Ext.session_info.id');
  if (session === undefined) return undefined;
  return session === 0 ? 'daemon' : 'interactive';
}

function firstText(document: EcsDocument, ...fields: string[]): string | undefined {
  for (const field of fields) {
    const text = readText(document, field);
    if (text !== undefined) return text;
  }
  return undefined;
}
