import type { MeasureName } from '../../queries/analytic.js';
import type { Plan, PlannedMeasure } from '../../queries/plan.js';
import type { ArpRequest, Contact, ServiceQuery } from '../../server/model/observation.js';
import { addressNumber } from './address.js';

/** All that is known of one subject. */
export interface Observations {
  contacts: Contact[];
  queries: ServiceQuery[];
  arps: ArpRequest[];
  launches: { time: number }[];
  /** The subject is an address that many hosts share. */
  isShared: boolean;
}

/** What one measure counts together: of `ports` and `port_run` one destination's, of all others everything. */
export interface Population {
  /** Which contexts are in, and so how much is asked for: `all` where UserContext is any. */
  contexts: 'all' | 'listed';
  /** What the window's threshold is multiplied by. */
  thresholds: 1 | 2;
  destination?: string;
  members: Member[];
}

export interface Member {
  time: number;
  /** What is counted once; null: the meta query, in the window and never counted. */
  value: string | null;
  /** Orders the values of runs. */
  order: bigint;
}

/** The populations of a measure, of the contacts that count in the window. */
export function populationsOf(
  plan: Plan,
  measure: PlannedMeasure,
  counted: Contact[],
  seen: Observations,
): Population[] {
  if (measure.name === 'services') return [everything(serviceMembers(plan, seen.queries))];
  if (measure.name === 'service_hashes') return [everything(hashMembers(seen.queries))];
  if (measure.name === 'arp') return [everything(arpMembers(seen.arps))];
  const inside = counted.filter((contact) => isMember(measure, contact));
  const listed = plan.tunables.UserContext;
  if (listed === 'any') return byDestination(measure.name, inside, 'all', 1);
  const asListed = inside.filter(({ context }) => context === listed || context === null);
  return [...byDestination(measure.name, asListed, 'listed', 1), ...byDestination(measure.name, inside, 'all', 2)];
}

const everything = (members: Member[]): Population => ({ contexts: 'all', thresholds: 1, members });

const META_QUERIES = ['_services._dns-sd._udp', '_services._dns-sd._udp.local'];

function serviceMembers(plan: Plan, queries: ServiceQuery[]): Member[] {
  const patterns = plan.tunables.MDNSServiceQueryPatterns as readonly string[];
  return queries.flatMap(({ time, name }): Member[] => {
    if (META_QUERIES.includes(name)) return [{ time, value: null, order: 0n }];
    const isService = patterns.some((pattern) => new RegExp(pattern, 'i').test(name));
    return isService ? [{ time, value: name, order: 0n }] : [];
  });
}

const hashMembers = (queries: ServiceQuery[]): Member[] =>
  queries.flatMap(({ time, hash }) => (hash === null ? [] : [{ time, value: hash, order: 0n }]));

const arpMembers = (arps: ArpRequest[]): Member[] =>
  arps.filter(({ answered }) => !answered).map(({ time, target }) => ({ time, value: target, order: 0n }));

function isMember(measure: PlannedMeasure, { scope, outcome, port }: Contact): boolean {
  if (measure.outcome === 'failed' && outcome !== 'refused' && outcome !== 'unanswered') return false;
  if (port === null && measure.name !== 'hosts') return false;
  if (measure.ports !== undefined && (port === null || !measure.ports.includes(port))) return false;
  switch (measure.scope) {
    case 'own':
      return scope === 'own';
    case 'foreign':
      return measure.name === 'ports' ? scope !== 'own' : scope === 'foreign';
    case 'any':
      return scope !== 'self';
    case 'link':
      return false;
  }
}

function byDestination(
  name: MeasureName,
  contacts: Contact[],
  contexts: 'all' | 'listed',
  thresholds: 1 | 2,
): Population[] {
  const members = (some: Contact[]) => some.map((contact) => memberOf(name, contact));
  if (name !== 'ports' && name !== 'port_run') return [{ contexts, thresholds, members: members(contacts) }];
  const destinations = [...new Set(contacts.map(({ destination }) => destination))];
  return destinations.map((destination) => ({
    contexts,
    thresholds,
    destination,
    members: members(contacts.filter((contact) => contact.destination === destination)),
  }));
}

function memberOf(name: MeasureName, { time, destination, port, transport }: Contact): Member {
  if (name === 'ports' || name === 'port_run') return { time, value: String(port), order: BigInt(port!) };
  if (name === 'sockets') return { time, value: JSON.stringify([destination, port, transport]), order: 0n };
  return { time, value: destination, order: addressNumber(destination) };
}
