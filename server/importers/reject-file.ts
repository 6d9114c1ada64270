import { type FileHandle, open } from 'node:fs/promises';
import { AppError } from '../model/app-error.js';
import { messageOf } from '../model/message-of.js';
import type { RejectedRecord } from './import-step.js';

/**
 * Keeps rejected records aside, one JSON object a line, so that they can be mended and read again. The file is made
 * (readable by its owner only: it holds telemetry) with the first of them; what an earlier import left stays.
 */
export class RejectFile {
  #handle: FileHandle | undefined;
  #written = 0;

  constructor(readonly path: string) {}

  /** Records written so far. */
  get written(): number {
    return this.#written;
  }

  /** Throws STORE_UNUSABLE where the disk does not take it: what can't be kept aside is not passed over. */
  async write(rejected: RejectedRecord): Promise<void> {
    try {
      this.#handle ??= await open(this.path, 'a', 0o600);
      await this.#handle.appendFile(`${JSON.stringify(rejected)}\n`);
    } catch (error) {
      const message = `Records can't be kept aside in ${this.path}: ${messageOf(error)}`;
      throw new AppError('STORE_UNUSABLE', message, { cause: error });
    }
    this.#written += 1;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
