import { createHash, type Hash } from 'node:crypto';
import { messageOf } from '../model/message-of.js';
import type { ImportedEvent, RejectReason } from '../model/ports.js';
import type { Place, Reached } from './checkpoint.js';
import type { FileResult } from './file-result.js';
import { Rejected } from './format.js';
import type { ImportStep } from './import-step.js';

const BATCH_EVENTS = 2_000;
const BATCH_CHARACTERS = 4_000_000;
const SHOWN = 2_000;
/** Kept back until a record is recognized: a file of unknown kind is named, not rejected line by line. */
const REJECTS_HELD = 1_000;

const NOTHING_READ: Omit<FileResult, 'file'> = {
  state: 'read',
  formats: [],
  records: 0,
  events: 0,
  ignored: 0,
  unknown: 0,
  rejected: {},
};

/**
 * Gathers what the readers of one file find: events into batches, and counts. A batch's key is the hash of its records
 * and their formats, not of the file's name: the same batch from a copy is stored once. Of a copy that has grown since,
 * only the last batch, which was not full then, is stored again: distinct counts don't change by it.
 */
export class Collector {
  readonly result: FileResult;
  #steps: ImportStep[] = [];
  #rejects: ImportStep[] = [];
  #events: ImportedEvent[] = [];
  #characters = 0;
  #hash: Hash = createHash('sha256');
  /** The record being read has closed a batch. */
  #isClosed = false;

  /** @param earlier what is read of the file already, and counted on from */
  constructor(file: string, earlier?: FileResult) {
    this.result = { ...structuredClone(earlier ?? NOTHING_READ), file };
  }

  /** Call once a record belongs to the format, whatever it holds. */
  recognized(format: string): void {
    if (!this.result.formats.includes(format)) this.result.formats.push(format);
  }

  event(format: string, event: ImportedEvent): void {
    this.#events.push(event);
    this.#characters += event.original.length;
    this.#hash.update(`${format}\0${event.original}\0`);
    this.result.events += 1;
    if (this.#events.length >= BATCH_EVENTS || this.#characters >= BATCH_CHARACTERS) this.closeBatch();
  }

  reject(line: number, reason: RejectReason, message: string, text: string): void {
    this.result.rejected[reason] = (this.result.rejected[reason] ?? 0) + 1;
    const rejected = { file: this.result.file, line, reason, message, text: text.slice(0, SHOWN) };
    this.#rejects.push({ kind: 'rejected', rejected });
  }

  /** A record's reader threw: hostile content may break it in ways of its own, and the file goes on. */
  rejectError(line: number, error: unknown, text: string): void {
    const reason = error instanceof Rejected ? error.reason : 'not_this_format';
    this.reject(line, reason, messageOf(error), text);
  }

  /** Call between two records: where the one before closed a batch, a later import may go on from `place`. */
  between(place: () => Place | undefined): void {
    if (!this.#isClosed) return;
    this.#isClosed = false;
    const at = this.#events.length === 0 ? place() : undefined;
    if (at) this.reached({ place: at, isFinished: false });
  }

  /** Closes the batch: a later import goes on behind all that was told so far. */
  reached(reached: Omit<Reached, 'result'>): void {
    if (this.result.formats.length === 0) return; // it may be of unknown kind
    this.closeBatch();
    this.#steps.push(...this.#rejects, {
      kind: 'reached',
      reached: { ...reached, result: structuredClone(this.result) },
    });
    this.#rejects = [];
  }

  /** The steps that are ready. */
  take(): ImportStep[] {
    if (this.result.formats.length > 0 || this.#rejects.length > REJECTS_HELD) {
      this.#steps.push(...this.#rejects);
      this.#rejects = [];
    }
    const ready = this.#steps;
    this.#steps = [];
    return ready;
  }

  /** The last steps of the file, its result at their end. */
  close(): ImportStep[] {
    this.closeBatch();
    return [...this.take(), { kind: 'file', result: this.result }];
  }

  /** What was rejected before it comes before it. */
  closeBatch(): void {
    if (this.#events.length === 0) return;
    const batch = { key: this.#hash.digest('hex'), events: this.#events };
    this.#steps.push(...this.#rejects, { kind: 'batch', file: this.result.file, batch });
    this.#rejects = [];
    this.#isClosed = true;
    this.#events = [];
    this.#characters = 0;
    this.#hash = createHash('sha256');
  }
}
