import { AddressSet, isSameSubnet } from '../model/address.js';
import { type ScanhoundFields, SEVERITY, type Severity, type Shape } from '../model/alert.js';
import { isFailed } from '../model/observation.js';
import type { ContactRecord } from '../model/ports.js';
import { type EpisodeFacts, telling } from './facts.js';
import { distinct } from './ordering.js';
import { socketKey } from './polling.js';
import { walk } from './trw.js';

export type ScorePart = ScanhoundFields['score_parts'][number];

/** What of a score is known before it is put together. */
interface Scored {
  facts: EpisodeFacts;
  shape: Shape;
  runs: ScanhoundFields['runs'];
  targets: ScanhoundFields['targets'];
}

/**
 * The parts of the score, those of no points left out. Their sum, from 1 to 100, is `event.risk_score`. The weights
 * order alerts; they decide nothing: what fires is decided by the measures alone.
 */
export function scoreParts(scored: Scored): ScorePart[] {
  const { facts } = scored;
  const parts = [
    measurePart(facts),
    shapePart(scored.shape),
    ratePart(facts, scored.targets),
    runPart(scored.runs),
    failurePart(facts),
    portPart(facts),
    ...toolParts(facts),
    contextPart(facts),
    ...placeParts(facts),
    namePart(facts),
  ];
  return parts.filter(({ points }) => points !== 0);
}

/** A poller's score stays below every scan's. */
const RECURRING_MOST = 15;

export function scoreOf(parts: readonly ScorePart[], isRecurring: boolean): number {
  const sum = parts.reduce((total, { points }) => total + points, 0);
  return Math.max(1, Math.min(isRecurring ? RECURRING_MOST : 100, Math.round(sum)));
}

/** Launch alone low, contacts alone medium, both high; polling low. A raw socket stands for contacts nobody logged. */
export function severityOf({ episode, launches, rawSockets, isRecurring }: EpisodeFacts): Severity {
  if (isRecurring) return 'low';
  const hasTool = launches.some(({ match }) => match !== undefined);
  const hasContacts = episode.measures.length > 0 || rawSockets.length > 0;
  if (hasTool && hasContacts) return 'high';
  return hasContacts ? 'medium' : 'low';
}

export const severityNumber = (severity: Severity): number => SEVERITY[severity];

function measurePart({ episode }: EpisodeFacts): ScorePart {
  const most = episode.measures.reduce(
    (ratio, { distinct: count, threshold }) => Math.max(ratio, count / threshold),
    0,
  );
  const points = most === 0 ? 0 : Math.min(25, 10 + 5 * Math.log2(most));
  return { name: 'measures', points: Math.round(points), says: `${round(most)} times the threshold` };
}

function shapePart(shape: Shape): ScorePart {
  const points = { block: 10, vertical: 8, horizontal: 8, 'service enumeration': 15, link: 10, launch: 5 }[shape];
  return { name: 'shape', points, says: shape };
}

function ratePart({ episode }: EpisodeFacts, { sockets }: ScanhoundFields['targets']): ScorePart {
  const seconds = Math.max(1, (episode.end - episode.start) / 1_000);
  const rate = sockets / seconds;
  const points = rate >= 10 ? 10 : rate >= 1 ? 6 : rate >= 0.1 ? 3 : 0;
  return { name: 'rate', points: sockets === 0 ? 0 : points, says: `${round(rate)} sockets a second` };
}

function runPart(runs: ScanhoundFields['runs']): ScorePart {
  const points =
    (runs.ports >= 12 ? 6 : 0) +
    (runs.addresses >= 8 ? 4 : 0) +
    (runs.unit_steps >= 0.8 ? 2 : 0) +
    (runs.density >= 0.5 ? 3 : 0);
  return {
    name: 'runs',
    points,
    says: `${runs.ports} ports and ${runs.addresses} addresses in a row, ${percent(runs.unit_steps)} steps of one, density ${percent(runs.density)}`,
  };
}

