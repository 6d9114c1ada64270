import type { Alert, ScanhoundFields } from '../model/alert.js';
import { SEVERITY, type Severity } from '../model/alert.js';
import { EPISODE_GAP_MS } from '../model/episode.js';
import { parseSubjectKey } from '../model/subject.js';

/** A standing alert, or a silenced episode in the form of one. */
export interface Joinable {
  id: string;
  alert: Alert;
  silenced: boolean;
}

const NETWORK_PART = 'network side';

/**
 * One scan, one alert, whatever saw it. Pure: the same alerts give the same joins whatever was joined before.
 *
 * - A launch that stands alone joins what it started (the same process, or its children) on the same host.
 * - The alert of an address joins the process alert with most sockets of the host that holds it, when both overlap or
 *   come within 15 minutes: a launch and its flows are seen by different clocks. The process alert carries the
 *   address's measures.
 *
 * What joins a silenced episode is silenced with it. Gives every alert in its new form, changed or not.
 */
export function joinAlerts(joinables: readonly Joinable[]): Joinable[] {
  const plain = joinables.map((one) => ({ ...one, alert: unjoin(one.alert) })).sort(byStart);
  const to = new Map<Joinable, Joinable>();
  const processes = plain.filter(isProcess);
  for (const family of familiesOf(processes)) joinFamily(family, to);
  for (const one of plain) {
    if (isProcess(one)) continue;
    const [most] = processes
      .filter((other) => !to.has(other) && isSameHost(one, other) && isNear(one, other))
      .sort(byWeight);
    if (most) to.set(one, most);
  }
  return plain.map((one) => {
    const primary = to.get(one);
    if (primary) return joined(one, primary);
    return withJoined(
      one,
      plain.filter((other) => to.get(other) === one),
    );
  });
}

/** The alert without what joining added. */
export function unjoin(alert: Alert): Alert {
  const { joined: _, joined_to: __, ...scanhound } = alert.scanhound;
  if (!alert.scanhound.joined && !alert.scanhound.joined_to) return alert;
  const parts = scanhound.score_parts.filter(({ name }) => name !== NETWORK_PART);
  const added = alert.scanhound.score_parts.find(({ name }) => name === NETWORK_PART)?.points ?? 0;
  const own: ScanhoundFields = {
    ...scanhound,
    state: scanhound.polling.recurring ? 'recurring' : 'active',
    severity: scanhound.own_severity ?? scanhound.severity,
    measures: scanhound.measures.filter(({ subject }) => subject === scanhound.subject.kind),
    score_parts: parts,
  };
  delete own.own_severity;
  delete own.own_reason;
  return {
    ...alert,
    event: {
      ...alert.event,
      reason: scanhound.own_reason ?? alert.event.reason,
      risk_score: alert.event.risk_score - added,
      severity: SEVERITY[own.severity],
    },
    scanhound: own,
  };
}

const isProcess = ({ alert }: Joinable): boolean => alert.scanhound.subject.kind === 'process';

/** Process alerts of one host that started one another, near in time. */
function familiesOf(processes: readonly Joinable[]): Joinable[][] {
  const families: Joinable[][] = [];
  for (const one of processes) {
    const related = families.filter((family) => family.some((other) => isRelated(one, other)));
    const merged = [one, ...related.flat()];
    for (const family of related) families.splice(families.indexOf(family), 1);
    families.push(merged);
  }
  return families;
}

function isRelated(one: Joinable, other: Joinable): boolean {
  if (!isSameHost(one, other) || !isNear(one, other)) return false;
  const a = one.alert.scanhound.processes;
  const b = other.alert.scanhound.processes;
  const share = (some: readonly string[], others: readonly string[]) => some.some((id) => others.includes(id));
  return share(a.ids, b.ids) || share(a.ids, b.parents) || share(b.ids, a.parents);
}

/** Launches that stand alone join the family's weightiest; scans of their own stay apart. */
function joinFamily(family: readonly Joinable[], to: Map<Joinable, Joinable>): void {
  const [most, ...others] = [...family].sort(byWeight);
  if (!most) return;
  for (const other of others) if (other.alert.scanhound.measures.length === 0) to.set(other, most);
}

