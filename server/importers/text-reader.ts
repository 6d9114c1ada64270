import type { Place } from './checkpoint.js';
import type { Collector } from './collector.js';
import type { ParsedDocument, TextFormat, TextParser } from './format.js';
import { LIMITS } from './json-reader.js';
import { type Line, LineSplitter } from './line-splitter.js';

/** Reads a file of text lines with the one format that recognized its head. */
export class TextReader {
  readonly #parser: TextParser;
  readonly #splitter: LineSplitter;
  #lastLine: number;
  /** The next line stood at the file's end when it was read before, as a batch of its own. */
  #isReadAgain: boolean;

  /** @param from where the text begins, if not at the beginning of its file */
  constructor(
    private readonly format: TextFormat,
    private readonly to: Collector,
    from?: Place,
  ) {
    this.#splitter = new LineSplitter(LIMITS.length, (line) => this.#read(line), from);
    this.#lastLine = (from?.line ?? 1) - 1;
    this.#isReadAgain = from?.isOpen ?? false;
    this.#parser = format.open();
    for (const line of from?.header ?? []) this.#parser.line(line);
    to.recognized(format.name);
  }

  push(text: string): void {
    this.#splitter.push(text);
  }

  /**
   * A last line without an end is read, but as a batch of its own: where it is whole, it is known again when the file
   * has grown.
   * @param damage why the file can't be read on: its last line is then incomplete, and not read
   */
  end(damage?: string): void {
    const place = this.place();
    const isFinished = damage === undefined && !place?.isOpen;
    if (place && !isFinished) this.to.reached({ place, isFinished });
    if (damage === undefined) this.#splitter.end();
    else this.to.reject(this.#lastLine + 1, 'truncated', damage, '');
    this.#finish();
    if (isFinished) this.to.reached({ ...(place && { place }), isFinished });
  }

  /** Where a reader of its own may go on behind what was pushed; undefined where it can't. */
  readonly place = (): Place | undefined => {
    const header = this.#parser.header();
    return header && { ...this.#splitter.place(), onLine: 0, header };
  };

  #read({ number, text, isTooLong }: Line): void {
    this.#lastLine = number;
    this.to.result.records += 1;
    if (isTooLong) this.to.reject(number, 'too_long', `Longer than ${LIMITS.length} characters`, text);
    else if (text.includes('\0')) this.to.reject(number, 'binary', 'Holds NUL bytes', text);
    else {
      try {
        this.#give(this.#parser.line(text), number, text);
        this.to.between(this.place);
      } catch (error) {
        this.to.rejectError(number, error, text);
      }
    }
    if (this.#isReadAgain) this.to.closeBatch();
    this.#isReadAgain = false;
  }

  #finish(): void {
    try {
      this.#give(this.#parser.end(), this.#lastLine, '');
    } catch (error) {
      this.to.rejectError(this.#lastLine, error, '');
    }
  }

  #give(parsed: ParsedDocument[], line: number, text: string): void {
    for (const { document, original } of parsed) {
      const event = { document, original: original ?? text, index: this.to.result.file, id: String(line) };
      this.to.event(this.format.name, event);
    }
  }
}
