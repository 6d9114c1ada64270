import { longestWindowMs, type Plan, withWindows } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS, type FoundEpisode } from '../model/episode.js';
import type { Documents, Span, Telemetry } from '../model/ports.js';
import { noCounts, type RunCounts } from '../model/run.js';
import { allowLists, type Origin } from './allow-list.js';
import { locate, sampleOf } from './evidence.js';
import { type EpisodeFacts, sourcesOf } from './facts.js';
import { gatherFacts } from './gather-facts.js';
import { headsIn } from './heads.js';
import { type ReadSubject, readSubjects } from './read-subjects.js';
import { reachBeyond } from './reconcile.js';
import { clampSpan, widenSpan } from './spans.js';
import { toAlert } from './to-alert.js';
import { type Drafted, writeEpisodes } from './write-episodes.js';

/** What a hunt is made of and told; `signal` ends it between two subjects. */
export interface HuntPorts {
  telemetry: Telemetry;
  documents: Documents;
  now: () => number;
}

export interface SpanResult extends RunCounts {
  silenced: { subject: string; start: number; end: number; by: string }[];
  alerts: string[];
  /** Stretches of time in which alerts stand or stood: what is to be joined anew. */
  changed: Span[];
}

/**
 * Hunts the windows that the event times of a span can change, widening for the subjects whose episodes reach further,
 * and writes their episodes. What lies beyond the telemetry's own extent is not read. Who has episodes is found by a
 * narrow reading first, and only they are read whole.
 *
 * @param windows lengths in seconds that are due: subjects are sought by these alone. Of who is found, and of who has
 * episodes stored nearby, all windows are judged, so that what is written does not depend on which were due.
 */
export async function huntSpan(
  plan: Plan,
  windows: readonly number[],
  touched: Span,
  ports: HuntPorts,
  signal?: AbortSignal,
): Promise<SpanResult> {
  const result: SpanResult = {
    ...noCounts(),
    silenced: [],
    alerts: [],
    changed: [],
  };
  const extent = await ports.telemetry.extent();
  if (!extent) return result;
  const silencedBy = allowLists(plan);
  const longest = longestWindowMs(plan);
  const sought = withWindows(plan, windows);
  const { judged, told } = reachOf(sought, touched, extent);
  let subjects = await subjectsOf(sought, judged, told, ports, signal);
  // Of few subjects all is read at about the cost of a little: windows of a day reach that far at once.
  let zone = clampSpan(widenSpan(told, longest, longest), extent);
  while (subjects.length > 0) {
    const wider = new Map<string, Span>();
    const heads = await headsIn(ports.documents, plan.analytic, zone, subjects);
    for await (const read of readSubjects(plan, zone, ports.telemetry, { heads, only: subjects })) {
      signal?.throwIfAborted();
      result.records += read.records;
      const stored = heads.get(read.subjectKey)?.episodes ?? [];
      const reach = clampSpan(reachBeyond(zone, stored, read.found, longest), extent);
      if (reach.from < zone.from || reach.to > zone.to) wider.set(read.subjectKey, reach);
      else await settle(plan, read, zone, { ports, silencedBy }, result);
    }
    subjects = [...wider.keys()];
    for (const { from, to } of wider.values())
      zone = { from: Math.min(zone.from, from - longest), to: Math.max(zone.to, to + longest) };
    zone = clampSpan(zone, extent);
  }
  return result;
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

/** Who may have other episodes than before: whoever has some in the windows sought, or stored ones that may tell more. */
async function subjectsOf(
  sought: Plan,
  judged: Span,
  told: Span,
  { telemetry, documents }: HuntPorts,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const subjects = new Set((await headsIn(documents, sought.analytic, told)).keys());
  for await (const { subjectKey, found } of readSubjects(sought, judged, telemetry)) {
    signal?.throwIfAborted();
    if (found.length > 0) subjects.add(subjectKey);
  }
  return [...subjects];
}

/** Drafts the alerts of a subject's episodes, holds them against the allow lists, writes them. */
async function settle(
  plan: Plan,
  read: ReadSubject,
  zone: Span,
  { ports, silencedBy }: { ports: HuntPorts; silencedBy: ReturnType<typeof allowLists> },
  result: SpanResult,
): Promise<void> {
  const drafts: Drafted[] = [];
  for (const found of read.found) {
    const facts = await gatherFacts(plan, read, found, { telemetry: ports.telemetry, ...read });
    const samples = sampleOf(facts);
    const originals = await ports.telemetry.originals(samples.map(({ ref }) => ref));
    const by = silencedBy(originOf(facts));
    if (by) result.silenced.push({ subject: read.subjectKey, start: found.start, end: found.end, by });
    drafts.push({ found, alert: toAlert(facts, locate(samples, originals), ports.now()), silencedBy: by });
  }
  const written = await writeEpisodes(ports.documents, { plan, subject: read.subjectKey }, drafts, zone);
  result.suspects++;
  result.episodes += drafts.length;
  for (const count of ['created', 'updated', 'merged', 'withdrawn'] as const) result[count] += written[count];
  result.alerts.push(...written.alerts);
  result.changed.push(...changedSpans(read.found, written.withdrawn + written.merged > 0 ? zone : undefined));
}

const changedSpans = (found: readonly FoundEpisode[], zone: Span | undefined): Span[] =>
  zone ? [zone] : found.map(({ start, end }) => ({ from: start, to: end }));

function originOf({ subject, contacts, addresses, holder }: EpisodeFacts): Origin {
  return {
    executables: subject.kind === 'process' ? [subject.process] : [],
    addresses: [...addresses, ...sourcesOf(contacts), ...(subject.kind === 'address' ? [subject.address] : [])],
    hosts: holder ? [holder.host, holder.hostName ?? ''].filter((name) => name !== '') : [],
  };
}
