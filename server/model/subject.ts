import { createHash } from 'node:crypto';

/** Who is probing. */
export type Subject = ProcessSubject | AddressSubject;

/** A program on a host, whatever its pids: a shell loop that forks one `nc` a probe is one subject. */
interface ProcessSubject {
  kind: 'process';
  /** host.id, else host.name, else empty. */
  host: string;
  /** container.id, or empty. */
  container: string;
  /** process.executable in lower case, else process.name, else process.entity_id. */
  process: string;
}

/** A source address, where telemetry names no process. */
interface AddressSubject {
  kind: 'address';
  address: string;
}

/** One text for a subject, the same on every engine. */
export function subjectKey(subject: Subject): string {
  return subject.kind === 'process'
    ? JSON.stringify(['process', subject.host, subject.container, subject.process])
    : JSON.stringify(['address', subject.address]);
}

/** The subject that a key names. Throws on a text that `subjectKey` did not make. */
export function parseSubjectKey(key: string): Subject {
  const parts: unknown = JSON.parse(key);
  if (Array.isArray(parts) && parts.every((part) => typeof part === 'string')) {
    const [kind, first, container, process] = parts as string[];
    if (kind === 'address' && first !== undefined) return { kind, address: first };
    if (kind === 'process' && first !== undefined && container !== undefined && process !== undefined)
      return { kind, host: first, container, process };
  }
  throw new TypeError(`Not a subject key: ${key}`);
}

const MOST_HASHES = 65_536;
const hashes = new Map<string, number>();

/** 32 bits of a subject's key, the same on every machine: of its MD5, which SQL can make too. */
export function subjectHash(key: string): number {
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const hash = createHash('md5').update(key).digest().readUInt32LE(8);
  if (hashes.size >= MOST_HASHES) hashes.clear();
  hashes.set(key, hash);
  return hash;
}
