import type { RejectReason } from '../model/ports.js';

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
