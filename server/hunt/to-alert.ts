import type { Alert, AlertLaunch, AlertMeasure, Evidence, ScanhoundFields } from '../model/alert.js';
import type { Outcome } from '../model/observation.js';
import { formatTime } from '../model/time.js';
import { type EpisodeFacts, type EpisodeLaunch, sourcesOf } from './facts.js';
import { byAddress, distinct } from './ordering.js';
import { reasonOf } from './reason.js';
import { runsOf } from './run-facts.js';
import { scoreOf, scoreParts, severityNumber, severityOf } from './score.js';
import { shapeOf, targetsOf } from './targets.js';

const MOST_RELATED = 100;
const MOST_LAUNCHES = 10;
const MOST_PROCESSES = 1_000;

/** The alert of one episode. `@timestamp` is when it is first written: an update keeps the stored one. */
export function toAlert(facts: EpisodeFacts, evidence: Evidence[], now: number): Alert {
  const { plan, episode } = facts;
  const shape = shapeOf(facts);
  const targets = targetsOf(facts);
  const runs = runsOf(facts);
  const parts = scoreParts({ facts, shape, runs, targets });
  const severity = severityOf(facts);
  const scanhound: ScanhoundFields = {
    analytic: plan.analytic,
    tunables: plan.tunables,
    subject: { kind: facts.subject.kind, key: facts.subjectKey },
    state: facts.isRecurring ? 'recurring' : 'active',
    severity,
    shape,
    measures: episode.measures.map((measure) => toMeasure(measure, facts.subject.kind)),
    targets,
    outcomes: outcomesOf(facts),
    runs,
    polling: { share: pollingShare(facts), recurring: facts.isRecurring },
    service_types: distinct(facts.queries.map(({ name, hash }) => hash ?? name))
      .sort()
      .slice(0, MOST_RELATED),
    evidence,
    launches: facts.launches.slice(0, MOST_LAUNCHES).map(toLaunch),
    score_parts: parts,
    processes: processesOf(facts),
    ...(episode.part ? { part: episode.part } : {}),
    revision: 1,
  };
  return {
    '@timestamp': formatTime(now),
    ecs: { version: '9.0.0' },
    event: {
      kind: 'alert',
      category: facts.subject.kind === 'process' ? ['network', 'process'] : ['network'],
      type: ['indicator'],
      start: formatTime(episode.start),
      end: formatTime(episode.end),
      risk_score: scoreOf(parts, facts.isRecurring),
      severity: severityNumber(severity),
      reason: reasonOf(facts, shape, targets),
      module: 'scanhound',
      dataset: 'scanhound.alert',
    },
    rule: {
      id: plan.analytic,
      name: plan.name,
      version: String(plan.version),
      category: 'Network Service Discovery',
      reference: 'https://attack.mitre.org/detectionstrategies/DET0376',
    },
    threat: {
      framework: 'MITRE ATT&CK',
      tactic: { id: 'TA0007', name: 'Discovery', reference: 'https://attack.mitre.org/tactics/TA0007/' },
      technique: {
        id: 'T1046',
        name: 'Network Service Discovery',
        reference: 'https://attack.mitre.org/techniques/T1046/',
      },
    },
    ...originOf(facts),
    related: relatedOf(facts, targets),
    scanhound,
  };
}

function toMeasure(measure: EpisodeFacts['episode']['measures'][number], subject: 'process' | 'address'): AlertMeasure {
  return {
    name: measure.name,
    scope: measure.scope,
    outcome: measure.outcome,
    distinct: measure.distinct,
    threshold: measure.threshold,
    window_seconds: measure.windowSeconds,
    start: formatTime(measure.start),
    end: formatTime(measure.end),
    ...(measure.destination === undefined ? {} : { destination: measure.destination }),
    subject,
  };
}

function outcomesOf({ contacts }: EpisodeFacts): Record<Outcome, number> {
  const outcomes: Record<Outcome, number> = { accepted: 0, refused: 0, unanswered: 0, unknown: 0 };
  for (const { outcome } of contacts) outcomes[outcome]++;
  return outcomes;
}

function pollingShare({ contacts, polled }: EpisodeFacts): number {
  const all = contacts.length + polled.length;
  return all === 0 ? 0 : Math.round((polled.length / all) * 1_000) / 1_000;
}

function toLaunch(launch: EpisodeLaunch): AlertLaunch {
  const program = launch.executable ?? launch.name;
  return {
    time: formatTime(launch.time),
    ...(program === null ? {} : { executable: program }),
    ...(launch.arguments === null ? {} : { command_line: launch.arguments }),
    ...(launch.parentExecutable === null ? {} : { parent: launch.parentExecutable }),
    ...(launch.user === null ? {} : { user: launch.user }),
    ...(launch.match === undefined ? {} : { match: launch.match.by }),
    ...(launch.match?.renamed ? { renamed: true } : {}),
  };
}