function failurePart({ contacts }: EpisodeFacts): ScorePart {
  const reached = telling(contacts);
  const sockets = distinct(reached.map(socketKey)).length;
  const failed = distinct(reached.filter(isFailed).map(socketKey)).length;
  const share = sockets === 0 ? 0 : failed / sockets;
  const verdict = walk(firstOutcomes(reached));
  const byShare = share >= 0.8 ? 15 : share >= 0.5 ? 10 : share >= 0.2 ? 5 : 0;
  return {
    name: 'failures',
    points: verdict === 'scanner' ? Math.max(10, byShare) : byShare,
    says: `${percent(share)} of the sockets failed; threshold random walk: ${verdict}`,
  };
}

function firstOutcomes(contacts: readonly ContactRecord[]): ContactRecord['outcome'][] {
  const seen = new Set<string>();
  return contacts.flatMap(({ destination, outcome }) => {
    if (seen.has(destination)) return [];
    seen.add(destination);
    return [outcome];
  });
}

/** Ports whose services are taken over or enumerated first (ATT&CK's procedures of T1046). */
const SENSITIVE = new Set([
  21, 22, 23, 53, 88, 111, 135, 139, 389, 445, 636, 1433, 1521, 2375, 3306, 3389, 5432, 5900, 5985, 5986, 6379, 6443,
  7001, 8080, 9200, 10250, 27017,
]);

function portPart({ contacts }: EpisodeFacts): ScorePart {
  const ports = distinct(telling(contacts).flatMap(({ port }) => (port !== null && SENSITIVE.has(port) ? [port] : [])));
  const points = ports.length >= 5 ? 8 : ports.length > 0 ? 4 : 0;
  return { name: 'ports', points, says: `${ports.length} sensitive ports` };
}

function toolParts({ launches, rawSockets }: EpisodeFacts): ScorePart[] {
  const matched = launches.filter(({ match }) => match !== undefined);
  const by = distinct(matched.map(({ match }) => match!.by)).sort();
  return [
    { name: 'tool', points: by.length > 0 ? 15 : 0, says: `launches match ${by.join(', ')}` },
    {
      name: 'renamed tool',
      points: matched.some(({ match }) => match!.renamed) ? 10 : 0,
      says: 'the original file name is a scanner, the name is not',
    },
    { name: 'raw sockets', points: rawSockets.length > 0 ? 8 : 0, says: `${rawSockets.length} raw or packet sockets` },
  ];
}

function contextPart({ contacts, launches }: EpisodeFacts): ScorePart {
  const isInteractive = [...contacts, ...launches].some(({ context }) => context === 'interactive');
  return { name: 'user context', points: isInteractive ? 4 : 0, says: 'interactive' };
}

const BREAKOUT_PORTS = new Set([2375, 2376, 10250, 10255, 10257, 10259]);
const METADATA = new Set(['169.254.169.254', 'fd00:ec2::254', '100.100.100.200']);

/** Containers: inside is what ATT&CK asks for; kubelet, container API and metadata are the way out. */
function placeParts({ plan, contacts }: EpisodeFacts): ScorePart[] {
  if (!plan.telemetry.container) return [];
  const reached = telling(contacts);
  const pods = new AddressSet(plan.tunables.PodNetworks as readonly string[]);
  const inside = reached.filter((contact) => isInside(contact, pods)).length;
  const share = reached.length === 0 ? 0 : inside / reached.length;
  const isBreakout = contacts.some(
    ({ destination, port }) => METADATA.has(destination) || (port !== null && BREAKOUT_PORTS.has(port)),
  );
  return [
    {
      name: 'place',
      points: reached.length === 0 ? 0 : share >= 0.5 ? 8 : -10,
      says: `${percent(share)} of the contacts are inside the namespace or subnet`,
    },
    { name: 'breakout', points: isBreakout ? 10 : 0, says: 'kubelet, container API or cloud metadata' },
  ];
}

function isInside({ destination, source, namespace, destinationNamespace }: ContactRecord, pods: AddressSet): boolean {
  if (namespace !== null && destinationNamespace !== null) return namespace === destinationNamespace;
  if (pods.has(destination)) return true;
  return source !== null && isSameSubnet(source, destination);
}

const MANY_NAMES = 20;

function namePart({ namesLookedUp }: EpisodeFacts): ScorePart {
  return { name: 'names', points: namesLookedUp >= MANY_NAMES ? 3 : 0, says: `${namesLookedUp} names looked up` };
}

const round = (number: number): number => Math.round(number * 10) / 10;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
