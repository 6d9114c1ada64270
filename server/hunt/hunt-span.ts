import { longestWindowMs, type Plan, windowSecondsOf, withWindows } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS, type FoundEpisode } from '../model/episode.js';
import type { Arrivals, Documents, Span, Telemetry, Touched } from '../model/ports.js';
import { addCounts, noCounts, type RunCounts } from '../model/run.js';
import { clampSpan, covers, widenSpan } from '../model/spans.js';
import { allOf } from './all-of.js';
import { allowLists } from './allow-list.js';
import { draftAlerts } from './draft-alerts.js';
import { headsIn } from './heads.js';
import { horizonOf, judgeable, judgeableAfterMs } from './horizon.js';
import { addUpset, noUpset, type Resting, type Upset } from './neighbours.js';
import { type ReadSubject, readSubjects } from './read-subjects.js';
import { type Head, reachBeyond } from './reconcile.js';
import { type Drafted, writeEpisodes } from './write-episodes.js';

/** What a hunt is made of and told; `signal` ends it between two subjects. */
export interface HuntPorts {
  telemetry: Telemetry;
  documents: Documents;
  now: () => number;
}

/** Where and for what to hunt. */
export interface Look {
  /** Lengths in seconds that are due: subjects are sought by these alone. */
  windows: readonly number[];
  /** Event times, and whose contacts are new in them. */
  touched: Touched;
  /** Event times of all telemetry: nothing beyond is read. */
  extent: Span;
  /** What touched them: who did nothing in it keeps the alerts that are stored. Absent: all of them are judged. */
  arrivals?: Arrivals;
}

export interface SpanResult extends RunCounts, Upset {
  silenced: { subject: string; start: number; end: number; by: string }[];
  alerts: string[];
}

/**
 * Hunts the windows that the event times of a span can change, widening for the subjects whose episodes reach further,
 * and writes their episodes. What lies beyond the telemetry's own extent is not read, nor what retention may have
 * removed; episodes that can't be judged without it stay as they are. Who has episodes is found by a
 * narrow reading first, and only they are read whole.
 *
 * Of who is found, and of who has episodes stored nearby and did something that arrived, all windows are judged, so that
 * what is written does not depend on which were due.
 */
export async function huntSpan(plan: Plan, look: Look, ports: HuntPorts, signal?: AbortSignal): Promise<SpanResult> {
  const { windows, touched, arrivals } = look;
  const result: SpanResult = { ...noCounts(), ...noUpset(), silenced: [], alerts: [] };
  const horizon = (await horizonOf(ports.documents)) ?? Number.NEGATIVE_INFINITY;
  if (look.extent.to < horizon) return result;
  const extent = { from: Math.max(look.extent.from, horizon), to: look.extent.to };
  const judgeableFrom = horizon + judgeableAfterMs(plan);
  const silencedBy = allowLists(plan);
  const longest = longestWindowMs(plan);
  const sought = withWindows(plan, windows);
  const { judged, told } = reachOf(sought, touched, extent);
  // Of few subjects all is read at about the cost of a little: windows of a day reach that far at once.
  let zone = clampSpan(widenSpan(told, longest, longest), extent);
  // Where all of the zone is judged anyway, who has episodes is found and read in one go.
  const isNarrow =
    touched.parts.some((part) => part.subjects || !covers(part, touched)) ||
    windows.length < windowSecondsOf(plan.measures).length ||
    !covers(judged, zone);
  let subjects: readonly string[] | undefined;
  if (isNarrow) {
    const stored = headsIn(ports.documents, plan.analytic, told);
    const [nearby, fresh] = await Promise.all([
      stored,
      newIn(sought, { touched, extent }, stored, ports.telemetry, signal),
    ]);
    const acting = await actingOf([...nearby.keys()], arrivals, ports.telemetry);
    result.resting = restingIn(nearby, acting);
    subjects = [...acting, ...fresh];
  }
  while (subjects === undefined || subjects.length > 0) {
    const wider = await huntZone({ plan, zone, extent, judgeableFrom, ports, silencedBy, signal }, subjects, result);
    subjects = [...wider.keys()];
    for (const { from, to } of wider.values())
      zone = { from: Math.min(zone.from, from - longest), to: Math.max(zone.to, to + longest) };
    zone = clampSpan(zone, extent);
  }
  return result;
}

interface ZoneHunt {
  plan: Plan;
  zone: Span;
  extent: Span;
  /** Episodes that begin earlier stay as they are stored. */
  judgeableFrom: number;
  ports: HuntPorts;
  silencedBy: ReturnType<typeof allowLists>;
  signal: AbortSignal | undefined;
}

