import { analytics } from '../../queries/analytics/index.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import type { FiredMeasure } from '../../server/model/episode.js';
import { type FileResult, isLab } from './files.js';
import { isOf, type KnownScan } from './known-scan.js';
import type { LabResult } from './lab.js';
import { scansOf } from './labels.js';
import type { Reached } from './trial.js';

/** Distinct values in one window, and where. */
export interface Extreme {
  distinct: number;
  where: string;
}

/** What one threshold and window stand between. Undefined: no file reaches even the lowest threshold. */
export interface Margin {
  tunable: string;
  counts: string;
  windowSeconds: number;
  threshold: number;
  /** The most of anything benign, in the files that defaults were read from and in those kept aside. */
  benign: Record<'tuning' | 'kept aside', Extreme | undefined>;
  /** The least of the scans that reach the threshold, and the most of those that do not. */
  least: Extreme | undefined;
  missed: Extreme | undefined;
}

interface Seen extends Extreme {
  key: string;
  kind: 'tuning' | 'kept aside' | 'scan';
}

/**
 * Holds each threshold against what benign files and phases reach and what scans reach, by the core's own windows. Only
 * scans that make 10 sockets in 10 minutes count, and each format of a scan by itself.
 */
export function marginsOf(files: readonly FileResult[], lab: readonly LabResult[]): Margin[] {
  const seen = [...files.flatMap(ofFile), ...lab.flatMap(ofLab)];
  return thresholds().map(({ key, ...threshold }) => {
    const own = mostOfEach(seen.filter((one) => one.key === key));
    const of = (kind: Seen['kind']) => own.filter((one) => one.kind === kind);
    const isFound = ({ distinct }: Seen) => distinct >= threshold.threshold;
    return {
      ...threshold,
      benign: { tuning: most(of('tuning')), 'kept aside': most(of('kept aside')) },
      least: least(of('scan').filter(isFound)),
      missed: most(of('scan').filter((one) => !isFound(one))),
    };
  });
}

/** Of the episodes of one scan, or of one subject in one file, the one that reaches most. */
function mostOfEach(seen: readonly Seen[]): Seen[] {
  const best = new Map<string, Seen>();
  for (const one of seen) if (one.distinct > (best.get(one.where)?.distinct ?? 0)) best.set(one.where, one);
  return [...best.values()];
}

const most = (seen: readonly Seen[]): Extreme | undefined => extreme(seen.toSorted((a, b) => b.distinct - a.distinct));
const least = (seen: readonly Seen[]): Extreme | undefined => extreme(seen.toSorted((a, b) => a.distinct - b.distinct));
const extreme = ([first]: readonly Seen[]): Extreme | undefined =>
  first && { distinct: first.distinct, where: first.where };

type Threshold = Pick<Margin, 'tunable' | 'counts' | 'windowSeconds' | 'threshold'> & { key: string };

/** Of the analytic that has all measures; the others have the same defaults, some under ATT&CK's names. */
function thresholds(): Threshold[] {
  const analytic = analytics.find(({ id }) => id === 'AN1059')!;
  const plan = toPlan(analytic, tunablesOf(analytic));
  return plan.measures.flatMap(({ name, scope, outcome, windows }, index) =>
    windows.slice(1).map(({ seconds, threshold }) => ({
      key: keyOf({ name, scope, outcome, windowSeconds: seconds }),
      tunable: analytic.measures[index]!.threshold,
      counts: [outcome === 'failed' ? 'failed' : '', scope, name.replace('_', ' ')].filter(Boolean).join(' '),
      windowSeconds: seconds,
      threshold,
    })),
  );
}

const keyOf = ({
  name,
  scope,
  outcome,
  windowSeconds,
}: Pick<FiredMeasure, 'name' | 'scope' | 'outcome' | 'windowSeconds'>) =>
  `${name} ${scope} ${outcome} ${windowSeconds}`;

function ofFile({ file, set, truth, scans, reached }: FileResult): Seen[] {
  return reached.flatMap((one) => {
    const scan = scans.find((known) => isOf(known, one));
    if (scan) return scan.isGoal && !isLab(file) ? seenAs('scan', one, `${scan.name} in ${file}`) : [];
    const isBenign =
      truth?.benign === undefined || (one.subject.kind === 'address' && truth.benign.includes(one.subject.address));
    return isBenign ? seenAs(set, one, `${nameOf(one)} in ${file}`) : [];
  });
}

function ofLab({ name, alone }: LabResult): Seen[] {
  return alone.flatMap(({ label, reached }) => {
    const scans: KnownScan[] = scansOf([label]);
    return reached.flatMap((one) => {
      if (scans.length === 0) return seenAs('tuning', one, `lab ${label.phase}, ${name}`);
      return scans.some((scan) => isOf(scan, one)) ? seenAs('scan', one, `lab ${label.phase}, ${name}`) : [];
    });
  });
}

const seenAs = (kind: Seen['kind'], { measures }: Reached, where: string): Seen[] =>
  measures.map((measure) => ({ key: keyOf(measure), kind, distinct: measure.distinct, where }));

const nameOf = ({ subject }: Reached): string =>
  subject.kind === 'address' ? subject.address : (subject.process.split(/[\\/]/).at(-1) ?? '');
