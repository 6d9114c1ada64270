import { type AuditEvent, isSyscallRead, toDocument } from './auditd-event.js';
import { type ArgumentPieces, addArguments, joinArguments } from './auditd-execve.js';
import { type AuditRecord, encodedText, isRecord, plainText, readFields, readRecord } from './auditd-record.js';
import { type InetAddress, readSockaddr } from './auditd-sockaddr.js';
import { type ParsedDocument, Rejected, type TextFormat, type TextParser } from './format.js';

/** Records of one event are neighbours but for what other processors do meanwhile: so many are never open at once. */
const MAX_OPEN_EVENTS = 1024;
/** Characters of one event (an EXECVE can carry megabytes), and of all open ones. */
const MAX_EVENT_SIZE = 1 << 20;
const MAX_OPEN_SIZE = 16 << 20;

/** The records that make a document; all others of an event are left out, of its original too. */
const JOINED = new Set(['SYSCALL', 'EXECVE', 'SOCKADDR', 'CWD', 'PATH', 'PROCTITLE', 'EOE']);

/**
 * The audit daemon's own log, RAW or ENRICHED, with `node=`, and as syslog or the kernel's log carry it. journald's
 * short form (`audit[123]: SYSCALL …`) has no serial to join by and is rejected.
 */
export const auditdRaw: TextFormat = {
  name: 'auditd',
  /** Most of the first lines are records: a system log that also has some belongs to other formats. */
  recognizes(head) {
    const lines = head
      .split('\n', 21)
      .slice(0, 20)
      .filter((line) => line.trim() !== '');
    return lines.filter(isRecord).length * 2 > lines.length;
  },
  open: () => new EventJoiner(),
};

interface OpenEvent {
  event: Partial<AuditEvent> & Pick<AuditEvent, 'time' | 'serial' | 'node'>;
  args: ArgumentPieces;
  lines: string[];
  size: number;
  /** Its system call is none that we read: only kept to know its other records. */
  isIgnored: boolean;
}

/**
 * Joins the records of an event. It is complete at EOE or PROCTITLE; where a kernel writes neither, when the bounds ask
 * for room, oldest first, or at the end of the file. Without its SYSCALL record an event makes no document.
 */
class EventJoiner implements TextParser {
  private readonly open = new Map<string, OpenEvent>();
  private size = 0;

  line(text: string): ParsedDocument[] {
    if (text.trim() === '') return [];
    if (text.length > MAX_EVENT_SIZE) throw new Rejected('too_long', `The line is longer than ${MAX_EVENT_SIZE}.`);
    const record = readRecord(text.trimEnd());
    if (!JOINED.has(record.type)) return [];
    const key = `${record.node ?? ''} ${record.time}:${record.serial}`;
    if (record.type !== 'EOE') this.add(key, record, text);
    const documents = record.type === 'EOE' || record.type === 'PROCTITLE' ? this.close(key) : [];
    while (this.open.size > MAX_OPEN_EVENTS || this.size > MAX_OPEN_SIZE) {
      const [oldest = ''] = this.open.keys();
      documents.push(...this.close(oldest));
    }
    return documents;
  }

  end(): ParsedDocument[] {
    return [...this.open.keys()].flatMap((key) => this.close(key));
  }

  /** Between two events nothing is held. */
  header(): readonly string[] | undefined {
    return this.open.size === 0 ? [] : undefined;
  }

  private add(key: string, record: AuditRecord, text: string): void {
    const { node, time, serial } = record;
    const opened: OpenEvent = { event: { node, time, serial }, args: new Map(), lines: [], size: 0, isIgnored: false };
    const held = this.open.get(key) ?? opened;
    if (held.isIgnored) return;
    if (held.size + text.length > MAX_EVENT_SIZE) {
      throw new Rejected('too_long', `The event ${serial} is longer than ${MAX_EVENT_SIZE}: kept without this record.`);
    }
    this.open.set(key, held);
    addRecord(held, record);
    this.size += text.length;
    held.size += text.length;
    held.lines.push(text);
    if (held.event.syscall && !isSyscallRead(held.event.syscall)) {
      this.size -= held.size;
      this.open.set(key, { ...opened, isIgnored: true });
    }
  }

  private close(key: string): ParsedDocument[] {
    const held = this.open.get(key);
    if (!held) return [];
    this.open.delete(key);
    this.size -= held.size;
    const { event, args, lines } = held;
    if (!event.syscall) return [];
    const document = toDocument({ ...event, syscall: event.syscall, args: joinArguments(args) });
    return document ? [{ document, original: lines.join('\n') }] : [];
  }
}

function addRecord({ event, args }: OpenEvent, { type, body }: AuditRecord): void {
  const fields = readFields(body);
  switch (type) {
    case 'SYSCALL':
      if (!fields.has('syscall')) throw new Rejected('truncated', 'The SYSCALL record has no syscall.');
      event.syscall = decodeSyscall(fields);
      break;
    case 'EXECVE':
      addArguments(args, fields);
      break;
    case 'SOCKADDR':
      event.address ??= readAddress(fields.get('saddr'));
      break;
    case 'CWD':
      event.workingDirectory = encodedText(fields.get('cwd'));
      break;
    case 'PROCTITLE': // the first 128 bytes of the arguments, each ended by a NUL
      event.title = encodedText(fields.get('proctitle'))
        ?.split('\0')
        .filter((argument) => argument !== '')
        .join(' ');
      break;
  }
}

function decodeSyscall(fields: ReadonlyMap<string, string>): Map<string, string> {
  const decoded = new Map<string, string>();
  for (const [key, value] of fields) {
    const text = key === 'comm' || key === 'exe' ? encodedText(value) : plainText(value);
    if (text !== undefined) decoded.set(key, text);
  }
  return decoded;
}

function readAddress(saddr: string | undefined): InetAddress | undefined {
  if (saddr === undefined || saddr.length % 2 || !/^[0-9a-f]+$/i.test(saddr)) {
    throw new Rejected('bad_address', 'The SOCKADDR record has no saddr in hex.');
  }
  return readSockaddr(Buffer.from(saddr, 'hex'));
}