/** Settles the subjects whose episodes lie in the zone; gives those whose episodes reach beyond, and how far. */
async function huntZone(
  hunt: ZoneHunt,
  subjects: readonly string[] | undefined,
  result: SpanResult,
): Promise<Map<string, Span>> {
  const { plan, zone, extent, judgeableFrom, ports, signal } = hunt;
  const wider = new Map<string, Span>();
  const heads = await headsIn(ports.documents, plan.analytic, zone, subjects);
  const wholeOf = (read: ReadSubject): ReadSubject[] => {
    const { stored, found } = judgeable(heads.get(read.subjectKey)?.episodes ?? [], read.found, judgeableFrom);
    const reach = clampSpan(reachBeyond(zone, stored, found, longestWindowMs(plan)), extent);
    if (!covers(zone, reach)) wider.set(read.subjectKey, reach);
    return covers(zone, reach) && (stored.length > 0 || found.length > 0) ? [{ ...read, found }] : [];
  };
  for await (const page of pagesOf(readSubjects(plan, zone, ports.telemetry, { heads, only: subjects }))) {
    signal?.throwIfAborted();
    for (const { records } of page) result.records += records;
    for (const settled of await settleAll(hunt, page.flatMap(wholeOf))) add(result, settled);
  }
  return wider;
}

/**
 * What arrivals in a span can change: windows that end in it, or later while rounds of polling are remembered; and what
 * the alerts around it tell: a launch is joined for a day, and a later round makes an earlier alert recurring.
 */
function reachOf(sought: Plan, touched: Span, extent: Span): { judged: Span; told: Span } {
  const window = longestWindowMs(sought);
  const after = Math.max(sought.polling.lookbackMs, window) + window;
  return {
    judged: clampSpan(widenSpan(touched, 0, after), extent),
    told: clampSpan(widenSpan(touched, sought.polling.lookbackMs + EPISODE_GAP_MS, Math.max(after, DAY_MS)), extent),
  };
}

/** Of who has stored episodes, those whose alerts may have more to tell. */
async function actingOf(
  subjects: readonly string[],
  arrivals: Arrivals | undefined,
  telemetry: Telemetry,
): Promise<ReadonlySet<string>> {
  const acted = arrivals && (await telemetry.acted(arrivals, subjects));
  return new Set(acted ?? subjects);
}

const restingIn = (nearby: ReadonlyMap<string, Head>, acting: ReadonlySet<string>): Resting[] =>
  [...nearby].flatMap(([subject, { episodes }]) =>
    acting.has(subject) ? [] : episodes.map(({ start, end }) => ({ subject, from: start, to: end })),
  );

/** Who has episodes in the windows sought, but those who are known to have some. */
async function newIn(
  sought: Plan,
  { touched, extent }: Pick<Look, 'touched' | 'extent'>,
  known: Promise<ReadonlyMap<string, Head>>,
  telemetry: Telemetry,
  signal: AbortSignal | undefined,
): Promise<Set<string>> {
  const subjects = new Set<string>();
  for (const part of touched.parts) {
    const { judged } = reachOf(sought, part, extent);
    const reads = readSubjects(sought, judged, telemetry, { only: part.subjects, without: known });
    for await (const { subjectKey, found } of reads) {
      signal?.throwIfAborted();
      if (found.length > 0) subjects.add(subjectKey);
    }
  }
  return subjects;
}

/** So many subjects, or contacts of them (some 300 bytes each), are settled at once: what is read and written for each goes together. */
const PAGE_SUBJECTS = 128;
const PAGE_CONTACTS = 200_000;

async function* pagesOf(reads: AsyncIterable<ReadSubject>): AsyncIterable<ReadSubject[]> {
  let page: ReadSubject[] = [];
  let contacts = 0;
  for await (const read of reads) {
    page.push(read);
    contacts += read.contacts.length;
    if (page.length < PAGE_SUBJECTS && contacts < PAGE_CONTACTS) continue;
    yield page;
    page = [];
    contacts = 0;
  }
  if (page.length > 0) yield page;
}

async function settleAll(hunt: ZoneHunt, reads: readonly ReadSubject[]): Promise<SpanResult[]> {
  const { plan, ports, silencedBy } = hunt;
  const drafts = await draftAlerts(plan, reads, { ...ports, silencedBy });
  return allOf(reads.map((read) => settle(hunt, read, drafts.get(read)!)));
}

/** Writes a subject's episodes. */
async function settle(
  { plan, zone, judgeableFrom, ports }: ZoneHunt,
  read: ReadSubject,
  drafts: readonly Drafted[],
): Promise<SpanResult> {
  const { alerts, ...counts } = await writeEpisodes(
    ports.documents,
    { plan, subject: read.subjectKey, judgeableFrom },
    drafts,
    zone,
  );
  return {
    ...noCounts(),
    ...counts,
    suspects: 1,
    episodes: drafts.length,
    silenced: drafts.flatMap(({ found: { start, end }, silencedBy: by }) =>
      by === undefined ? [] : [{ subject: read.subjectKey, start, end, by }],
    ),
    alerts,
    resting: [],
    judged: [read.subjectKey],
    changed: changedSpans(read.found, counts.withdrawn + counts.merged > 0 ? zone : undefined),
  };
}

function add(result: SpanResult, more: SpanResult): void {
  addCounts(result, more);
  addUpset(result, more);
  result.silenced.push(...more.silenced);
  result.alerts.push(...more.alerts);
}

const changedSpans = (found: readonly FoundEpisode[], zone: Span | undefined): Span[] =>
  zone ? [zone] : found.map(({ start, end }) => ({ from: start, to: end }));
