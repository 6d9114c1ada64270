import { all, any, equals, exists, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { flowPackets } from './flow-packets.js';

/**
 * Auditbeat's System module: the `socket` data set watches the kernel's sockets (TCP and UDP flows with their process),
 * `process` lists starts and ends. Its audit log is `auditd`. Before 7.4 `socket` listed sockets as they opened and
 * closed. A flow that is told before its end (`flow.final` false) is told again.
 */
export const auditbeat = defineIntegration({
  name: 'auditbeat',
  documents: all(
    equals('event.module', 'system'),
    any(oneOf('event.dataset', 'socket', 'process'), exists('system.audit.socket.kernel_sock_address')),
  ),
  platform: 'linux',
  contact: {
    begun: any(
      all(equals('event.action', 'network_flow'), not(equals('flow.final', false))),
      equals('event.action', 'socket_opened'),
    ),
    inbound: oneOf('network.direction', 'inbound', 'ingress'),
    refused: all(equals('event.action', 'network_flow'), flowPackets.refused),
    unanswered: all(equals('event.action', 'network_flow'), flowPackets.unanswered),
    accepted: flowPackets.accepted,
  },
  launch: equals('event.action', 'process_started'),
  exit: equals('event.action', 'process_stopped'),
});
