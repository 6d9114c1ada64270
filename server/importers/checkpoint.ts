import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import type { Documents, RejectReason } from '../model/ports.js';
import type { FileResult } from './file-result.js';

/** Where in a text a reading goes on. */
export interface Place {
  /** Characters (UTF-16 units) of decoded text before it. */
  position: number;
  /** Its line, from 1. */
  line: number;
  /** Records of this line that stand before it. */
  onLine: number;
  /** Lines that a parser must have read before it. */
  header: readonly string[];
  /** What stands from here had no end yet: it may be read again, whole. */
  isOpen: boolean;
}

/** How far a file is read. */
export interface Reached {
  /** Absent where the reader can't go on in the middle of such a file. */
  place?: Place;
  /** What was read up to there. */
  result: FileResult;
  /** To its end, and nothing stands open there. */
  isFinished: boolean;
}

/** By what a file is known again. */
export interface Fingerprint {
  /** On disk. */
  bytes: number;
  /** When it was written, epoch milliseconds with a fraction. */
  modified: number;
  /** Characters of its beginning that are in `hash`. */
  length: number;
  hash: string;
}

/** What the store made of the batches so far. */
interface Appended {
  /** Also by an import before. */
  stored: number;
  ignored: number;
  rejected: Partial<Record<RejectReason, number>>;
}

/** How far a file is stored. Written after the batches that it tells of: a crash before it repeats them. */
export interface Checkpoint extends Reached {
  of: Fingerprint;
  appended: Appended;
}

/** Characters by which a file is known again. */
const HEAD = 64 * 1024;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export function fingerprintOf(bytes: number, modified: number, head: string): Fingerprint {
  const known = head.slice(0, HEAD);
  return { bytes, modified, length: known.length, hash: hashOf(known) };
}

/**
 * What is still to be read of a file: all where it is another than the checkpoint tells of; its rest where it is the
 * same or has grown since; nothing where it is the same and was read to its end.
 * @param head as much of its beginning as `fingerprintOf` takes
 */
export function stillToRead(
  { of, place, isFinished }: Checkpoint,
  now: Fingerprint,
  head: string,
): 'all' | 'rest' | 'nothing' {
  if (hashOf(head.slice(0, of.length)) !== of.hash) return 'all';
  const isSame = now.bytes === of.bytes && now.modified === of.modified;
  if (isSame && isFinished) return 'nothing';
  return place && (isSame || now.bytes > of.bytes) ? 'rest' : 'all';
}

/** @param member of a zip, as `!name`; empty for a file */
export const checkpointId = (path: string, member: string): string => hashOf(`${resolve(path)}\0${member}`);

/** What earlier imports left, as small documents. */
export class Checkpoints {
  constructor(private readonly documents: Documents) {}

  async find(id: string): Promise<Checkpoint | undefined> {
    return (await this.documents.get<Checkpoint>('import', id))?.body;
  }

  /** Of two imports of one file at once the last one to write is believed: both are true. */
  async save(id: string, checkpoint: Checkpoint): Promise<void> {
    const known = await this.documents.get<Checkpoint>('import', id);
    if (known) await this.documents.update('import', id, checkpoint, known.version);
    else await this.documents.create('import', id, checkpoint);
  }
}
