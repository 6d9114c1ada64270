import { createReadStream } from 'node:fs';
import type { Entry, ZipFile } from 'yauzl';
import { messageOf } from '../model/message-of.js';
import { peek } from './bytes.js';
import type { Source } from './find-sources.js';
import { inflate } from './inflate.js';
import { openZip } from './zip-file.js';

/** One stream of bytes to read: a file, what a gzip holds, or a member of a zip. */
export interface Member {
  /** The name of its source, with the member of a zip after `!`. */
  name: string;
  content: AsyncIterable<Buffer>;
  /** Why it can't be opened at all. */
  problem?: string;
}

/** Told of every chunk taken from disk (packed bytes). */
type CountBytes = (bytes: number) => void;

const CHUNK_BYTES = 256 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);
const ZIP = [Buffer.from('PK\x03\x04'), Buffer.from('PK\x05\x06')];
const STORED = 0;
const DEFLATED = 8;

const isZip = (head: Buffer): boolean => ZIP.some((magic) => head.subarray(0, 4).equals(magic));

/**
 * Opens a source by what it holds, not by its name: plain, gzip, or zip, whose members come one by one (each must be
 * read before the next). A gzip in a zip is opened; a zip in a zip is given as it is.
 */
export async function* openMembers(
  source: Source,
  stdin: AsyncIterable<Buffer>,
  count: CountBytes,
): AsyncGenerator<Member> {
  const raw = source.path === '-' ? stdin : createReadStream(source.path, { highWaterMark: CHUNK_BYTES });
  const { head, content, close } = await peek(counted(raw, count), 4);
  if (!isZip(head)) return yield { name: source.name, content: unpacked(head, content) };
  await close();
  if (source.bytes === undefined) {
    return yield closed(source.name, 'a zip needs a file: it can’t be read from a pipe');
  }
  let zip: ZipFile;
  try {
    zip = await openZip(source.path);
  } catch (error) {
    return yield closed(source.name, `not a whole zip: ${messageOf(error)}`);
  }
  try {
    yield* zipMembers(zip, source.name, count);
  } catch (error) {
    yield closed(source.name, `the zip’s directory is damaged: ${messageOf(error)}`);
  } finally {
    zip.close();
  }
}

async function* zipMembers(zip: ZipFile, zipName: string, count: CountBytes): AsyncGenerator<Member> {
  let isEmpty = true;
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.endsWith('/')) continue;
    isEmpty = false;
    const name = `${zipName}!${entry.fileName}`;
    if (entry.isEncrypted()) yield closed(name, 'encrypted');
    else if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
      yield closed(name, `packed by method ${entry.compressionMethod}; only stored and deflated are read`);
    } else {
      const { head, content } = await peek(entryContent(zip, entry, count), 4);
      yield { name, content: unpacked(head, content) };
    }
  }
  if (isEmpty) yield closed(zipName, 'a zip without files');
}

async function* entryContent(zip: ZipFile, entry: Entry, count: CountBytes): AsyncGenerator<Buffer> {
  const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  const bytes = counted(raw, count);
  let length = 0;
  for await (const chunk of entry.compressionMethod === DEFLATED ? inflate(bytes, 'raw') : bytes) {
    length += chunk.length;
    yield chunk;
  }
  if (length !== entry.uncompressedSize)
    throw new Error(`${length} bytes where ${entry.uncompressedSize} are announced`);
}

const unpacked = (head: Buffer, content: AsyncIterable<Buffer>): AsyncIterable<Buffer> =>
  head.subarray(0, 2).equals(GZIP) ? inflate(content, 'gzip') : content;

async function* counted(content: AsyncIterable<Buffer>, count: CountBytes): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    count(chunk.length);
    yield chunk;
  }
}

const closed = (name: string, problem: string): Member => ({ name, problem, content: nothing() });

async function* nothing(): AsyncGenerator<Buffer> {}
