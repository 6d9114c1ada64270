import { DAY_MS } from '../../server/model/episode.js';
import { type ExpectedAlert, holdersOf, oracleAlerts } from './alerts.js';
import type { TelemetryRecord } from './records.js';
import { huntsBy, type Site } from './sites.js';

/** What some site must show, each by its name. */
export const SITE_HAPPENINGS: readonly [name: string, holds: (site: Told) => boolean][] = [
  ...['AN1057', 'AN1058', 'AN1059'].flatMap((analytic) =>
    (['process', 'address'] as const).map((kind) => fires(analytic, kind)),
  ),
  fires('AN1060', 'process'),
  ['an address that one host holds', ({ site }) => site.records.some((record) => isHeldBy(record, site, 1))],
  ['an address that two hosts hold', ({ site }) => site.records.some((record) => isHeldBy(record, site, 2))],
  ['an address seen with a host just a day before', ({ site }) => isDecided(site, DAY_MS)],
  ['and just a day after', ({ site }) => isDecided(site, -DAY_MS)],
  ['an address seen with a host a millisecond earlier', ({ site }) => isDecided(site, DAY_MS + 1)],
  ['and a millisecond later', ({ site }) => isDecided(site, -DAY_MS - 1)],
  ['a tool alone', ({ stages }) => stages.at(-1)!.some(({ episode }) => episode.measures.length === 0)],
  ['a tool that scans', ({ stages }) => stages.at(-1)!.some(isToolThatScans)],
  ['an episode cut at midnight', ({ stages }) => stages.at(-1)!.some(({ episode }) => episode.part !== undefined)],
  ['the same record in two pieces', ({ site }) => comesTwice(site)],
  ['earlier rounds come late and withdraw', (told) => someBefore(told, isGone)],
  ['who holds an address comes late and moves an episode to another analytic', (told) => someBefore(told, isMoved)],
  [
    'two episodes become one',
    ({ stages }) => stages.slice(1).some((after, i) => after.some((one) => partsOf(one, stages[i]!).length > 1)),
  ],
  ['one episode becomes two', (told) => someBefore(told, (before, after) => partsOf(before, after).length > 1)],
];

/** A site with the alerts that rules want after each piece. */
export interface Told {
  site: Site;
  stages: ExpectedAlert[][];
}

export function tell(site: Site): Told {
  const plans = huntsBy(site.settings).map(({ plan }) => plan);
  const stages = site.pieces.map((_, last) => {
    const arrived = site.pieces.slice(0, last + 1).flat();
    return oracleAlerts(
      arrived.map((place) => site.records[place]!),
      plans,
      site.settings.SharedAddresses,
    );
  });
  return { site, stages };
}

function fires(analytic: string, kind: 'process' | 'address'): [string, (told: Told) => boolean] {
  const isThat = (alert: ExpectedAlert) => alert.analytic === analytic && isOfProcess(alert) === (kind === 'process');
  return [`${analytic} of a ${kind}`, ({ stages }) => stages.at(-1)!.some(isThat)];
}

const isOfProcess = ({ subject }: ExpectedAlert): boolean => subject.startsWith('["process"');

const isToolThatScans = (alert: ExpectedAlert): boolean =>
  isOfProcess(alert) && alert.subject.includes('nmap') && alert.episode.measures.length > 0;

const isHeldBy = (record: TelemetryRecord, { records }: Site, hosts: number): boolean =>
  record.kind === 'flow' && holdersOf(record.source, record.time, records).length === hosts;

/** Whether a flow would have another holder, if what is so long before it did not count, or did. */
const isDecided = ({ records }: Site, ms: number): boolean =>
  records.some((flow) => {
    if (flow.kind !== 'flow') return false;
    const others = records.filter(({ time }) => flow.time - time !== ms);
    const same = records
      .filter(({ time }) => flow.time - time === ms)
      .map((record) => ({ ...record, time: flow.time }));
    const without = holdersOf(flow.source, flow.time, others);
    const within = holdersOf(flow.source, flow.time, [...others, ...same]);
    return without.length === 0 && within.length === 1;
  });

function comesTwice({ records, pieces }: Site): boolean {
  const texts = pieces.map((places) => new Set(places.map((place) => JSON.stringify(records[place]))));
  return texts.some((some, i) => texts.slice(i + 1).some((others) => [...some].some((text) => others.has(text))));
}

const someBefore = ({ stages }: Told, holds: (before: ExpectedAlert, after: ExpectedAlert[]) => boolean): boolean =>
  stages.slice(1).some((after, i) => stages[i]!.some((before) => holds(before, after)));

const isGone = (before: ExpectedAlert, after: ExpectedAlert[]): boolean => sameTime(before, after).length === 0;

const isMoved = (before: ExpectedAlert, after: ExpectedAlert[]): boolean =>
  !isGone(before, after) && partsOf(before, after).length === 0;

/** The alerts of the same analytic and subject that share time with one. */
const partsOf = (one: ExpectedAlert, others: ExpectedAlert[]): ExpectedAlert[] =>
  sameTime(one, others).filter(({ analytic }) => analytic === one.analytic);

const sameTime = ({ subject, episode }: ExpectedAlert, others: ExpectedAlert[]): ExpectedAlert[] =>
  others.filter(
    (other) => other.subject === subject && other.episode.start <= episode.end && episode.start <= other.episode.end,
  );
