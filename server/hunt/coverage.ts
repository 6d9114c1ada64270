import type { Analytic, AnalyticId, TunableValue } from '../../queries/analytic.js';
import { type Plan, toPlan, windowSecondsOf } from '../../queries/plan.js';
import { DAY_MS } from '../model/episode.js';
import type { Documents, Span, Telemetry } from '../model/ports.js';
import { clampSpan } from '../model/spans.js';
import { formatTime } from '../model/time.js';
import { type VolumeKind, volumeKinds } from '../model/volume.js';
import { blindSpots } from './blind-spots.js';
import { type ArrivalReport, readComparison } from './compare-arrivals.js';
import { markedUpTo } from './marks.js';
import { accountRuns, type RunsAccount, type Stretch, toStretch } from './run-account.js';
import { readSilence, type SilenceReport } from './silent-sources.js';

/** What was hunted of a stretch of event time, and what was not. */
export interface Coverage {
  /** The newest arrival that a hunt would read up to: a number of the embedded store's, epoch ms on engines. */
  position: number;
  /** From the first to the last event that is stored; absent where there is none. */
  extent?: Stretch;
  /** Names of what holds telemetry and can't be read now (closed indices), 100 at most. */
  unread: string[];
  /** How many there are of them. */
  unreadCount: number;
  analytics: AnalyticCoverage[];
  /** Sources of these analytics that went silent, as a service found at its last look; absent before the first. */
  silent?: SilenceReport;
  /** What turned up after hunts had read its hour, as the last daily comparison found; absent before, and where nothing can. */
  arrivals?: ArrivalReport;
}

export interface AnalyticCoverage extends RunsAccount {
  analytic: AnalyticId;
  /** From short to long, of the tunables in force. */
  windows: WindowCoverage[];
  /** What the last day of telemetry in the stretch asked for holds; absent where there is none. */
  telemetry?: TelemetryAccount;
}

export interface TelemetryAccount extends Stretch {
  /** Records of each kind, and when the last was. */
  volumes: Readonly<Record<VolumeKind, { records: number; last?: string }>>;
  /** What is not seen in it, a sentence each. */
  blind: string[];
}

/** How far an analytic has hunted what arrived, for windows of one length. */
export interface WindowCoverage {
  seconds: number;
  /** The arrival up to which all was hunted; absent where nothing was. */
  mark?: number;
  /** Behind: telemetry arrived since the mark that lies within the stretch asked for. */
  state: 'hunted' | 'behind' | 'never';
  /** Where that lies: few stretches, which may hold what was hunted too. The next hunt reads them. */
  gaps: Stretch[];
}

/** Event times asked for, epoch ms, both ends included; an absent end is open. */
export interface CoverageQuestion {
  from?: number | undefined;
  to?: number | undefined;
}

/** An analytic with the tunables in force, as `tunablesOf` gives them. */
export interface Hunted {
  analytic: Analytic;
  tunables: Readonly<Record<string, TunableValue>>;
}

export interface CoveragePorts {
  documents: Documents;
  telemetry: Pick<Telemetry, 'position' | 'unread' | 'extent' | 'touched' | 'volumes'>;
}

const MOST_UNREAD = 100;

/**
 * What hunts of arrivals have read: their marks tell. A hunt of a stretch of time moves no mark; it stands among the
 * runs, with its span.
 */
export async function coverageOf(
  hunted: readonly Hunted[],
  question: CoverageQuestion,
  { documents, telemetry }: CoveragePorts,
): Promise<Coverage> {
  const position = await telemetry.position();
  const extent = await telemetry.extent();
  const unread = await telemetry.unread();
  const day = extent && lastDay(extent, question);
  const gaps = new Gaps(telemetry, position, question);
  const analytics: AnalyticCoverage[] = [];
  for (const { analytic, tunables } of hunted) {
    const plan = toPlan(analytic, tunables);
    const windows: WindowCoverage[] = [];
    for (const seconds of windowSecondsOf(plan.measures))
      windows.push(await windowCoverage(plan, seconds, documents, gaps));
    analytics.push({
      analytic: analytic.id,
      windows,
      ...(day && { telemetry: await telemetryAccount(analytic, day, telemetry) }),
      ...(await accountRuns(analytic.id, documents)),
    });
  }
  return {
    position,
    ...(extent && { extent: toStretch(extent) }),
    unread: unread.slice(0, MOST_UNREAD),
    unreadCount: unread.length,
    analytics,
    ...(await silenceOf(hunted, documents)),
    ...(await lateOf(documents)),
  };
}

async function silenceOf(hunted: readonly Hunted[], documents: Documents): Promise<Pick<Coverage, 'silent'>> {
  const report = await readSilence(documents);
  if (!report) return {};
  const isAsked = (id: AnalyticId) => hunted.some(({ analytic }) => analytic.id === id);
  return { silent: { ...report, sources: report.sources.filter(({ analytics }) => analytics.some(isAsked)) } };
}

async function lateOf(documents: Documents): Promise<Pick<Coverage, 'arrivals'>> {
  const report = (await readComparison(documents))?.body.report;
  return report ? { arrivals: report } : {};
}

/** Of the telemetry that the question meets: bounded, and what sensors tell now. */
function lastDay(extent: Span, question: CoverageQuestion): Span | undefined {
  const { from, to } = clampSpan(extent, boundsOf(question));
  return from <= to ? { from: Math.max(from, to - DAY_MS), to } : undefined;
}

async function telemetryAccount(
  { telemetry: scope }: Analytic,
  day: Span,
  telemetry: CoveragePorts['telemetry'],
): Promise<TelemetryAccount> {
  const volumes = await telemetry.volumes(scope, day);
  const told = volumeKinds.map((kind) => {
    const { records, last } = volumes[kind];
    return [kind, { records, ...(last !== undefined && { last: formatTime(last) }) }] as const;
  });
  return {
    ...toStretch(day),
    volumes: Object.fromEntries(told) as TelemetryAccount['volumes'],
    blind: blindSpots(scope, volumes),
  };
}

const boundsOf = ({ from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: CoverageQuestion): Span => ({
  from,
  to,
});

async function windowCoverage(plan: Plan, seconds: number, documents: Documents, all: Gaps): Promise<WindowCoverage> {
  const mark = await markedUpTo(documents, plan, seconds);
  const gaps = (await all.since(mark ?? 0)).map(toStretch);
  if (mark === undefined) return { seconds, state: 'never', gaps };
  return { seconds, mark, state: gaps.length > 0 ? 'behind' : 'hunted', gaps };
}

/** Event times that arrivals after a mark touch: most marks stand at the same arrival, and are asked for once. */
class Gaps {
  private readonly known = new Map<number, Promise<Span[]>>();
  private readonly bounds: Span;

  constructor(
    private readonly telemetry: Pick<Telemetry, 'touched'>,
    private readonly until: number,
    question: CoverageQuestion,
  ) {
    this.bounds = boundsOf(question);
  }

  since(after: number): Promise<Span[]> {
    const known = this.known.get(after) ?? this.ask(after);
    this.known.set(after, known);
    return known;
  }

  private async ask(after: number): Promise<Span[]> {
    if (after >= this.until) return [];
    const touched = await this.telemetry.touched({ after, until: this.until });
    return touched.map((span) => clampSpan(span, this.bounds)).filter(({ from, to }) => from <= to);
  }
}
