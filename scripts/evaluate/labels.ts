import { z } from 'zod';
import { parseLines } from '../lab-to-ecs.js';
import type { KnownScan } from './known-scan.js';

const time = z.iso.datetime().transform((text) => Date.parse(text));

/** A line of labels.ndjson, of the bundled sample or of the simulator. */
const Label = z.object({
  part: z.enum(['lab', 'office']).default('office'),
  phase: z.string(),
  kind: z.enum(['scan', 'benign']),
  who: z.string(),
  ip: z.string(),
  tool: z.string(),
  what: z.string(),
  command: z.string().optional(),
  analytic: z.string().optional(),
  /** The simulator's: why the defaults leave it alone. */
  beyond: z.string().optional(),
  /** The simulator's: what a site lists as an expected scan source. */
  expected: z.boolean().default(false),
  container: z.string().optional(),
  start: time,
  end: time,
});
export type Label = z.infer<typeof Label>;

export const parseLabels = (text: string, file: string): Label[] => parseLines(text, file, Label);

/** The labelled scans, whichever analytic finds them: a format alone does not tell hosts and containers. */
export const scansOf = (labels: readonly Label[]): KnownScan[] =>
  labels.filter(({ kind }) => kind === 'scan').map(toScan);

/** The labelled scans, each to be found by the analytic that its label names; allowed ones left out. */
export const scansByAnalytic = (labels: readonly Label[]): KnownScan[] =>
  labels.filter(({ kind, expected }) => kind === 'scan' && !expected).map(toScanByAnalytic);

/** Scans by machines that may: to be found, and silenced. */
export const allowedScans = (labels: readonly Label[]): KnownScan[] =>
  labels.filter(({ kind, expected }) => kind === 'scan' && expected).map(toScanByAnalytic);

/** What a site would set as ExpectedScanSources; of a container the address only, for its node has others. */
export const expectedSources = (labels: readonly Label[]): string[] =>
  labels
    .filter(({ expected }) => expected)
    .flatMap(({ who, ip, container }) => (container === undefined ? [ip, who] : [ip]));

const toScanByAnalytic = (label: Label): KnownScan => ({
  ...toScan(label),
  ...(label.analytic !== undefined && { analytic: label.analytic }),
});

const toScan = ({ phase, who, ip, what, command, beyond, start, end }: Label): KnownScan => ({
  name: phase,
  who: [who, ip],
  start,
  end,
  isGoal: beyond === undefined,
  says: what,
  ...(command !== undefined && { command }),
});
