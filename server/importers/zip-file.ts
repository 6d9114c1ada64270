import { type FileHandle, open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl';

const END_MARK = Buffer.from('PK\x05\x06');
/** The record that ends a zip, and the longest comment it may carry. */
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const CHUNK_BYTES = 256 * 1024;

/** Opens a zip for reading entry by entry; what stands behind its end (a line break, say) is left out. */
export async function openZip(path: string): Promise<ZipFile> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const end = await endOf(file, size);
    return await fromRandomAccessReaderPromise(new FileReader(file), end ?? size, { autoClose: false });
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Where the zip ends, by its last end record; undefined where there is none. */
async function endOf(file: FileHandle, size: number): Promise<number | undefined> {
  const from = Math.max(0, size - END_BYTES - LONGEST_COMMENT);
  const tail = Buffer.alloc(size - from);
  await file.read(tail, 0, tail.length, from);
  for (let at = tail.lastIndexOf(END_MARK); at >= 0; at = at > 0 ? tail.lastIndexOf(END_MARK, at - 1) : -1) {
    if (at + END_BYTES > tail.length) continue;
    const end = at + END_BYTES + tail.readUInt16LE(at + END_BYTES - 2);
    if (end <= tail.length) return from + end;
  }
  return undefined;
}

class FileReader extends RandomAccessReader {
  constructor(private readonly file: FileHandle) {
    super();
  }

  /** Leaves the handle open for the next entry. */
  override _readStreamForRange(start: number, end: number): Readable {
    const { file } = this;
    const chunks = async function* () {
      for (let at = start; at < end; ) {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(CHUNK_BYTES, end - at)), 0, null, at);
        if (bytesRead === 0) return;
        yield buffer.subarray(0, bytesRead);
        at += bytesRead;
      }
    };
    return Readable.from(chunks(), { objectMode: false });
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null) => void,
  ): void {
    this.file
      .read(buffer, offset, length, position)
      .then(
        ({ bytesRead }) => done(bytesRead === length ? null : new Error('the file ends before its directory')),
        done,
      );
  }

  override close(done: (error: Error | null) => void): void {
    this.file.close().then(() => done(null), done);
  }
}
