import type { Plan, PlannedMeasure } from '../../queries/plan.js';
import { addressOrder } from '../model/address.js';
import { type ArpRequest, type Contact, isFailed, type ServiceQuery } from '../model/observation.js';
import { socketKey } from './polling.js';
import { servicePatterns } from './services.js';
import type { Population } from './sliding.js';

/** One member of a population: when, which value, and where several hosts are counted apart, which. */
export interface Member {
  time: number;
  value: string | number;
  destination?: string;
  /** Index of the contact it stands for: polling is judged by it. */
  contact?: number;
}

/** What a subject did, in time order each. */
export interface Observations {
  contacts: readonly Contact[];
  queries: readonly ServiceQuery[];
  arps: readonly ArpRequest[];
  /** Launches that alert alone. */
  launches: readonly { time: number }[];
  /** The address is set as shared by many hosts: only failed measures count. */
  isShared: boolean;
}

/** Stands for the meta query among the values of `services`. */
export const META = '';

/** The members of a measure before polling is taken out, in time order. A contact without a port counts in hosts only. */
export function membersOf(plan: Plan, measure: PlannedMeasure, seen: Observations): Member[] {
  switch (measure.name) {
    case 'hosts':
      return contactMembers(measure, seen, ({ destination }) => destination);
    case 'address_run':
      return contactMembers(measure, seen, ({ destination, port }) => (port === null ? null : destination));
    case 'sockets':
      return contactMembers(measure, seen, (contact) => (contact.port === null ? null : socketKey(contact)));
    case 'ports':
    case 'port_run':
      return contactMembers(measure, seen, ({ port }) => port);
    case 'services':
      return seen.queries.flatMap(serviceMember(plan));
    case 'service_hashes':
      return seen.queries.flatMap(({ time, hash }) => (hash === null ? [] : [{ time, value: hash }]));
    case 'arp':
      return seen.arps.flatMap(({ time, target, answered }) => (answered ? [] : [{ time, value: target }]));
  }
}

/** Measures that count within one host, each host apart. */
export const isPerDestination = ({ name }: PlannedMeasure): boolean => name === 'ports' || name === 'port_run';

function contactMembers(
  measure: PlannedMeasure,
  { contacts }: Observations,
  pick: (contact: Contact) => string | number | null,
): Member[] {
  const members: Member[] = [];
  const only = measure.ports && new Set(measure.ports);
  contacts.forEach((contact, index) => {
    if (!isInScope(measure, contact) || !hasOutcome(measure, contact)) return;
    if (only && (contact.port === null || !only.has(contact.port))) return;
    const value = pick(contact);
    if (value !== null) members.push({ time: contact.time, value, destination: contact.destination, contact: index });
  });
  return members;
}

/** The own machine counts in failed ports of one host only. */
function isInScope({ name, scope }: PlannedMeasure, contact: Contact): boolean {
  switch (scope) {
    case 'own':
      return contact.scope === 'own';
    case 'foreign':
      return contact.scope === 'foreign' || (contact.scope === 'self' && name === 'ports');
    default:
      return contact.scope !== 'self';
  }
}

const hasOutcome = ({ outcome }: PlannedMeasure, contact: Contact): boolean => outcome === 'any' || isFailed(contact);

function serviceMember(plan: Plan): (query: ServiceQuery) => Member[] {
  const patterns = servicePatterns(plan);
  return ({ time, name }) => {
    const kind = patterns.kindOf(name);
    if (kind === 'other') return [];
    return [{ time, value: kind === 'meta' ? META : name }];
  };
}

/** Values as numbers in their own order: ports by number, addresses by number, texts as they come. */
export function toPopulation(measure: PlannedMeasure, members: readonly Member[]): Population {
  const distinct = [...new Set(members.map(({ value }) => value))];
  if (measure.name === 'port_run') distinct.sort((a, b) => Number(a) - Number(b));
  if (measure.name === 'address_run') {
    const order = new Map(distinct.map((value) => [value, addressOrder(String(value))]));
    distinct.sort((a, b) => (order.get(a)! < order.get(b)! ? -1 : 1));
  }
  const ranks = new Map(distinct.map((value, rank) => [value, rank]));
  return {
    times: members.map(({ time }) => time),
    values: members.map(({ value }) => ranks.get(value)!),
    size: distinct.length,
  };
}
