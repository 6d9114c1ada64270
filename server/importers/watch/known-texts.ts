import { createHash, randomUUID } from 'node:crypto';
import { everyDocument } from '../../model/every-document.js';
import type { Documents } from '../../model/ports.js';
import type { FoundFile } from './find-files.js';
import type { OpenText } from './open-text.js';
import type { Standing } from './read-piece.js';
import { type Piece, TAIL_BYTES } from './read-pieces.js';

/** Bytes of a text by which it is known again. */
interface Mark {
  /** Where they end. */
  at: number;
  length: number;
  hash: string;
}

/** A text that was read, at least in part, whatever file it is in by now. */
export interface KnownText {
  id: string;
  standing: Standing;
  /** The piece being stored ends here: read again after a crash, it must be the same. */
  until?: number;
  /** Its beginning. */
  head: Mark;
  /** The ends of the last pieces, the latest last. */
  marks: Mark[];
  /** The file that was read to its end, so that it need not be opened to be known. */
  finished?: Omit<FoundFile, 'id'>;
}

/** A file holds a text that is known. */
export interface Match {
  text: KnownText;
  /** It ends before the place up to which the text was read. */
  isCut: boolean;
}

const MARKS = 8;

/**
 * Texts of watched folders as small documents, known by what they hold: a log that was renamed, copied or packed is the
 * text it was.
 */
export class KnownTexts {
  private constructor(
    private readonly documents: Documents,
    private readonly texts: Map<string, KnownText>,
  ) {}

  static async load(documents: Documents): Promise<KnownTexts> {
    const stored = await everyDocument<{ watched?: KnownText }>(documents, 'import');
    const texts = stored.flatMap(({ body: { watched } }) => watched ?? []);
    return new KnownTexts(documents, new Map(texts.map((text) => [text.id, text])));
  }

  /** The one that was read from this very file to its end, and is unchanged. */
  finishedIn({ path, bytes, modified }: FoundFile): KnownText | undefined {
    for (const text of this.texts.values()) {
      const { finished } = text;
      if (finished?.path === path && finished.bytes === bytes && finished.modified === modified) return text;
    }
    return undefined;
  }

  /** The text that a file holds the most of: pieces that may be stored count. Throws Unreadable. */
  async find(open: OpenText): Promise<Match | undefined> {
    const head = await open.slice(0, TAIL_BYTES);
    const hashes = new Map<number, string>(); // nearly all heads are of one length
    const hashOfFirst = (length: number): string => {
      const hash = hashes.get(length) ?? hashOf(head.subarray(0, length));
      hashes.set(length, hash);
      return hash;
    };
    const candidates = [...this.texts.values()].filter((text) => text.head.hash === hashOfFirst(text.head.length));
    let found: Match | undefined;
    for (const text of candidates.sort((a, b) => reachOf(a) - reachOf(b))) {
      const match = await this.match(open, text);
      if (match && !(found && match.isCut)) found = match;
    }
    return found;
  }

  /** Whether a file still holds all that was read of a text. Throws Unreadable. */
  async holds(open: OpenText, { head, marks }: KnownText): Promise<boolean> {
    const last = marks.at(-1);
    return (await isAt(open, head)) && (!last || (await isAt(open, last)));
  }

  /** A text of its own from here on, as another file goes on with it too. */
  fork(text: KnownText): KnownText {
    const { finished, ...rest } = text;
    const own = { ...rest, id: randomUUID(), marks: [...text.marks] };
    this.texts.set(own.id, own);
    return own;
  }

  /** @param head at least as much of its beginning as the first piece holds */
  begin(standing: Standing, head: Buffer): KnownText {
    const first = head.subarray(0, TAIL_BYTES);
    const text: KnownText = { id: randomUUID(), standing, head: markOf(first, first.length), marks: [] };
    this.texts.set(text.id, text);
    return text;
  }

  /** Says before a piece is stored where it ends. */
  async plan(text: KnownText, next: Standing): Promise<void> {
    delete text.finished;
    if (next.offset > text.standing.offset) text.until = next.offset;
    else text.standing = next; // a line that has no end is read again from its beginning
    await this.save(text);
  }

  /** Moves behind a piece that is stored; it is saved with the next one, or by `settle`. */
  move(text: KnownText, { read: { next }, tail }: Piece): void {
    if (next.offset > text.standing.offset) text.marks = [...text.marks, markOf(tail, next.offset)].slice(-MARKS);
    text.standing = next;
    delete text.until;
  }

  /** @param finished the file, where all of it is read */
  async settle(text: KnownText, finished: FoundFile | undefined): Promise<void> {
    if (finished) text.finished = { path: finished.path, bytes: finished.bytes, modified: finished.modified };
    await this.save(text);
  }

  private async match(open: OpenText, text: KnownText): Promise<Match | undefined> {
    const [last, ...earlier] = text.marks.toReversed();
    if (!last || (await isAt(open, last))) return { text, isCut: false };
    const isCutEarlier = !open.isPacked && open.file.bytes < last.at;
    if (!isCutEarlier) return undefined;
    for (const mark of earlier.filter(({ length }) => length === TAIL_BYTES))
      if (await isAt(open, mark)) return { text, isCut: true };
    return undefined;
  }

  private async save(text: KnownText): Promise<void> {
    const known = await this.documents.get('import', text.id);
    if (known) await this.documents.update('import', text.id, { watched: text }, known.version);
    else await this.documents.create('import', text.id, { watched: text });
  }
}

/** What may be stored of it already. */
const reachOf = ({ standing, until = standing.offset }: KnownText): number => until;

const markOf = (bytes: Buffer, at: number): Mark => ({ at, length: bytes.length, hash: hashOf(bytes) });

const isAt = async (open: OpenText, { at, length, hash }: Mark): Promise<boolean> =>
  hashOf(await open.slice(at - length, length)) === hash;

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
