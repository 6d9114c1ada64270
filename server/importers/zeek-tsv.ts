import { type ParsedDocument, Rejected, type TextParser } from './format.js';
import { documentsOf, logOf, type ZeekLog } from './zeek-logs.js';
import type { ZeekRecord } from './zeek-record.js';

/** A log has four; more than these is none that a reading can go on in. */
const MOST_HEADER_LINES = 64;
/** Zeek's widest log has some hundred columns. */
const MOST_COLUMNS = 4096;

/** What the `#` lines of a Zeek text log say. They may come again in the middle of a file, and say something else. */
interface Header {
  separator: string;
  unset: string;
  empty: string;
  path: string | undefined;
  /** Column by field name. */
  columns: ReadonlyMap<string, number>;
  width: number;
  log: ZeekLog;
}

const NO_HEADER: Header = {
  separator: '\t',
  unset: '-',
  empty: '(empty)',
  path: undefined,
  columns: new Map(),
  width: 0,
  log: 'other',
};

/** Whether the first lines are those of a Zeek text log; other `#` lines may stand before them. */
export function isZeekHead(head: string): boolean {
  for (const line of head.split('\n', 64)) {
    if (!line.startsWith('#')) return false;
    if (line.startsWith('#separator ') || line.startsWith('#fields\t')) return true;
  }
  return false;
}

/** A parser of one Zeek text log. Columns that the header doesn't name are left alone (labelled logs have such). */
export class ZeekTsvParser implements TextParser {
  private state = NO_HEADER;
  /** The lines that made the state. */
  private lines: string[] = [];

  line(text: string): ParsedDocument[] {
    if (text === '') return [];
    if (text.startsWith('#')) {
      this.readHeader(text);
      return [];
    }
    const { width, separator, log } = this.state;
    if (width === 0) throw new Rejected('not_this_format', 'A line stands before the #fields of a Zeek log');
    if (log === 'other') return [];
    const cells = text.split(separator, width);
    if (cells.length < width) throw new Rejected('truncated', `A Zeek line has ${cells.length} of ${width} columns`);
    return documentsOf(log, new TsvRecord(this.state, cells)).map((document) => ({ document }));
  }

  end(): ParsedDocument[] {
    return [];
  }

  header(): readonly string[] | undefined {
    return this.lines.length > MOST_HEADER_LINES ? undefined : [...this.lines];
  }

  private readHeader(line: string): void {
    const state = readHeader(this.state, line);
    if (state === this.state) return;
    this.state = state;
    if (line.startsWith('#separator ')) this.lines = []; // it begins anew
    if (this.lines.length <= MOST_HEADER_LINES) this.lines.push(line);
  }
}

function readHeader(header: Header, line: string): Header {
  const [name, ...values] = line.split(header.separator, MOST_COLUMNS + 2);
  if (line.startsWith('#separator ')) {
    const separator = unescapeZeek(line.slice('#separator '.length).trim());
    if (separator === '' || separator.length > 8) throw new Rejected('not_this_format', 'A Zeek #separator is no text');
    return { ...NO_HEADER, separator };
  }
  switch (name) {
    case '#unset_field':
      return { ...header, unset: values[0] ?? '' };
    case '#empty_field':
      return { ...header, empty: values[0] ?? '' };
    case '#path':
      return { ...header, path: values[0] };
    case '#fields': {
      if (values.length > MOST_COLUMNS)
        throw new Rejected('not_this_format', `A Zeek #fields line has over ${MOST_COLUMNS} columns`);
      const columns = new Map(values.map((field, column) => [field, column]));
      return { ...header, columns, width: values.length, log: logOf(header.path, (field) => columns.has(field)) };
    }
    default: // #set_separator, #types, #open, #close and comments: no value that we read hangs on them
      return header;
  }
}

class TsvRecord implements ZeekRecord {
  constructor(
    private readonly header: Header,
    private readonly cells: readonly string[],
  ) {}

  get(field: string): string | undefined {
    const column = this.header.columns.get(field);
    if (column === undefined) return undefined;
    const cell = this.cells[column];
    if (cell === undefined || cell === this.header.unset || cell === this.header.empty) return undefined;
    return cell.includes('\\') ? unescapeZeek(cell) : cell;
  }
}

/** Zeek writes separators and bytes that are no text as \xHH, and a backslash as two. */
const unescapeZeek = (text: string): string =>
  text.replace(/\\(?:x([0-9a-fA-F]{2})|\\)/g, (_, hex: string | undefined) =>
    hex === undefined ? '\\' : String.fromCharCode(Number.parseInt(hex, 16)),
  );
