import { Worker } from 'node:worker_threads';
import type { EvtxRecords } from './evtx-worker.js';

/** A block takes some milliseconds, and half a second with the code still cold. */
const TIME_LIMIT_MS = 20_000;
/** A block holds 64 KiB, and all that a record is made of is within. */
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };

/**
 * Reads blocks of a Windows event log in a thread of its own. Binary XML holds templates that hold others: a hostile
 * file can make a small block unfold without end. The thread can be stopped where our own could not.
 */
export class EvtxThread {
  readonly #worker = new Worker(new URL('./evtx-worker.js', import.meta.url), { resourceLimits: MEMORY });
  #answer: { resolve(records: EvtxRecords): void; reject(error: Error): void } | undefined;

  constructor(private readonly timeLimitMs = TIME_LIMIT_MS) {
    this.#worker.on('message', (records: EvtxRecords) => this.#answer?.resolve(records));
    this.#worker.on('error', (error: Error) => this.#answer?.reject(error));
    this.#worker.on('exit', () => this.#answer?.reject(new Error('the thread that reads it ended')));
  }

  /** @throws where the block takes too long or too much memory; the thread is of no use then */
  async read(block: Uint8Array<ArrayBuffer>): Promise<EvtxRecords> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<EvtxRecords>((resolve, reject) => {
        this.#answer = { resolve, reject };
        timer = setTimeout(() => reject(new Error('a block unfolds without end')), this.timeLimitMs);
        this.#worker.postMessage(block, [block.buffer]);
      });
    } finally {
      clearTimeout(timer);
      this.#answer = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
