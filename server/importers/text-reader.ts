import type { Collector } from './collector.js';
import type { ParsedDocument, TextFormat, TextParser } from './format.js';
import { LIMITS } from './json-reader.js';
import { type Line, LineSplitter } from './line-splitter.js';

/** Reads a file of text lines with the one format that recognized its head. */
export class TextReader {
  readonly #parser: TextParser;
  readonly #splitter = new LineSplitter(LIMITS.length, (line) => this.#read(line));
  #lastLine = 0;

  constructor(
    private readonly format: TextFormat,
    private readonly to: Collector,
  ) {
    this.#parser = format.open();
    to.recognized(format.name);
  }

  push(text: string): void {
    this.#splitter.push(text);
  }

  /** @param damage why the file can't be read on: its last line is then incomplete, and not read */
  end(damage?: string): void {
    if (damage === undefined) this.#splitter.end();
    else this.to.reject(this.#lastLine + 1, 'truncated', damage, '');
    this.#finish();
  }

  #read({ number, text, isTooLong }: Line): void {
    this.#lastLine = number;
    this.to.result.records += 1;
    if (isTooLong) this.to.reject(number, 'too_long', `Longer than ${LIMITS.length} characters`, text);
    else if (text.includes('\0')) this.to.reject(number, 'binary', 'Holds NUL bytes', text);
    else {
      try {
        this.#give(this.#parser.line(text), number, text);
      } catch (error) {
        this.to.rejectError(number, error, text);
      }
    }
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
