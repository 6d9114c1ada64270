import type { Place } from './checkpoint.js';

/** One JSON value cut out of a text, or what stands where one should. */
export interface JsonPiece {
  /** The line it begins on, from 1. */
  line: number;
  /** All of it; only its beginning where it is `broken`. */
  text: string;
  broken?: 'not_json' | 'too_long' | 'too_deep' | 'truncated';
}

interface Container {
  isArray: boolean;
  /** Its elements are records of their own. */
  isList: boolean;
  /** The key read last, where it may matter. */
  key: string;
}

interface JsonLimits {
  /** Characters of one record. */
  length: number;
  /** Brackets open at once in one record. */
  depth: number;
}

/** Arrays whose elements are records, one level down; `hits.hits` of a search answer is the other. */
const LISTS = new Set(['expected', 'events', 'Records', 'records', 'logEvents']);
const LONGEST_KEY = 10;
/** Characters kept of what is broken. */
const SHOWN = 2_000;

const isSpace = (char: string): boolean => char === ' ' || char === '\t' || char === '\r' || char === '\n';

/**
 * Cuts a stream of text into records, without holding more than one: one object a line, objects over several lines,
 * the elements of a top-level array, of a search answer's `hits.hits`, of `expected` and `events`, and of what clouds
 * export: `Records`, `records` (Azure), `logEvents` (CloudWatch). It only follows brackets and strings; who takes a piece parses it. Damage costs the record it is in: a line break inside a
 * string, a line that begins with `{` where none can stand, and a wrong closing bracket all end it.
 */
export class JsonSplitter {
  #stack: Container[] = [];
  /** Brackets open beyond the depth limit, counted only. */
  #beyond = 0;
  /** How many containers are open around the record being read; undefined between records. */
  #base: number | undefined;
  #held = '';
  #from = 0;
  #fault: 'too_long' | 'too_deep' | undefined;
  #line = 1;
  #startLine = 1;
  #inString = false;
  #isEscaped = false;
  #key: string | undefined;
  /** The last character that is no space. */
  #previous = '';
  #isFirstInLine = true;
  #junk: string | undefined;
  #isSkippingLine = false;
  /** Characters before the chunk being read. */
  #before: number;
  /** Characters before the record being read. */
  #start = 0;
  /** Characters up to the end of the last record, or of all chunks. */
  #end: number;

  /** @param from where the text begins, if not at the beginning of its file */
  constructor(
    private readonly limits: JsonLimits,
    private readonly take: (piece: JsonPiece) => void,
    from = { position: 0, line: 1 },
  ) {
    this.#before = from.position;
    this.#end = from.position;
    this.#line = from.line;
  }

  /** The line that it has come to, from 1. */
  get line(): number {
    return this.#line;
  }

