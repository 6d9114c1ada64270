import type { ScanhoundFields, Shape } from '../model/alert.js';
import type { FiredMeasure } from '../model/episode.js';
import { isFailed } from '../model/observation.js';
import { type EpisodeFacts, telling } from './facts.js';
import { distinct } from './ordering.js';
import { socketKey } from './polling.js';
import { toToolName } from './tool-match.js';

/** One sentence for `event.reason`: who did what, how much, how fast. */
export function reasonOf(facts: EpisodeFacts, shape: Shape, targets: ScanhoundFields['targets']): string {
  return [`${whoOf(facts)} ${whatOf(facts, shape, targets)}`, whyOf(facts.episode.measures), toolOf(facts)]
    .filter((part) => part !== '')
    .join('; ')
    .concat('.');
}

function whoOf({ subject, holder }: EpisodeFacts): string {
  const host = holder?.hostName ?? holder?.host ?? '';
  if (subject.kind === 'address') return host ? `${subject.address} (${host})` : subject.address;
  const container = subject.container === '' ? '' : ` in container ${subject.container.slice(0, 12)}`;
  return `${toToolName(subject.process)}${container}${host ? ` on ${host}` : ''}`;
}

function whatOf(
  { contacts, queries, arps, episode }: EpisodeFacts,
  shape: Shape,
  targets: ScanhoundFields['targets'],
): string {
  const seconds = (episode.end - episode.start) / 1_000;
  const time = seconds < 1 ? 'within a second' : `in ${duration(seconds)}`;
  if (shape === 'launch') return 'was started';
  if (shape === 'service enumeration')
    return `asked for ${distinct(queries.map(({ name, hash }) => hash ?? name)).length} mDNS service types ${time}`;
  if (shape === 'link') {
    const silent = distinct(arps.filter(({ answered }) => !answered).map(({ target }) => target)).length;
    return `asked by ARP for ${silent} addresses that never answered ${time}`;
  }
  const told = telling(contacts);
  const sockets = distinct(told.map(socketKey)).length;
  const failed = distinct(told.filter(isFailed).map(socketKey)).length;
  return `reached ${count(targets.hosts, 'host')} and ${count(targets.ports, 'port')} ${time} (${shape} scan, ${failed} of ${sockets} own or failed sockets failed)`;
}

/** The strongest measure in plain words. */
function whyOf(measures: readonly FiredMeasure[]): string {
  const [first, ...rest] = measures;
  if (!first) return '';
  const most = rest.reduce((a, b) => (b.distinct / b.threshold > a.distinct / a.threshold ? b : a), first);
  const where = most.destination === undefined ? '' : ` of ${most.destination}`;
  const scope = most.scope === 'any' || most.scope === 'link' ? '' : `${most.scope} `;
  const outcome = most.outcome === 'failed' && most.name !== 'arp' ? 'failed ' : '';
  return `${most.distinct} ${outcome}${scope}${most.name.replace('_', ' ')}${where} in a window of ${duration(most.windowSeconds)} (threshold ${most.threshold})`;
}

function toolOf({ launches }: EpisodeFacts): string {
  const launch = launches.find(({ match }) => match !== undefined);
  if (!launch) return '';
  const said = (launch.arguments ?? launch.executable ?? '').slice(0, 200);
  return `${launch.match!.renamed ? 'renamed tool' : 'tool'}: ${said}`;
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
