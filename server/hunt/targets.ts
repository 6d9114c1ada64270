import type { ScanhoundFields, Shape } from '../model/alert.js';
import { groupBy } from '../model/group-by.js';
import { isFailed } from '../model/observation.js';
import type { ContactRecord } from '../model/ports.js';
import { type EpisodeFacts, telling } from './facts.js';
import { byAddress, distinct } from './ordering.js';
import { socketKey } from './polling.js';

const TOP = 10;

/** What the episode reached: distinct hosts, ports, sockets, and the hosts with most ports. */
export function targetsOf({ contacts, arps }: EpisodeFacts): ScanhoundFields['targets'] {
  const hosts = distinct([...contacts.map(({ destination }) => destination), ...unanswered(arps)]);
  const byHost = groupBy(contacts, ({ destination }) => destination);
  const top = [...byHost].map(([address, own]) => ({
    address,
    ports: portsOf(own).length,
    sockets: distinct(own.map(socketKey)).length,
    failed: distinct(own.filter(isFailed).map(socketKey)).length,
  }));
  top.sort((a, b) => b.ports - a.ports || b.sockets - a.sockets || byAddress(a.address, b.address));
  return {
    hosts: hosts.length,
    ports: portsOf(contacts).length,
    sockets: distinct(contacts.map(socketKey)).length,
    top: top.slice(0, TOP),
  };
}

const unanswered = (arps: EpisodeFacts['arps']): string[] =>
  arps.filter(({ answered }) => !answered).map(({ target }) => target);

const portsOf = (contacts: readonly ContactRecord[]): number[] =>
  distinct(contacts.flatMap(({ port }) => (port === null ? [] : [port])));

/** A handful: as many hosts, or ports, as a scan of the other kind touches in passing. */
const FEW = 5;

/** What the scan looks like, by what it reached that tells of scanning. */
export function shapeOf(facts: EpisodeFacts): Shape {
  const names = new Set(facts.episode.measures.map(({ name }) => name));
  if (names.has('services') || names.has('service_hashes')) return 'service enumeration';
  if (names.size === 1 && names.has('arp')) return 'link';
  const reached = telling(facts.contacts);
  if (reached.length === 0) return names.size === 0 ? 'launch' : 'link';
  const hosts = distinct(reached.map(({ destination }) => destination)).length;
  const ports = portsOf(reached).length;
  if (hosts > FEW && ports > FEW) return 'block';
  return ports > hosts ? 'vertical' : 'horizontal';
}
