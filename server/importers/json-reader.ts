import { readText } from '../../queries/document.js';
import type { Place } from './checkpoint.js';
import type { Collector } from './collector.js';
import type { JsonFormat, JsonObject } from './format.js';
import { bulkAction, isObject, type JsonRecord, unwrapHit } from './json-record.js';
import { type JsonPiece, JsonSplitter } from './json-splitter.js';

/**
 * One record. An event of interest is a few kB, and Windows itself ends one at 64 KiB; but a record of Azure's flow logs
 * is a minute of an interface, and 65,535 scanned ports are 6 MB. A search answer or an array has no bound of its own,
 * for its elements are the records.
 */
export const LIMITS = { length: 8 * 1024 * 1024, depth: 64 };

const MESSAGES = {
  not_json: 'Not a JSON object',
  too_long: `Longer than ${LIMITS.length} characters`,
  too_deep: `Nested deeper than ${LIMITS.depth}`,
  truncated: 'Ends before it is complete',
} as const;

/** Reads a file of JSON: offers each record to the formats in order; the first that recognizes it makes documents. */
export class JsonReader {
  readonly #splitter: JsonSplitter;
  #next: Omit<JsonRecord, 'document'> | undefined;
  #lastLine = 0;
  #onLine = 0;

  /** @param from where the text begins, if not at the beginning of its file */
  constructor(
    private readonly formats: readonly JsonFormat[],
    private readonly to: Collector,
    from?: Place,
  ) {
    this.#splitter = new JsonSplitter(LIMITS, (piece) => this.#read(piece), from);
    this.#lastLine = from?.line ?? 0;
    this.#onLine = from?.onLine ?? 0;
  }

  push(text: string): void {
    this.#splitter.push(text);
  }

  /**
   * A record without an end is rejected, but may be read again once it has one.
   * @param damage why the file can't be read on; told once, with the record that it cut where it did
   */
  end(damage?: string): void {
    const place = this.place();
    const isFinished = damage === undefined && !place?.isOpen;
    if (place && !isFinished) this.to.reached({ place, isFinished });
    const before = this.to.result.rejected.truncated;
    this.#splitter.end();
    if (damage !== undefined && this.to.result.rejected.truncated === before)
      this.to.reject(this.#splitter.line, 'truncated', damage, '');
    if (isFinished) this.to.reached({ ...(place && { place }), isFinished });
  }

  /** Where a reader of its own may go on behind what was pushed; undefined where it can't. */
  readonly place = (): Place | undefined => {
    const place = this.#next ? undefined : this.#splitter.place();
    return place && { ...place, onLine: place.line === this.#lastLine ? this.#onLine : 0, header: [] };
  };

  #read({ line, text, broken }: JsonPiece): void {
    this.to.result.records += 1;
    const place = this.#next;
    this.#next = undefined;
    const value = broken ? undefined : parse(text);
    if (!isObject(value)) {
      const reason = broken ?? 'not_json';
      if (text.includes('\0')) this.to.reject(line, 'binary', 'Holds NUL bytes', text);
      else this.to.reject(line, reason, MESSAGES[reason], text);
      return;
    }
    const action = bulkAction(value);
    if (action) {
      this.to.result.records -= 1; // it belongs to the record on the next line
      this.#next = action;
      return;
    }
    this.#offer({ ...place, ...unwrapHit(value) }, line, text);
  }

  #offer(record: JsonRecord, line: number, text: string): void {
    const format = this.formats.find((known) => known.recognizes(record.document));
    if (!format) {
      this.to.result.unknown += 1;
      return;
    }
    this.to.recognized(format.name);
    try {
      const documents = format.toDocuments(record.document);
      if (documents.length === 0) this.to.result.ignored += 1;
      const index = record.index ?? this.to.result.file;
      const id = record.id ?? this.#idOf(line);
      for (const document of documents) {
        // of a record that holds thousands, each would else keep all of it
        const original = documents.length > 1 ? (readText(document, 'event.original') ?? text) : text;
        this.to.event(format.name, { document, original, index, id });
      }
      this.to.between(this.place);
    } catch (error) {
      this.to.rejectError(line, error, text);
    }
  }

  /** The line, and from the second record on that line its place on it: `1`, `1:2`, `1:3`. */
  #idOf(line: number): string {
    this.#onLine = line === this.#lastLine ? this.#onLine + 1 : 1;
    this.#lastLine = line;
    return this.#onLine === 1 ? String(line) : `${line}:${this.#onLine}`;
  }
}

function parse(text: string): JsonObject | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
