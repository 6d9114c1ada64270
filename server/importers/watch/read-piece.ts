import type { Place } from '../checkpoint.js';
import { Collector } from '../collector.js';
import { detect, type Formats, knownBinary } from '../detect.js';
import type { FileResult } from '../file-result.js';
import type { ImportStep } from '../import-step.js';
import { JsonReader } from '../json-reader.js';
import { TextReader } from '../text-reader.js';

/** Where the reading of a text stands between two pieces of it. */
export interface Standing {
  /** Bytes before it. */
  offset: number;
  /** `json`, or the name of a text format. */
  format: string;
  /** Its line, from 1. */
  line: number;
  /** Lines that a reader must know to go on. */
  header: readonly string[];
  /** The line from here on was read when it had no end yet, as a batch of its own. */
  isOpen: boolean;
}

/** What a piece of a text gave. */
export interface PieceRead {
  steps: ImportStep[];
  result: FileResult;
  /** Where the next piece begins. */
  next: Standing;
}

const NEW_LINE = 10;

/** How a text begins to be read; why it can't be. */
export function firstStanding(head: Buffer, formats: Formats): Standing | { why: string } {
  const why = knownBinary(head);
  if (why !== undefined) return { why };
  const detected = detect(decode(head, { offset: 0 }), formats);
  if (detected.kind === 'unknown') return { why: detected.why };
  const format = detected.kind === 'json' ? 'json' : detected.format.name;
  return { offset: 0, format, line: 1, header: [], isOpen: false };
}

/** Bytes up to the end of the last whole line. */
export const wholeLines = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.lastIndexOf(NEW_LINE) + 1);

/**
 * Reads as many lines, or records, as another reading can go on behind; undefined where it can behind none: a record may be
 * open, or the text one list. The same bytes from the same standing always give the same batches.
 */
export function readPiece(bytes: Buffer, from: Standing, file: string, formats: Formats): PieceRead | undefined {
  if (bytes.length === 0) return undefined;
  const whole = readAll(bytes, from, file, formats);
  if (whole) return whole;
  const cut = lastCut(bytes, from, formats);
  return cut === 0 ? undefined : readAll(bytes.subarray(0, cut), from, file, formats);
}

/** Reads what is left of a text that won't grow, be it whole or not. */
export function readLast(rest: Buffer, from: Standing, file: string, formats: Formats): PieceRead {
  const { collector, reader } = open(from, file, formats);
  reader.push(decode(rest, from));
  const place = reader.place();
  reader.end();
  const steps = collector.close();
  const lines = wholeLines(rest);
  const taken = place?.isOpen ? lines.length : rest.length;
  const header = place?.header ?? from.header;
  const line = place?.line ?? from.line + countLines(lines);
  const next = { ...from, offset: from.offset + taken, line, header, isOpen: place?.isOpen ?? false };
  return { steps, result: collector.result, next };
}

/** Reads what nobody can go on behind as if nothing came after it: what is open at its end is lost. */
export function readAway(bytes: Buffer, from: Standing, file: string, formats: Formats): PieceRead {
  const { next, ...read } = readLast(bytes, from, file, formats);
  return { ...read, next: { ...next, offset: from.offset + bytes.length, isOpen: false } };
}

function readAll(bytes: Buffer, from: Standing, file: string, formats: Formats): PieceRead | undefined {
  const { collector, reader } = open(from, file, formats);
  reader.push(decode(bytes, from));
  const place = reader.place();
  if (!isBetween(place)) return undefined;
  const { line, header } = place;
  const next = { ...from, offset: from.offset + bytes.length, line, header, isOpen: false };
  return { steps: collector.close(), result: collector.result, next };
}

/** Bytes up to the last end of a line where a reading can go on. */
function lastCut(lines: Buffer, from: Standing, formats: Formats): number {
  const { collector, reader } = open(from, '', formats);
  let cut = 0;
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(NEW_LINE, start) + 1;
    if (end === 0) break;
    reader.push(decode(lines.subarray(start, end), { offset: from.offset + start }));
    collector.take();
    if (isBetween(reader.place())) cut = end;
    start = end;
  }
  return cut;
}

const isBetween = (place: Place | undefined): place is Place => place !== undefined && !place.isOpen;

function open({ format, line, header, isOpen }: Standing, file: string, formats: Formats) {
  const collector = new Collector(file);
  const place: Place = { position: 0, line, onLine: 0, header, isOpen };
  const text = formats.text.find(({ name }) => name === format);
  return {
    collector,
    reader: text ? new TextReader(text, collector, place) : new JsonReader(formats.json, collector, place),
  };
}

/** Pieces end at ends of lines, so no character is cut. A mark of the byte order stands before the first only. */
const decode = (bytes: Buffer, { offset }: Pick<Standing, 'offset'>): string =>
  new TextDecoder('utf-8', { ignoreBOM: offset > 0 }).decode(bytes);

function countLines(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEW_LINE); at >= 0; at = bytes.indexOf(NEW_LINE, at + 1)) lines += 1;
  return lines;
}
