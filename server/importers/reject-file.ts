import { type FileHandle, open } from 'node:fs/promises';
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

  async write(rejected: RejectedRecord): Promise<void> {
    this.#handle ??= await open(this.path, 'a', 0o600);
    await this.#handle.appendFile(`${JSON.stringify(rejected)}\n`);
    this.#written += 1;
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