  /**
   * Where a splitter of its own may go on, asked between two records or at the end of the text: behind the last record,
   * or at the beginning of one that is open. Undefined within a list or a wrapper.
   */
  place(): Pick<Place, 'position' | 'line' | 'isOpen'> | undefined {
    if (this.#base === 0) return { position: this.#start, line: this.#startLine, isOpen: true };
    if (this.#stack.length > 0) return undefined;
    return { position: this.#end, line: this.#line, isOpen: false };
  }

  push(chunk: string): void {
    this.#from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.#inString) at = this.#passString(chunk, at);
      if (at < chunk.length) this.#step(chunk, at);
    }
    if (this.#base !== undefined) this.#hold(chunk, chunk.length);
    this.#before += chunk.length;
    this.#end = this.#before;
  }

  end(): void {
    if (this.#base !== undefined) this.#give(this.#fault ?? 'truncated');
    else if (this.#junk !== undefined) this.#giveJunk();
    else if (this.#stack.length > 0) this.take({ line: this.#line, text: '', broken: 'truncated' });
  }

  /** Runs to the string's closing quote, or to the line break that shows it is broken; past the chunk if it goes on. */
  #passString(chunk: string, from: number): number {
    for (let at = from; at < chunk.length; at += 1) {
      const char = chunk.charCodeAt(at);
      if (char === 10) {
        this.#inString = false;
        this.#break(chunk, at);
        return at;
      }
      if (this.#isEscaped) this.#isEscaped = false;
      else if (char === 92) this.#isEscaped = true;
      else if (char === 34) {
        this.#endString();
        return at + 1 < chunk.length ? at + 1 : chunk.length;
      }
      if (this.#key !== undefined && this.#key.length <= LONGEST_KEY) this.#key += chunk[at];
    }
    return chunk.length;
  }

  #endString(): void {
    this.#inString = false;
    this.#previous = '"';
    const top = this.#stack.at(-1);
    if (top && this.#key !== undefined) top.key = this.#key;
    this.#key = undefined;
  }

  #step(chunk: string, at: number): void {
    const char = chunk[at] ?? '';
    if (char === '"' && this.#isInside()) this.#openString();
    else if (char === '\n') this.#newLine();
    else if (this.#isSkippingLine) return;
    else if (isSpace(char)) {
      if (this.#junk !== undefined) this.#addJunk(char);
      return;
    } else if (!this.#isInside() && !this.#isStructure(char)) this.#addJunk(char);
    else if (char === '{' || char === '[') this.#open(chunk, at, char === '[');
    else if (char === '}' || char === ']') this.#close(chunk, at, char === ']');
    else {
      this.#endJunk();
      this.#previous = char;
    }
    this.#isFirstInLine = char === '\n';
  }

  /** In a record, or between the parts of a wrapper: not where a record may begin. */
  #isInside(): boolean {
    return this.#base !== undefined || (this.#stack.length > 0 && !this.#stack.at(-1)?.isList);
  }

  #isStructure(char: string): boolean {
    if (this.#junk !== undefined) return this.#stack.length > 0 && (char === ',' || char === ']');
    return char === '{' || char === '[' || char === ',' || (char === ']' && this.#stack.length > 0);
  }

  #openString(): void {
    this.#inString = true;
    const top = this.#stack.at(-1);
    const isKey = top && !top.isArray && (this.#previous === '{' || this.#previous === ',');
    if (isKey && this.#isWrapperPossible()) this.#key = '';
  }

  /** A top-level object may turn out to be a wrapper; a record inside a list can't. */
  #isWrapperPossible(): boolean {
    return this.#stack.length <= 2 && (this.#base === 0 || this.#base === undefined);
  }

  #open(chunk: string, at: number, isArray: boolean): void {
    if (!isArray && this.#isInside() && this.#isFirstInLine && !'[,:{'.includes(this.#previous)) {
      this.#break(chunk, at);
    }
    this.#endJunk();
    const parent = this.#stack.at(-1);
    const isList = isArray && this.#isListBelow(parent);
    if (this.#base === undefined) {
      if ((!parent && !isList) || parent?.isList) this.#begin(at);
    } else if (parent?.isList && !isArray) this.#begin(at); // what held the list is a wrapper, no record
    if (this.#stack.length - (this.#base ?? 0) >= this.limits.depth) {
      this.#beyond += 1;
      this.#fault ??= 'too_deep';
    } else this.#stack.push({ isArray, isList, key: '' });
    this.#previous = isArray ? '[' : '{';
  }

  #isListBelow(parent: Container | undefined): boolean {
    if (!parent) return true;
    if (!this.#isWrapperPossible() || parent.isArray) return false;
    return this.#stack.length === 1 ? LISTS.has(parent.key) : this.#stack[0]?.key === 'hits' && parent.key === 'hits';
  }

  #close(chunk: string, at: number, isArray: boolean): void {
    this.#endJunk();
    if (this.#beyond > 0) this.#beyond -= 1;
    else if (this.#stack.at(-1)?.isArray !== isArray) {
      this.#break(chunk, at + 1);
      this.#isSkippingLine = true;
      return;
    } else this.#stack.pop();
    this.#previous = isArray ? ']' : '}';
    if (this.#base === undefined || this.#stack.length !== this.#base || this.#beyond > 0) return;
    this.#hold(chunk, at + 1);
    this.#end = this.#before + at + 1;
    this.#give(this.#fault);
  }

  #begin(at: number): void {
    this.#base = this.#stack.length;
    this.#startLine = this.#line;
    this.#start = this.#before + at;
    this.#held = '';
    this.#from = at;
    this.#fault = undefined;
  }

  #hold(chunk: string, end: number): void {
    const more = end - this.#from;
    if (this.#held.length + more > this.limits.length) this.#fault ??= 'too_long';
    if (this.#fault === undefined) this.#held += chunk.slice(this.#from, end);
    else
      this.#held = (this.#held.slice(0, SHOWN) + chunk.slice(this.#from, Math.min(end, this.#from + SHOWN))).slice(
        0,
        SHOWN,
      );
    this.#from = 0;
  }

  #give(broken: JsonPiece['broken']): void {
    const text = broken ? this.#held.slice(0, SHOWN) : this.#held;
    this.#base = undefined;
    this.#held = '';
    this.#fault = undefined;
    this.take(broken ? { line: this.#startLine, text, broken } : { line: this.#startLine, text });
  }

  /** Ends what is damaged and goes on behind it: in the list it stood in, else at the top. */
  #break(chunk: string, end: number): void {
    const around = this.#base ?? 0;
    if (this.#base === undefined) this.take({ line: this.#line, text: '', broken: 'not_json' });
    else {
      this.#hold(chunk, end);
      this.#give(this.#fault ?? 'not_json');
    }
    this.#stack.length = around;
    this.#beyond = 0;
    this.#isEscaped = false;
    this.#key = undefined;
    this.#previous = '';
  }

  #newLine(): void {
    this.#line += 1;
    this.#isSkippingLine = false;
    this.#endJunk();
  }

  #addJunk(char: string): void {
    if (this.#junk === undefined) this.#startLine = this.#line;
    this.#junk ??= '';
    if (this.#junk.length < SHOWN) this.#junk += char;
  }

  #endJunk(): void {
    if (this.#junk !== undefined) this.#giveJunk();
  }

  #giveJunk(): void {
    const text = (this.#junk ?? '').trimEnd();
    this.#junk = undefined;
    this.take({ line: this.#startLine, text, broken: 'not_json' });
  }
}
