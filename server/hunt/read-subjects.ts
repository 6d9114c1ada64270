import type { Plan } from '../../queries/plan.js';
import { AddressSet } from '../model/address.js';
import { EPISODE_GAP_MS, type FoundEpisode } from '../model/episode.js';
import { groupBy } from '../model/group-by.js';
import { lastBefore } from '../model/last-before.js';
import type { ContactRecord, Program, Span, Suspect, Telemetry } from '../model/ports.js';
import { clampSpan, isWithin, joinSpans, widenSpan } from '../model/spans.js';
import { parseSubjectKey, type Subject } from '../model/subject.js';
import { answerArps } from './answer-arps.js';
import type { EpisodeLaunch } from './facts.js';
import { findEpisodes, type Judged } from './find-episodes.js';
import type { SubjectRead } from './gather-facts.js';
import { Holders } from './holders.js';
import { inOrder, inTimeOrder } from './ordering.js';
import type { Head } from './reconcile.js';
import { type ToolMatch, toolMatcher } from './tool-match.js';
import { turn } from './turn.js';

/** A subject as read and judged: its episodes in the zone, and what its alerts are told from. */
export interface ReadSubject extends SubjectRead {
  found: FoundEpisode[];
  records: number;
  holders: Holders;
  match: (program: Program) => ToolMatch | undefined;
}

interface Readers {
  /** Stored episodes, which are read whole. */
  heads?: ReadonlyMap<string, Head>;
  /** These alone, all of them; absent: whoever may have some. */
  only?: readonly string[] | undefined;
  /** Not these: they may be asked for while suspects are. */
  without?: Promise<ReadonlyMap<string, unknown>>;
}

/**
 * Every subject that may have episodes in the zone, or has stored ones there: suspects of the aggregations, launches
 * that match a tool, and heads. Each is read only where its windows may fire, and judged exactly.
 */
export async function* readSubjects(
  plan: Plan,
  zone: Span,
  telemetry: Telemetry,
  { heads = new Map(), only: subjects, without }: Readers = {},
): AsyncIterable<ReadSubject> {
  const match = toolMatcher(plan);
  const [launches, suspicious] = await Promise.all([
    matchedLaunches(plan, zone, telemetry, match, subjects),
    telemetry.suspects(plan, zone, subjects),
  ]);
  const suspects = new Map(suspicious.map((one) => [one.subject, one]));
  const all = new Set([...suspects.keys(), ...launches.keys(), ...heads.keys(), ...(subjects ?? [])]);
  for (const subject of (await without)?.keys() ?? []) all.delete(subject);
  const wanted = [...all].map((subject) => ({
    subject,
    spans: spansToRead(plan, suspects.get(subject), launches.get(subject) ?? [], heads.get(subject), zone),
  }));
  const [queries, arps] = await Promise.all([
    plan.telemetry.serviceQueries ? telemetry.queries(wanted) : Promise.resolve([]),
    telemetry.arps(wanted),
  ]);
  const queriesBy = groupBy(queries, ({ subject }) => subject);
  const arpsBy = groupBy(arps, ({ subject }) => subject);
  const shared = new AddressSet(plan.tunables.SharedAddresses as readonly string[]);
  const holders = new Holders(await telemetry.holdings(addressesOf(all), zone), shared);
  const own = new AddressSet(plan.tunables.OwnNetworks as readonly string[]);

  const judge = (subjectKey: string, contacts: readonly ContactRecord[]): ReadSubject => {
    const subject = parseSubjectKey(subjectKey);
    const read: SubjectRead = {
      subject,
      subjectKey,
      contacts: inOrder(contacts.filter(belongsTo(plan, subject, holders)).map((contact) => inScope(contact, own))),
      queries: inTimeOrder(queriesBy.get(subjectKey) ?? []),
      arps: answerArps(inTimeOrder(arpsBy.get(subjectKey) ?? [])).filter(isOursByHolder(plan, subject, holders)),
      launches: launches.get(subjectKey) ?? [],
    };
    const isShared = subject.kind === 'address' && shared.has(subject.address);
    const judged = judgedBy(suspects.get(subjectKey), zone);
    const found = findEpisodes(plan, subject.kind, { ...read, isShared }, judged);
    const records = contacts.length + read.queries.length + read.arps.length + read.launches.length;
    return { ...read, found, records, holders, match };
  };

  for await (const { subject, contacts } of telemetry.contacts(wanted)) {
    await turn();
    all.delete(subject);
    yield judge(subject, contacts);
  }
  for (const subject of all) yield judge(subject, []);
}

