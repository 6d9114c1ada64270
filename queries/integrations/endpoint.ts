import { all, any, equals, oneOf, startsWith } from '../filter.js';
import { defineIntegration } from '../integration.js';

const network = equals('event.category', 'network');
const process = equals('event.category', 'process');
const accepted = oneOf(
  'event.action',
  'connection_accepted',
  'ipv4_connection_accept_event',
  'ipv6_connection_accept_event',
);

/**
 * Elastic Defend on Windows, Linux and macOS; each document names its system.
 *
 * Quiet on purpose: `disconnect_received` ends a connection whose attempt was told before; a fork runs what its parent
 * ran, and the exec behind it is the launch. What it can't know: Defend follows TCP only, gives no outcome of an
 * attempt, and since 8.15 leaves out repeated connections of a process.
 */
export const endpoint = defineIntegration({
  name: 'endpoint',
  documents: any(equals('event.module', 'endpoint'), startsWith('event.dataset', 'endpoint.events.')),
  contact: {
    begun: all(
      network,
      any(
        oneOf('event.action', 'connection_attempted', 'ipv4_connection_attempt_event', 'ipv6_connection_attempt_event'),
        accepted,
      ),
    ),
    inbound: any(accepted, oneOf('network.direction', 'ingress', 'inbound')),
    accepted,
    hasOutcome: false,
  },
  launch: all(process, equals('event.type', 'start'), oneOf('event.action', 'start', 'exec')),
  exit: all(process, equals('event.action', 'end')),
  nameQuery: all(network, equals('event.action', 'lookup_requested')),
});
