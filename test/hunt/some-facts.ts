import type { Analytic } from '../../queries/analytic.js';
import { an1058 } from '../../queries/analytics/an1058.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import type { EpisodeFacts, EpisodeLaunch } from '../../server/hunt/facts.js';
import type { FiredMeasure } from '../../server/model/episode.js';
import type { ContactRecord } from '../../server/model/ports.js';
import { type Subject, subjectKey } from '../../server/model/subject.js';

export const someContact = (fields: Partial<ContactRecord> = {}): ContactRecord => ({
  time: 0,
  evidence: '1',
  destination: '10.0.0.1',
  port: 443,
  transport: 'tcp',
  outcome: 'unknown',
  scope: 'own',
  context: null,
  source: null,
  process: null,
  user: null,
  container: '',
  namespace: null,
  destinationNamespace: null,
  hostName: null,
  platform: null,
  ...fields,
});

export const someLaunch = (fields: Partial<EpisodeLaunch> = {}): EpisodeLaunch => ({
  time: 0,
  evidence: '2',
  subject: '',
  host: 'h1',
  hostName: 'h1',
  platform: 'linux',
  container: '',
  process: 'p1',
  parent: null,
  pid: null,
  parentPid: null,
  executable: '/usr/bin/t',
  name: 't',
  originalName: null,
  arguments: null,
  parentExecutable: null,
  parentArguments: null,
  user: null,
  context: null,
  hash: null,
  match: undefined,
  ...fields,
});

export const someMeasure = (fields: Partial<FiredMeasure> = {}): FiredMeasure => ({
  name: 'hosts',
  scope: 'own',
  outcome: 'any',
  distinct: 16,
  threshold: 16,
  windowSeconds: 60,
  start: 0,
  end: 0,
  ...fields,
});

interface Some extends Partial<Omit<EpisodeFacts, 'episode' | 'plan' | 'subject'>> {
  analytic?: Analytic;
  subject?: Subject;
  start?: number;
  end?: number;
  measures?: FiredMeasure[];
}

/** An episode of a program of host h1, of which nothing more is known than what is given. */
export function someFacts({
  analytic = an1058,
  subject,
  start = 0,
  end = start,
  measures = [],
  ...fields
}: Some = {}): EpisodeFacts {
  const who: Subject = subject ?? { kind: 'process', host: 'h1', container: '', process: '/usr/bin/t' };
  return {
    plan: toPlan(analytic, tunablesOf(analytic)),
    subject: who,
    subjectKey: subjectKey(who),
    episode: { start, end, measures },
    contacts: [],
    polled: [],
    isRecurring: false,
    queries: [],
    arps: [],
    launches: [],
    rawSockets: [],
    namesLookedUp: 0,
    holder: { host: 'h1', hostName: 'h1' },
    addresses: [],
    platform: 'linux',
    ...fields,
  };
}
