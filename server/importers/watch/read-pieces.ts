import type { Formats } from '../detect.js';
import type { OpenText } from './open-text.js';
import { type PieceRead, readAway, readLast, readPiece, type Standing, wholeLines } from './read-piece.js';

/** Some bytes of a text, and what they gave: as many of them as lie before where it goes on. */
export interface Piece {
  bytes: Buffer;
  read: PieceRead;
  /** The last bytes of the text before it goes on, of other pieces too: `TAIL_BYTES`, but where it has no more. */
  tail: Buffer;
}

export const TAIL_BYTES = 4096;

/** What is left of a text once all pieces are read: a line or record may get its end yet; a long list is read otherwise. */
export type Left = 'nothing' | 'what has no end yet' | 'one long list';

interface PiecesOptions {
  formats: Formats;
  /** The end of a piece that may be stored in part already. */
  until: number | undefined;
  /** Nothing more will be written: what has no end is read as it is. */
  isEnded: boolean;
}

/** Bytes read before any of them are stored. */
const PIECE_BYTES = 1024 * 1024;
/** Without a place in so many bytes where reading can go on, a text is one list, or damaged. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Reads a text on from where it stands, holding no more than a piece. Throws Unreadable. */
export async function* readPieces(
  open: OpenText,
  from: Standing,
  { formats, until = 0, isEnded }: PiecesOptions,
): AsyncGenerator<Piece, Left> {
  const name = open.file.path;
  let at = from;
  let tail: Buffer = Buffer.alloc(0);
  let toPass = Math.min(TAIL_BYTES, at.offset); // for the tail
  let held: Buffer = Buffer.alloc(0);
  let planned = Math.max(0, until - at.offset);
  let wanted = planned || PIECE_BYTES;
  const advance = (bytes: Buffer, read: PieceRead): Piece => {
    const taken = read.next.offset - at.offset;
    tail = Buffer.concat([tail, held.subarray(Math.max(0, taken - TAIL_BYTES), taken)]).subarray(-TAIL_BYTES);
    held = held.subarray(taken);
    at = read.next;
    planned = 0;
    wanted = PIECE_BYTES;
    return { bytes, read, tail };
  };
  let damage: unknown;
  try {
    for await (const chunk of open.from(at.offset - toPass)) {
      const passed = chunk.subarray(0, toPass);
      tail = Buffer.concat([tail, passed]);
      toPass -= passed.length;
      held = Buffer.concat([held, chunk.subarray(passed.length)]);
      while (held.length >= wanted) {
        const bytes = planned > 0 ? held.subarray(0, planned) : wholeLines(held);
        const read = readPiece(bytes, at, name, formats);
        if (read) yield advance(bytes, read);
        else if (held.length < MOST_BYTES) wanted = held.length + PIECE_BYTES;
        else if (at.offset === 0) return 'one long list';
        else yield advance(held, readAway(held, at, name, formats));
      }
    }
  } catch (error) {
    damage = error; // what came before it is read
  }
  for (const bytesOf of [wholeLines, (rest: Buffer) => rest]) {
    const bytes = bytesOf(held); // a JSON record is whole without an end of its line
    const read = bytes.length > 0 ? readPiece(bytes, at, name, formats) : undefined;
    if (read) yield advance(bytes, read);
  }
  if (damage) throw damage;
  if (held.length === 0) return 'nothing';
  if (!isEnded) return 'what has no end yet';
  yield advance(held, readLast(held, at, name, formats));
  return 'nothing';
}