async function matchedLaunches(
  plan: Plan,
  zone: Span,
  telemetry: Telemetry,
  match: (program: Program) => ToolMatch | undefined,
  subjects: readonly string[] | undefined,
): Promise<Map<string, EpisodeLaunch[]>> {
  const matched: EpisodeLaunch[] = [];
  if (subjects?.every((subject) => parseSubjectKey(subject).kind === 'address')) return new Map(); // those launch nothing
  for await (const page of telemetry.launches(plan, zone, (program) => match(program) !== undefined, subjects))
    for (const launch of page) {
      const by = match(launch);
      if (by) matched.push({ ...launch, match: by });
    }
  return groupBy(matched, ({ subject }) => subject);
}

/**
 * What must be read so that the windows in question are exact: their members, the rounds before those, and what goes on
 * as polling after them; around launches and stored episodes what their alerts tell.
 */
function spansToRead(
  plan: Plan,
  suspect: Suspect | undefined,
  launches: readonly EpisodeLaunch[],
  head: Head | undefined,
  zone: Span,
): Span[] {
  const { lookbackMs } = plan.polling;
  const regions = (suspect?.regions ?? []).map(({ windowSeconds, ends }) => {
    const windowMs = windowSeconds * 1_000;
    return widenSpan(ends, windowMs + Math.max(lookbackMs, windowMs), lookbackMs);
  });
  const starts = launches.map(({ time }) => ({ from: time - EPISODE_GAP_MS, to: time + EPISODE_GAP_MS }));
  const stored = (head?.episodes ?? [])
    .map(({ start, end }) => ({ from: start, to: end }))
    .filter(({ from, to }) => from <= zone.to && to >= zone.from);
  return joinSpans([...regions, ...starts, ...stored], EPISODE_GAP_MS);
}

/** Windows that end where the aggregations could not rule them out, and launches, within the zone. */
function judgedBy(suspect: Suspect | undefined, zone: Span): Judged {
  const regions = groupBy(suspect?.regions ?? [], ({ windowSeconds }) => windowSeconds);
  const ends = new Map(
    [...regions].map(([seconds, own]) => [
      seconds,
      joinSpans(
        own.map((region) => clampSpan(region.ends, zone)),
        1,
      ),
    ]),
  );
  return (windowSeconds, time) => {
    if (windowSeconds === 0) return isWithin(time, zone);
    return isInOne(ends.get(windowSeconds) ?? [], time);
  };
}

/** Spans in order and apart: the last that begins at or before the time decides. */
function isInOne(spans: readonly Span[], time: number): boolean {
  const span = lastBefore(spans, time, ({ from }) => from);
  return span !== undefined && time <= span.to;
}

const addressesOf = (subjects: Iterable<string>): string[] =>
  [...subjects].flatMap((key) => {
    const subject = parseSubjectKey(key);
    return subject.kind === 'address' ? [subject.address] : [];
  });

/**
 * Whether a contact is hunted by this analytic: what names a container by AN1060 only, processes by their platform,
 * flows by the host that holds their source at that time.
 */
function belongsTo(plan: Plan, subject: Subject, holders: Holders): (contact: ContactRecord) => boolean {
  const { container, platform, unattributed } = plan.telemetry;
  const isOurs = isOursByHolder(plan, subject, holders);
  return (contact) => {
    if (contact.container !== '') return container;
    if (subject.kind === 'address') return isOurs(contact);
    return !container && (contact.platform === null ? unattributed : contact.platform === platform);
  };
}

function isOursByHolder(plan: Plan, subject: Subject, holders: Holders): (seen: { time: number }) => boolean {
  return ({ time }) => subject.kind === 'address' && holders.analyticOf(subject.address, time) === plan.analytic;
}

const inScope = (contact: ContactRecord, own: AddressSet): ContactRecord =>
  contact.scope === 'foreign' && own.has(contact.destination) ? { ...contact, scope: 'own' } : contact;
