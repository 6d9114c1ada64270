import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { messageOf } from '../../model/message-of.js';
import { inflate } from '../inflate.js';
import { type FoundFile, toFound } from './find-files.js';

/** The file itself can't be read: no fault of the store. */
export class Unreadable extends Error {}

const CHUNK_BYTES = 256 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** A file that is open, so that it stays the same while others rename it, with its text unpacked where it is packed. */
export class OpenText {
  private constructor(
    private readonly handle: FileHandle,
    /** As it was when it was opened: what is appended since is not read. */
    readonly file: FoundFile,
    readonly isPacked: boolean,
  ) {}

  /** Undefined where another file has the name by now, or none. Throws Unreadable. */
  static async open({ path, id }: FoundFile): Promise<OpenText | undefined> {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error) => {
      if (error.code === 'ENOENT') return undefined;
      throw new Unreadable(messageOf(error), { cause: error });
    });
    if (!handle) return undefined;
    const file = toFound(path, await handle.stat({ bigint: true }));
    if (file.id !== id) return void (await handle.close());
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
    return new OpenText(handle, file, bytesRead === GZIP.length && buffer.equals(GZIP));
  }

  /** The text from a byte on. Throws Unreadable. */
  async *from(position: number): AsyncGenerator<Buffer> {
    try {
      if (!this.isPacked) return yield* this.raw(position);
      let toSkip = position;
      for await (const chunk of inflate(this.raw(0), 'gzip')) {
        if (toSkip < chunk.length) yield chunk.subarray(toSkip);
        toSkip = Math.max(0, toSkip - chunk.length);
      }
    } catch (error) {
      throw new Unreadable(messageOf(error), { cause: error });
    }
  }

  /** As many bytes from a position on; fewer at the end. Throws Unreadable. */
  async slice(position: number, length: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let left = length;
    for await (const chunk of this.from(position)) {
      chunks.push(chunk);
      left -= chunk.length;
      if (left <= 0) break;
    }
    return Buffer.concat(chunks).subarray(0, length);
  }

  close(): Promise<void> {
    return this.handle.close();
  }

  private async *raw(position: number): AsyncGenerator<Buffer> {
    for (let at = position; at < this.file.bytes; ) {
      const size = Math.min(CHUNK_BYTES, this.file.bytes - at);
      const { buffer, bytesRead } = await this.handle.read(Buffer.allocUnsafe(size), 0, size, at);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }
}