function byWeight(one: Joinable, other: Joinable): number {
  return (
    weight(other) - weight(one) ||
    toolWeight(other) - toolWeight(one) ||
    other.alert.event.start.localeCompare(one.alert.event.start) ||
    one.id.localeCompare(other.id)
  );
}

const weight = ({ alert }: Joinable): number =>
  (alert.scanhound.measures.length > 0 ? 1 : 0) + alert.scanhound.targets.sockets;

/** Among launches without contacts: one that made raw sockets, then a known tool, before a shell that named one. */
function toolWeight({ alert: { scanhound } }: Joinable): number {
  const hasRaw = scanhound.evidence.some(({ kind }) => kind === 'raw_socket');
  const isListed = scanhound.launches.some(({ match }) => match === 'ScanToolList');
  return (hasRaw ? 2 : 0) + (isListed ? 1 : 0);
}

function isSameHost(one: Joinable, other: Joinable): boolean {
  const [a, b] = [hostOf(one.alert), hostOf(other.alert)];
  if (isProcess(one) !== isProcess(other)) return a !== '' && a === b;
  return a === b && containerOf(one.alert) === containerOf(other.alert);
}

function hostOf(alert: Alert): string {
  const subject = parseSubjectKey(alert.scanhound.subject.key);
  return subject.kind === 'process' ? subject.host : (alert.host?.id ?? alert.host?.name ?? '');
}

const containerOf = (alert: Alert): string => alert.container?.id ?? '';

function isNear(one: Joinable, other: Joinable): boolean {
  const [a, b] = [one.alert.event, other.alert.event];
  const reaches = (end: string, start: string) => Date.parse(start) <= Date.parse(end) + EPISODE_GAP_MS;
  return reaches(a.end, b.start) && reaches(b.end, a.start);
}

const byStart = (one: Joinable, other: Joinable): number =>
  one.alert.event.start.localeCompare(other.alert.event.start) || one.id.localeCompare(other.id);

function joined(one: Joinable, primary: Joinable): Joinable {
  const scanhound: ScanhoundFields = { ...one.alert.scanhound, state: 'joined', joined_to: primary.id };
  return { ...one, alert: { ...one.alert, scanhound } };
}

function withJoined(one: Joinable, others: readonly Joinable[]): Joinable {
  if (others.length === 0) return one;
  const { scanhound, event } = one.alert;
  const carried = others.filter((other) => !isProcess(other));
  const severity = severityOf(one, others);
  const risk = Math.min(
    100,
    Math.max(event.risk_score, ...others.map(({ alert }) => alert.event.risk_score)) + 5 * carried.length,
  );
  const added = risk - event.risk_score;
  const says = carried.map(({ alert }) => alert.event.reason).join(' ');
  return {
    ...one,
    alert: {
      ...one.alert,
      event: {
        ...event,
        risk_score: risk,
        severity: SEVERITY[severity],
        reason: says === '' ? event.reason : `${event.reason} On the network: ${says}`,
      },
      scanhound: {
        ...scanhound,
        severity,
        own_severity: scanhound.severity,
        own_reason: event.reason,
        measures: [...scanhound.measures, ...carried.flatMap(({ alert }) => alert.scanhound.measures)],
        score_parts: [
          ...scanhound.score_parts,
          ...(added === 0
            ? []
            : [{ name: NETWORK_PART, points: added, says: `${others.length} alerts of the same scan` }]),
        ],
        joined: others.map(({ id, alert }) => ({
          id,
          subject: alert.scanhound.subject,
          shape: alert.scanhound.shape,
          targets: {
            hosts: alert.scanhound.targets.hosts,
            ports: alert.scanhound.targets.ports,
            sockets: alert.scanhound.targets.sockets,
          },
        })),
      },
    },
  };
}

/** A launch and its flows are both halves of a scan: together high. */
function severityOf(one: Joinable, others: readonly Joinable[]): Severity {
  const all = [one, ...others].map(({ alert }) => alert.scanhound);
  if (all.every(({ polling }) => polling.recurring)) return 'low';
  const hasTool = all.some(({ launches }) => launches.some(({ match }) => match !== undefined));
  const hasContacts = all.some(({ measures }) => measures.length > 0);
  if (hasTool && hasContacts) return 'high';
  const most = Math.max(...all.map(({ severity }) => SEVERITY[severity]));
  return (Object.keys(SEVERITY) as Severity[]).find((severity) => SEVERITY[severity] === most)!;
}
