import type { Plan } from '../../queries/plan.js';
import { DAY_MS, EPISODE_GAP_MS, type FoundEpisode } from '../model/episode.js';
import type { ContactRecord, Holding, Launch, ProcessEvent, Span, Telemetry } from '../model/ports.js';
import { isWithin, widenSpan } from '../model/spans.js';
import type { Subject } from '../model/subject.js';
import { type EpisodeFacts, type EpisodeLaunch, sourcesOf, telling } from './facts.js';
import type { Holders } from './holders.js';
import { joinLaunches } from './join-launches.js';
import { distinct, inTimeOrder } from './ordering.js';
import { roundStarts, socketKey } from './polling.js';
import type { Observations } from './populations.js';
import type { ToolMatch } from './tool-match.js';
import { turn } from './turn.js';

/** What one subject did, as read for a hunt: contacts in the shared order. */
export interface SubjectRead {
  subject: Subject;
  subjectKey: string;
  contacts: readonly ContactRecord[];
  queries: Observations['queries'];
  arps: Observations['arps'];
  /** Launches of the subject that match a tool and alert alone. */
  launches: readonly EpisodeLaunch[];
}

/** What was read of a subject that its episode is about, polling apart. */
export type EpisodeRead = Omit<
  EpisodeFacts,
  'launches' | 'rawSockets' | 'namesLookedUp' | 'holder' | 'addresses' | 'platform'
> & { own: readonly EpisodeLaunch[] };

export function readOf(plan: Plan, read: SubjectRead, episode: FoundEpisode): EpisodeRead {
  const span: Span = { from: episode.start, to: episode.end };
  const within = <T extends { time: number }>(all: readonly T[]) => all.filter(({ time }) => isWithin(time, span));
  return {
    plan,
    subject: read.subject,
    subjectKey: read.subjectKey,
    episode,
    ...splitPolling(plan, read.contacts, span),
    queries: within(read.queries),
    arps: within(read.arps),
    own: within(read.launches),
  };
}

/** Reads what an episode's alert needs beyond its windows: launches, raw sockets, names, host and addresses. */
export async function gatherFacts(
  { own, ...base }: EpisodeRead,
  {
    telemetry,
    holders,
    match,
  }: { telemetry: Telemetry; holders: Holders; match: (launch: Launch) => ToolMatch | undefined },
): Promise<EpisodeFacts> {
  const { subject, subjectKey, episode, contacts } = base;
  const span: Span = { from: episode.start, to: episode.end };
  if (subject.kind === 'address') {
    const holder = holders.holderOf(subject.address, episode.start);
    const addresses = holder ? [subject.address] : [];
    return { ...base, launches: [], rawSockets: [], namesLookedUp: 0, holder, addresses, platform: null };
  }
  const { host } = subject;
  const ids = distinct([...contacts, ...own].flatMap(({ process }) => (process === null ? [] : [process])));
  const lately = widenSpan(span, DAY_MS, 0);
  const [started, events, held] = await Promise.all([
    telemetry.launchesOf(host, ids, lately),
    telemetry.processEventsOf(host, ids, widenSpan(lately, 0, EPISODE_GAP_MS)),
    host === '' ? Promise.resolve([]) : telemetry.addressesOf([host], span),
  ]);
  await turn();
  const joined = joinLaunches(
    contacts,
    started,
    events.filter(({ kind }) => kind === 'exit'),
  );
  const launches = withMatches([...own, ...joined], match);
  const known = [...launches, ...contacts];
  return {
    ...base,
    launches,
    rawSockets: rawSocketsOf(events, subjectKey, span),
    namesLookedUp: namesIn(events, span),
    holder: { host, hostName: known.find(({ hostName }) => hostName !== null)?.hostName ?? null },
    addresses: addressesOf(held, contacts),
    platform: known.find(({ platform }) => platform !== null)?.platform ?? null,
  };
}

/** Contacts within the span, polling apart; and whether every socket that tells of scanning goes on as polling. */
function splitPolling(plan: Plan, all: readonly ContactRecord[], span: Span) {
  const starts = roundStarts(all, plan.polling);
  const isPolling = (index: number) => starts[index]! >= all[index]!.time - plan.polling.lookbackMs;
  const contacts: ContactRecord[] = [];
  const polled: ContactRecord[] = [];
  const polledSockets = new Set<string>();
  const after = widenSpan(span, 0, plan.polling.lookbackMs);
  all.forEach((contact, index) => {
    if (isPolling(index) && isWithin(contact.time, after)) polledSockets.add(socketKey(contact));
    if (isWithin(contact.time, span)) (isPolling(index) ? polled : contacts).push(contact);
  });
  const told = telling(contacts);
  const isRecurring = told.length > 0 && told.every((contact) => polledSockets.has(socketKey(contact)));
  return { contacts, polled, isRecurring };
}

function withMatches(launches: readonly Launch[], match: (launch: Launch) => ToolMatch | undefined): EpisodeLaunch[] {
  const byEvidence = new Map(launches.map((launch) => [launch.evidence, launch]));
  return inTimeOrder([...byEvidence.values()].map((launch) => ({ ...launch, match: match(launch) })));
}

const rawSocketsOf = (events: readonly ProcessEvent[], subject: string, span: Span): ProcessEvent[] =>
  events.filter(
    (event) =>
      event.kind === 'raw_socket' &&
      event.subject === subject &&
      isWithin(event.time, widenSpan(span, EPISODE_GAP_MS, EPISODE_GAP_MS)),
  );

const namesIn = (events: readonly ProcessEvent[], span: Span): number =>
  distinct(events.filter(({ kind, time }) => kind === 'name_query' && isWithin(time, span)).map(({ value }) => value))
    .length;

/** What the host itself was seen with; a container's own addresses are not its node's. */
function addressesOf(held: readonly Holding[], contacts: readonly ContactRecord[]): string[] {
  const own = held.filter(({ container }) => container === '').map(({ address }) => address);
  return distinct([...own, ...sourcesOf(contacts)]).sort();
}
