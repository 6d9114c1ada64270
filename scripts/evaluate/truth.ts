import type { KnownScan } from './known-scan.js';

/** What one file of the shared telemetry is known to hold. */
export interface Truth {
  /** Below the folder of shared telemetry; one that ends in `/` is for all files below it that have no own entry. */
  file: string;
  /** `hard negative`: much fan-out that is no scan; `shape`: single events, for the readers. */
  kind: 'positive' | 'negative' | 'hard negative' | 'shape';
  says: string;
  scans?: readonly KnownScan[];
  /** Where given, the only addresses known as benign: the others are outside sources that nobody labelled. */
  benign?: readonly string[];
}

/**
 * The folders of which a file sets one of the numbers that the defaults were read from: the most of a benign file, or the
 * least of a scan. No number that could be traced came from the others: without them the defaults would be the same.
 */
const TUNING = ['lab', 'derived-zeek', 'derived-suricata', 'otrf', 'slips'];

export const setOf = (file: string): 'tuning' | 'kept aside' =>
  TUNING.includes(file.split('/')[0] ?? '') ? 'tuning' : 'kept aside';
