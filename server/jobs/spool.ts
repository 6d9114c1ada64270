import { createHash } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../model/app-error.js';

/** A body on disk. */
export interface Spooled {
  path: string;
  /** SHA-256 of its bytes, in hex. */
  hash: string;
  remove(): Promise<void>;
}

/**
 * Keeps a body in a file below `folder`, readable by its owner only: it holds telemetry. Nothing stays where the body is
 * too long or breaks off.
 * @throws AppError BODY_TOO_LARGE beyond `mostBytes`; STORE_UNUSABLE where the disk does not take it; what the body throws
 */
export async function spool(body: AsyncIterable<Buffer>, folder: string, mostBytes: number): Promise<Spooled> {
  const own = await onDisk(mkdtemp(join(folder, 'scanhound-body-')));
  const remove = () => rm(own, { recursive: true, force: true });
  try {
    const path = join(own, 'body');
    return { path, hash: await write(body, path, mostBytes), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The hash of what was written. */
async function write(body: AsyncIterable<Buffer>, path: string, mostBytes: number): Promise<string> {
  const hash = createHash('sha256');
  const file = await onDisk(open(path, 'wx', 0o600));
  try {
    let bytes = 0;
    for await (const chunk of body) {
      bytes += chunk.length;
      if (bytes > mostBytes) throw new AppError('BODY_TOO_LARGE', `The body has more than ${mostBytes} bytes.`);
      hash.update(chunk);
      await onDisk(file.appendFile(chunk));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

const onDisk = <T>(work: Promise<T>): Promise<T> =>
  work.catch((error: Error) => {
    throw new AppError('STORE_UNUSABLE', `What is sent can't be kept for reading: ${error.message}`, { cause: error });
  });
