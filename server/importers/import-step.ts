import type { Batch, RejectReason } from '../model/ports.js';

/** What an import gives, in order: batches to store, records kept aside, and after each file its result. */
export type ImportStep =
  | { kind: 'batch'; file: string; batch: Batch }
  | { kind: 'rejected'; rejected: RejectedRecord }
  | { kind: 'file'; result: FileResult };

/** A record that could not be read, as the reject file holds it. */
export interface RejectedRecord {
  /** With the member of a zip after `!`. */
  file: string;
  /** The line it begins on, from 1. */
  line: number;
  reason: RejectReason;
  message: string;
  /** Its beginning, at most 2,000 characters. */
  text: string;
}

/** What became of one file, or of one member of a zip. */
export interface FileResult {
  file: string;
  /** `read` even where records were rejected; `unknown`: no record of a known format; `unreadable`: nothing came out. */
  state: 'read' | 'unknown' | 'unreadable';
  /** Why it is not `read`. */
  why?: string;
  /** Names of the formats met. */
  formats: string[];
  /** JSON values, or lines that are not empty. */
  records: number;
  events: number;
  /** JSON records of a known format that hold nothing of interest here. A text line may just wait for the next. */
  ignored: number;
  /** JSON records that no format recognizes. */
  unknown: number;
  rejected: Partial<Record<RejectReason, number>>;
}
