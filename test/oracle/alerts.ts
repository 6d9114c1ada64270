import ipaddr from 'ipaddr.js';
import type { AnalyticId } from '../../queries/analytic.js';
import type { Plan } from '../../queries/plan.js';
import { DAY_MS, type FoundEpisode } from '../../server/model/episode.js';
import type { Contact } from '../../server/model/observation.js';
import { type Subject, subjectKey } from '../../server/model/subject.js';
import { oracleEpisodes } from './episodes.js';
import type { Observations } from './populations.js';
import type { Arp, Connection, Flow, Host, Launch, Question, TelemetryRecord } from './records.js';

/** An alert as the rules want it at the end, before the alerts of a host and of its address are joined. */
export interface ExpectedAlert {
  analytic: AnalyticId;
  subject: string;
  episode: FoundEpisode;
}

/**
 * What all telemetry together gives, whatever the order it comes in: every record is given to one analytic and subject,
 * and each of these is judged by itself.
 *
 * @param shared addresses that many hosts share: no host holds one of them
 */
export function oracleAlerts(
  records: readonly TelemetryRecord[],
  plans: readonly Plan[],
  shared: readonly string[],
): ExpectedAlert[] {
  const cases = new Map<string, { analytic: AnalyticId; subject: Subject; seen: Observations }>();
  for (const record of records) {
    if (record.kind === 'sighting' || (record.kind === 'arp' && record.isReply)) continue;
    const subject = subjectOf(record);
    const isShared = subject.kind === 'address' && shared.includes(subject.address);
    const analytic = analyticOf(record, isShared ? [] : records);
    const key = `${analytic} ${subjectKey(subject)}`;
    const seen: Observations = { contacts: [], queries: [], arps: [], launches: [], isShared };
    if (!cases.has(key)) cases.set(key, { analytic, subject, seen });
    observe(cases.get(key)!.seen, record, records);
  }
  return [...cases.values()].flatMap(({ analytic, subject, seen }) => {
    const plan = plans.find((one) => one.analytic === analytic);
    const episodes = plan ? oracleEpisodes(plan, subject.kind, seen) : [];
    return episodes.map((episode) => ({ analytic, subject: subjectKey(subject), episode }));
  });
}

type Act = Connection | Flow | Question | Arp | Launch;

function subjectOf(record: Act): Subject {
  if (record.kind !== 'connection' && record.kind !== 'launch') return { kind: 'address', address: record.source };
  const { host, container, program } = record;
  return { kind: 'process', host: host.id, container: container ?? '', process: program.toLowerCase() };
}

function analyticOf(record: Act, records: readonly TelemetryRecord[]): AnalyticId {
  if (record.kind === 'question') return 'AN1059';
  if (record.kind === 'connection' || record.kind === 'launch')
    return record.container === null ? analyticOn(record.host) : 'AN1060';
  const [holder, another] = holdersOf(record.source, record.time, records);
  return holder && !another ? analyticOn(holder) : 'AN1058';
}

function analyticOn({ platform }: Host): AnalyticId {
  if (platform === 'windows') return 'AN1057';
  return platform === 'macos' ? 'AN1059' : 'AN1058';
}

/** The hosts that were seen with an address up to a day before or after. */
export function holdersOf(address: string, time: number, records: readonly TelemetryRecord[]): Host[] {
  const holders = records.flatMap((record) => {
    if (Math.abs(record.time - time) > DAY_MS) return [];
    if (record.kind === 'sighting' && record.addresses.includes(address)) return [record.host];
    return record.kind === 'connection' && record.source === address ? [record.host] : [];
  });
  return holders.filter(({ id }, i) => holders.findIndex((other) => other.id === id) === i);
}

function observe(seen: Observations, record: Act, records: readonly TelemetryRecord[]): void {
  const { time } = record;
  if (record.kind === 'launch') {
    if (isTool(record)) seen.launches.push({ time });
  } else if (record.kind === 'question')
    seen.queries.push({ time, evidence: '', name: record.name.toLowerCase().replace(/\.$/, ''), hash: null });
  else if (record.kind === 'arp')
    seen.arps.push({ time, evidence: '', target: record.target, answered: isAnswered(record, records) });
  else {
    const { source, destination, port, outcome } = record;
    const transport = record.kind === 'connection' ? record.transport : port === null ? 'icmp' : 'tcp';
    const scope = scopeOf(source, destination);
    seen.contacts.push({ time, evidence: '', destination, port, transport, outcome, scope, context: null });
  }
}

/** The only tool of the lists that a generated site has. */
const isTool = ({ program }: Launch): boolean => /[/\\]nmap(\.exe)?$/i.test(program);

/** The target told its place to who asked, within a second. */
const isAnswered = ({ time, source, target }: Arp, records: readonly TelemetryRecord[]): boolean =>
  records.some(
    (reply) =>
      reply.kind === 'arp' &&
      reply.isReply &&
      reply.source === target &&
      reply.target === source &&
      reply.time >= time &&
      reply.time <= time + 1_000,
  );

const OWN_RANGES = ['private', 'carrierGradeNat', 'linkLocal', 'uniqueLocal'];

function scopeOf(source: string, destination: string): Contact['scope'] {
  const to = ipaddr.parse(destination);
  const from = ipaddr.parse(source);
  if (to.range() === 'loopback' || destination === source) return 'self';
  if (OWN_RANGES.includes(to.range())) return 'own';
  const isNear = to instanceof ipaddr.IPv6 && from instanceof ipaddr.IPv6 && to.match(from, 64);
  return isNear ? 'own' : 'foreign';
}
