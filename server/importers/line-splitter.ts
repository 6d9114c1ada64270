import type { Place } from './checkpoint.js';

/** A line of a text file. `isTooLong`: only its beginning. */
export interface Line {
  /** From 1. */
  number: number;
  text: string;
  isTooLong: boolean;
}

/**
 * Cuts text into lines (LF or CRLF), whatever the chunks. A longer line than `maxLength` characters is never held: its
 * beginning is given, marked, and the next line goes on.
 */
export class LineSplitter {
  #held = '';
  #isTooLong = false;
  #number: number;
  /** Characters before the chunk being read. */
  #before: number;
  /** Characters before the line being read. */
  #start: number;

  /** @param from where the text begins, if not at the beginning of its file */
  constructor(
    private readonly maxLength: number,
    private readonly take: (line: Line) => void,
    from = { position: 0, line: 1 },
  ) {
    this.#number = from.line;
    this.#before = from.position;
    this.#start = from.position;
  }

  /** Where a splitter of its own may go on: at the beginning of the line that has no end yet, if any. */
  place(): Pick<Place, 'position' | 'line' | 'isOpen'> {
    return { position: this.#start, line: this.#number, isOpen: this.#held !== '' };
  }

  push(chunk: string): void {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      this.#hold(chunk, from, end);
      from = end + 1;
      this.#start = this.#before + from;
      this.#give();
    }
    this.#hold(chunk, from, chunk.length);
    this.#before += chunk.length;
  }

  end(): void {
    if (this.#held !== '') this.#give();
  }

  #hold(chunk: string, from: number, end: number): void {
    const room = this.maxLength - this.#held.length;
    if (end - from > room) this.#isTooLong = true;
    this.#held += chunk.slice(from, Math.min(end, from + room));
  }

  #give(): void {
    const text = this.#held.endsWith('\r') ? this.#held.slice(0, -1) : this.#held;
    const line = { number: this.#number, text, isTooLong: this.#isTooLong };
    this.#number += 1;
    this.#held = '';
    this.#isTooLong = false;
    if (text !== '') this.take(line);
  }
}
