import type { EcsDocument } from '../../queries/document.js';
import type { Filter } from '../../queries/filter.js';
import { auditd, type SyscallName, syscallNumbers } from '../../queries/integrations/auditd.js';
import { matches } from '../../queries/matches.js';
import type { AuditStamp } from './auditd-record.js';
import type { InetAddress } from './auditd-sockaddr.js';

/** One event of the kernel's audit system, whichever format it was written in. */
export interface AuditEvent extends AuditStamp {
  /** The SYSCALL record's fields and auditd's translations of them (upper case), decoded. */
  syscall: ReadonlyMap<string, string>;
  node?: string | undefined;
  args?: readonly string[] | undefined;
  /** Where the log has the arguments only as one text. */
  commandLine?: string | undefined;
  address?: InetAddress | undefined;
  workingDirectory?: string | undefined;
  title?: string | undefined;
  parent?: { executable: string | undefined; name: string | undefined } | undefined;
  containerId?: string | undefined;
}

const ARCHITECTURES: ReadonlyMap<string, keyof typeof syscallNumbers> = new Map([
  ['c000003e', 'x86_64'],
  ['40000003', 'i386'],
  ['c00000b7', 'aarch64'],
]);

interface Kind {
  /** What our table must find in it. */
  rule: Filter | undefined;
  category: string;
  types: string[];
  /** Absent where the official integration has none. */
  action?: string;
}
const LAUNCH: Kind = { rule: auditd.launch, category: 'process', types: ['start'], action: 'executed' };
const KINDS: ReadonlyMap<string, Kind> = new Map<SyscallName, Kind>([
  ['execve', LAUNCH],
  ['execveat', LAUNCH],
  [
    'connect',
    { rule: auditd.contact?.begun, category: 'network', types: ['connection', 'start'], action: 'connected-to' },
  ],
  ['socket', { rule: auditd.rawSocket, category: 'process', types: ['info'] }],
  ['exit_group', { rule: auditd.exit, category: 'process', types: ['end'] }],
]);

/** False where no event of this system call becomes a document, so that its other records need not be kept. */
export const isSyscallRead = (syscall: AuditEvent['syscall']): boolean => KINDS.has(syscallName(syscall) ?? '');

/**
 * The event as auditd_manager writes it. Undefined where our table finds nothing in it: failed launches, sockets that
 * are not raw, connects to port 0 or to a unix socket. A connect whose address the log lacks names no target either.
 */
export function toDocument(event: AuditEvent): EcsDocument | undefined {
  const name = syscallName(event.syscall);
  const kind = KINDS.get(name ?? '');
  const found = present(auditFields(event, name));
  if (!kind?.rule || !matches(kind.rule, found)) return undefined;
  return present({
    ...eventFields(event, kind),
    ...found,
    ...processFields(event),
    ...userFields(event.syscall),
    'network.direction': event.address && 'egress',
    'host.name': event.node,
    'host.os.type': 'linux',
    'container.id': event.containerId,
  });
}

function eventFields({ time, serial, syscall }: AuditEvent, { category, types, action }: Kind): EcsDocument {
  return {
    '@timestamp': new Date(time).toISOString(),
    'event.kind': 'event',
    'event.module': 'auditd',
    'event.dataset': 'auditd_manager.auditd',
    'event.category': [category],
    'event.type': types,
    'event.action': action,
    'event.outcome': either(syscall.get('success'), 'success', 'failure'),
    'event.sequence': Number(serial),
  };
}

function auditFields({ syscall, address }: AuditEvent, name: string | undefined): EcsDocument {
  return {
    'auditd.message_type': 'syscall',
    'auditd.result': either(syscall.get('success'), 'success', 'fail'),
    'auditd.session': unlessUnset(syscall.get('ses')),
    'auditd.summary.actor.primary': unlessUnset(syscall.get('auid')) ?? 'unset',
    'auditd.data.arch': architecture(syscall) ?? syscall.get('ARCH'),
    'auditd.data.syscall': name,
    'auditd.data.exit': syscall.get('exit'),
    'auditd.data.a0': argument(syscall.get('a0')),
    'auditd.data.a1': argument(syscall.get('a1')),
    'auditd.data.a2': argument(syscall.get('a2')),
    'auditd.data.a3': argument(syscall.get('a3')),
    'auditd.data.tty': syscall.get('tty'),
    'auditd.data.socket.family': address?.family,
    'auditd.data.socket.addr': address?.ip,
    'auditd.data.socket.port': address?.port,
    'destination.ip': address?.ip,
    'destination.port': address?.port,
  };
}

function processFields({ syscall, args, commandLine, workingDirectory, title, parent }: AuditEvent): EcsDocument {
  return {
    'process.pid': wholeNumber(syscall.get('pid')),
    'process.executable': syscall.get('exe'),
    'process.name': syscall.get('comm'), // of the thread, cut at 15 characters: as Auditbeat has it
    'process.args': args,
    'process.args_count': args?.length,
    'process.command_line': args?.join(' ') ?? commandLine,
    'process.working_directory': workingDirectory,
    'process.title': title,
    'process.parent.pid': wholeNumber(syscall.get('ppid')),
    'process.parent.executable': parent?.executable,
    'process.parent.name': parent?.name,
  };
}

const userFields = (syscall: AuditEvent['syscall']): EcsDocument => ({
  'user.id': syscall.get('uid'),
  'user.name': knownName(syscall.get('UID')),
  'user.effective.id': syscall.get('euid'),
  'user.effective.name': knownName(syscall.get('EUID')),
  'user.audit.id': unlessUnset(syscall.get('auid')),
  'user.audit.name': knownName(syscall.get('AUID')),
});

/** The system call's name: by its number, else as auditd translated it; the number where we don't read the call. */
function syscallName(syscall: AuditEvent['syscall']): string | undefined {
  const known = architecture(syscall);
  const number = syscall.get('syscall');
  const named = known && Object.entries(syscallNumbers[known]).find(([, value]) => String(value) === number);
  return named?.[0] ?? syscall.get('SYSCALL') ?? number;
}

const architecture = (syscall: AuditEvent['syscall']) =>
  ARCHITECTURES.get(argument(syscall.get('arch'))?.toLowerCase() ?? '');

/** Undefined for a call that never returns. */
const either = (success: string | undefined, yes: string, no: string): string | undefined =>
  success === 'yes' ? yes : success === 'no' ? no : undefined;

/** laurel marks hex with 0x, auditd and Auditbeat don't. */
const argument = (hex: string | undefined): string | undefined => (hex?.startsWith('0x') ? hex.slice(2) : hex);

/** Processes outside any login session have all bits set. */
const unlessUnset = (id: string | undefined): string | undefined =>
  id === '4294967295' || id === '-1' || id === 'unset' ? undefined : id;

/** auditd writes `unset` and `unknown(2011)` for ids without an account. */
const knownName = (name: string | undefined): string | undefined =>
  name === 'unset' || name?.startsWith('unknown(') ? undefined : name;

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;

function present(fields: EcsDocument): EcsDocument {
  const kept: EcsDocument = {};
  for (const [field, value] of Object.entries(fields)) if (value !== undefined) kept[field] = value;
  return kept;
}
