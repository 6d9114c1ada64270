import Table from 'cli-table3';

const FRAME = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
] as const;
const LINES = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'] as const;
/** A table of spaces: it can be read by `cut`, and pasted. */
export const bare = Object.fromEntries([...FRAME, ...LINES].map((part) => [part, '']));
export const plain = { 'padding-left': 0, 'padding-right': 2, head: [], border: [] };

/** Headings with the widths of their columns, in characters. */
type Columns = Readonly<Record<string, number>>;

const optionsOf = (columns: Columns) => ({
  head: Object.keys(columns),
  colWidths: Object.values(columns),
  chars: bare,
  style: plain,
});

/** A table whose long texts are cut. */
export const cutTable = (columns: Columns) => new Table(optionsOf(columns));

/** A table whose long texts go on in the next line. */
export const wrappedTable = (columns: Columns) => new Table({ ...optionsOf(columns), wordWrap: true });

/** Without the spaces that fill the last column. */
export const unpadded = (table: { toString(): string }): string => table.toString().replace(/ +$/gm, '');
