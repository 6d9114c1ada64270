import { all, any, equals, exists, type Filter, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';

const addressed: Filter = all(exists('source.ip'), exists('destination.ip'));

/** `network_traffic` and `flow` are older spellings; Metricbeat's sockets have no category. */
const network: Filter = any(
  oneOf('event.category', 'network', 'network_traffic'),
  equals('event.type', 'flow'),
  equals('event.dataset', 'system.socket'),
);

/** A record of one protocol's exchange (http, tls, dns): its connection is told elsewhere. */
const exchange: Filter = equals('event.type', 'protocol');

const says: Filter = any(
  oneOf('event.type', 'connection', 'start', 'allowed', 'denied', 'flow'),
  not(exists('event.type')),
);
const endsOnly: Filter = all(equals('event.type', 'end'), not(equals('event.type', 'start')));

const byProcess: Filter = any(
  exists('process.entity_id'),
  exists('process.pid'),
  exists('process.executable'),
  exists('process.name'),
);

/** An endpoint tells attempts and ends apart. A firewall's one record of a session may be its end. */
const processEnd: Filter = all(byProcess, endsOnly);

/**
 * Any other ECS telemetry: firewalls, endpoint agents, flow logs. Last in the list: it owns what nobody knows better.
 *
 * Quiet on purpose: alerts and metrics, records of a protocol, ends of a process' connections, and documents without
 * both addresses. An attempt is `allowed` by a filter, which says nothing of its end; `denied` is a refusal.
 */
export const generic = defineIntegration({
  name: 'ECS',
  documents: any(all(network, addressed), equals('event.category', 'process')),
  contact: {
    begun: all(
      network,
      addressed,
      says,
      not(any(exchange, processEnd, oneOf('event.kind', 'alert', 'signal', 'metric'))),
    ),
    inbound: all(byProcess, oneOf('network.direction', 'ingress', 'inbound')),
    refused: equals('event.type', 'denied'),
  },
  launch: all(equals('event.category', 'process'), equals('event.type', 'start')),
  exit: all(equals('event.category', 'process'), equals('event.type', 'end')),
});
