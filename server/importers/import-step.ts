import type { Batch, RejectReason } from '../model/ports.js';
import type { Checkpoint, Fingerprint, Reached } from './checkpoint.js';
import type { FileResult } from './file-result.js';

/**
 * What an import gives, in order: before each file that can be gone on with what is known of it, batches to store,
 * records kept aside, how far the file is read (all up to there is in the steps before), and after each file its result.
 */
export type ImportStep =
  | { kind: 'begin'; id: string; of: Fingerprint; earlier?: Checkpoint }
  | { kind: 'batch'; file: string; batch: Batch }
  | { kind: 'rejected'; rejected: RejectedRecord }
  | { kind: 'reached'; reached: Reached }
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