function processesOf({ contacts, launches }: EpisodeFacts): ScanhoundFields['processes'] {
  const ids = [
    ...contacts.map(({ process }) => process),
    ...launches.flatMap(({ process, pid }) => [process, pidName(pid)]),
  ];
  const known = (names: readonly (string | null)[]) =>
    distinct(names.filter((name) => name !== null))
      .sort()
      .slice(0, MOST_PROCESSES);
  return { ids: known(ids), parents: known(launches.flatMap(({ parent, parentPid }) => [parent, pidName(parentPid)])) };
}

const pidName = (pid: number | null): string | null => (pid === null ? null : `pid:${pid}`);

/** Who it was: host, process, user, address, container. */
function originOf(facts: EpisodeFacts): Partial<Alert> {
  const { subject, holder, addresses, platform, contacts } = facts;
  const host = holder?.host ?? '';
  const hostName = holder?.hostName ?? null;
  const user = usersOf(facts)[0];
  const namespace = contacts.find((contact) => contact.namespace !== null)?.namespace;
  return {
    ...(host === ''
      ? {}
      : {
          host: {
            ...(host === hostName ? {} : { id: host }),
            ...(hostName === null ? {} : { name: hostName }),
            ...(addresses.length > 0 ? { ip: addresses.slice(0, MOST_RELATED) } : {}),
            ...(platform === null ? {} : { os: { type: platform } }),
          },
        }),
    ...(subject.kind === 'process' ? { process: processOf(facts, subject.process) } : {}),
    ...(user === undefined ? {} : { user: { name: user } }),
    ...sourceOf(facts),
    ...(subject.kind === 'process' && subject.container !== '' ? { container: { id: subject.container } } : {}),
    ...(namespace ? { orchestrator: { namespace } } : {}),
  };
}

/** The subject's address, or the only one that its contacts came from. */
function sourceOf({ subject, contacts }: EpisodeFacts): Pick<Alert, 'source'> {
  if (subject.kind === 'address') return { source: { ip: subject.address } };
  const sources = distinct(sourcesOf(contacts));
  return sources.length === 1 ? { source: { ip: sources[0]! } } : {};
}

function processOf({ launches }: EpisodeFacts, program: string): NonNullable<Alert['process']> {
  const launch = launches.find(({ match }) => match !== undefined) ?? launches[0];
  const own = launch?.executable?.toLowerCase() === program ? launch.executable : program;
  const isPath = own.includes('/') || own.includes('\\');
  return {
    ...(isPath ? { executable: own } : {}),
    name: isPath ? own.slice(Math.max(own.lastIndexOf('/'), own.lastIndexOf('\\')) + 1) : own,
    ...(launch?.arguments ? { command_line: launch.arguments } : {}),
    ...idsOf(launch?.process),
    ...(launch && (launch.parent !== null || launch.parentExecutable !== null)
      ? {
          parent: {
            ...(launch.parentExecutable === null ? {} : { executable: launch.parentExecutable }),
            ...(launch.parentArguments === null ? {} : { command_line: launch.parentArguments }),
            ...idsOf(launch.parent),
          },
        }
      : {}),
  };
}

function idsOf(process: string | null | undefined): { pid?: number; entity_id?: string } {
  if (process === null || process === undefined) return {};
  return process.startsWith('pid:') ? { pid: Number(process.slice(4)) } : { entity_id: process };
}

const usersOf = ({ contacts, launches }: EpisodeFacts): string[] =>
  distinct([...launches, ...contacts].flatMap(({ user }) => (user === null ? [] : [user]))).sort();

function relatedOf(facts: EpisodeFacts, targets: ScanhoundFields['targets']): Alert['related'] {
  const sources = sourcesOf(facts.contacts);
  const own = facts.subject.kind === 'address' ? [facts.subject.address] : [];
  const reached = distinct(facts.contacts.map(({ destination }) => destination)).sort(byAddress);
  const ips = distinct([...own, ...sources, ...targets.top.map(({ address }) => address), ...reached]);
  const hosts = facts.holder ? [facts.holder.host, facts.holder.hostName].filter((name) => name) : [];
  return {
    ip: ips.slice(0, MOST_RELATED),
    hosts: distinct(hosts as string[]),
    user: usersOf(facts).slice(0, MOST_RELATED),
  };
}
