import type { EcsDocument } from '../../queries/document.js';
import type { RejectReason } from '../model/ports.js';

export type JsonObject = Record<string, unknown>;

/** A format whose records are JSON objects. Each record is offered to the formats in order, whatever file it is in. */
export interface JsonFormat {
  /** As README's table names it. */
  readonly name: string;
  /** Built from the vendor's documentation; no file of it from the wild was at hand. */
  readonly provenUnseen?: true;
  /** Cheap: looks at a few keys. */
  recognizes(record: JsonObject): boolean;
  /**
   * ECS 9 documents with dotted names, `@timestamp` as ISO 8601 in UTC; none where the record is of no interest here
   * (an EVE http event). Throws `Rejected` where the record is broken.
   */
  toDocuments(record: JsonObject): EcsDocument[];
}

/** A format of text lines, recognized by a file's first 64 KiB. */
export interface TextFormat {
  readonly name: string;
  readonly provenUnseen?: true;
  recognizes(head: string): boolean;
  /** A parser of one file: it may hold what belongs together over lines, within bounds. */
  open(): TextParser;
}

export interface TextParser {
  /** The documents that this line completes. Throws `Rejected` where the line is broken; the next line goes on. */
  line(text: string): ParsedDocument[];
  /** What is still held when the file ends. */
  end(): ParsedDocument[];
  /** Earlier lines that another parser must read to go on from here; undefined where it can't. */
  header(): readonly string[] | undefined;
}

export interface ParsedDocument {
  document: EcsDocument;
  /** Where a document comes from several lines: all of them. Absent: the line itself. */
  original?: string;
}

/** A format of bytes, recognized by a file's first ones. */
export interface BinaryFormat {
  readonly name: string;
  readonly provenUnseen?: true;
  /** @param head the first eight bytes */
  recognizes(head: Buffer): boolean;
  /** Reads one file, holding no more than a block of it. Throws where it can't go on. */
  read(content: AsyncIterable<Buffer>): AsyncIterable<BinaryRecord>;
}

/** One record of a binary file, or what is damaged where records should be. */
export interface BinaryRecord {
  /** As the file itself numbers it. */
  id: string;
  /** As text; empty where it is damaged. */
  original: string;
  /** Throws `Rejected` where the record is broken. */
  toDocuments(): EcsDocument[];
}

/** A record that can't be read: counted by reason and kept aside, and the file goes on. */
export class Rejected extends Error {
  constructor(
    readonly reason: RejectReason,
    message: string,
  ) {
    super(message);
  }
}
