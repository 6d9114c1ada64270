import { type AuditEvent, toDocument } from './auditd-event.js';
import { readStamp } from './auditd-record.js';
import { type InetAddress, readInetWords, readSockaddr } from './auditd-sockaddr.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';

const ID = /^(\d{1,12})\.(\d{1,9}):(\d{1,10})$/;
const RECORD_TYPE = /^[A-Z][A-Z0-9_]{1,40}$/;

/** laurel, a plugin of auditd: one JSON object an event, which it has joined and decoded. */
export const laurel: JsonFormat = {
  name: 'laurel',
  recognizes: (record) =>
    typeof own(record, 'ID') === 'string' && Object.keys(record).some((key) => key !== 'ID' && RECORD_TYPE.test(key)),
  toDocuments(record) {
    const event = readEvent(record);
    const document = event && toDocument(event);
    return document ? [document] : [];
  },
};

/** Undefined for events without a system call (DAEMON_START, USER_LOGIN …). */
function readEvent(record: JsonObject): AuditEvent | undefined {
  const [, seconds = '', fraction = '', serial] = ID.exec(String(own(record, 'ID'))) ?? [];
  if (serial === undefined) throw new Rejected('no_time', 'ID is not seconds.ms:serial.');
  const call = own(record, 'SYSCALL');
  if (call === undefined) return undefined;
  const syscall = child(record, 'SYSCALL');
  if (!syscall) throw new Rejected('not_this_format', 'SYSCALL is not an object.');
  const execve = child(record, 'EXECVE');
  return {
    ...readStamp(seconds, fraction, serial),
    syscall: readSyscall(syscall),
    node: text(record, 'NODE'),
    args: texts(execve, 'ARGV'),
    commandLine: text(execve, 'ARGV_STR'),
    address: readAddress(own(record, 'SOCKADDR')),
    workingDirectory: text(child(record, 'CWD'), 'cwd'),
    title: texts(child(record, 'PROCTITLE'), 'ARGV')?.join(' '),
    parent: readParent(child(syscall, 'PPID') ?? child(record, 'PARENT_INFO')),
    containerId: text(child(record, 'CONTAINER_INFO'), 'ID'),
  };
}

/** SYSCALL's fields as text; `ARGV` holds a0 to a3. */
function readSyscall(syscall: JsonObject): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [key, value] of Object.entries(syscall)) {
    if (typeof value === 'string') fields.set(key, percentDecoded(value).toString());
    else if (typeof value === 'number') fields.set(key, String(value));
  }
  texts(syscall, 'ARGV')?.forEach((argument, number) => {
    fields.set(`a${number}`, argument);
  });
  return fields;
}

/** Old versions have PARENT_INFO, new ones PPID within SYSCALL. */
function readParent(parent: JsonObject | undefined): AuditEvent['parent'] {
  return parent && { executable: text(parent, 'exe'), name: text(parent, 'comm') };
}

/** The first address that names a host: translated (SADDR), or the kernel's bytes. */
function readAddress(records: unknown): InetAddress | undefined {
  for (const record of Array.isArray(records) ? records : []) {
    if (!isObject(record)) continue;
    const words = child(record, 'SADDR');
    const bytes = own(record, 'saddr');
    const address = words
      ? readInetWords(
          own(words, 'saddr_fam'),
          own(words, 'addr') ?? own(words, 'laddr'),
          own(words, 'port') ?? own(words, 'lport'),
        )
      : typeof bytes === 'string' && readSockaddr(percentDecoded(bytes));
    if (address) return address;
  }
  return undefined;
}

/** laurel writes `%`, `+` and bytes that are no printable UTF-8 as %xx. */
function percentDecoded(value: string): Buffer {
  const [first = '', ...rest] = value.split('%');
  const pieces = rest.map((piece) =>
    /^[0-9a-f]{2}/i.test(piece)
      ? Buffer.concat([Buffer.from(piece.slice(0, 2), 'hex'), Buffer.from(piece.slice(2))])
      : Buffer.from(`%${piece}`),
  );
  return Buffer.concat([Buffer.from(first), ...pieces]);
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const own = (object: JsonObject, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

function child(object: JsonObject, key: string): JsonObject | undefined {
  const value = own(object, key);
  return isObject(value) ? value : undefined;
}

function text(object: JsonObject | undefined, key: string): string | undefined {
  const value = object && own(object, key);
  return typeof value === 'string' && value !== '' ? percentDecoded(value).toString() : undefined;
}

function texts(object: JsonObject | undefined, key: string): string[] | undefined {
  const value = object && own(object, key);
  if (!Array.isArray(value)) return undefined;
  return value.map((item) => (typeof item === 'string' ? percentDecoded(item).toString() : ''));
}
