import { all, any, equals, exists, not, oneOf, startsWith } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { flowPackets } from './flow-packets.js';

/**
 * Packetbeat and Elastic's Network Packet Capture. A flow is reported every ten seconds while it lasts and once more,
 * `flow.final`, when it has been silent for thirty: only that one is a contact, at the flow's start, so a flow that
 * lasts is seen late. Its source is who sent the first packet that the sensor saw; where the process belongs to the
 * destination, that one was contacted.
 *
 * What it can't know: with `enable_delta_flow_reports` the last report counts its own ten seconds only, so a flow that
 * ends in silence looks unanswered.
 *
 * Quiet on purpose: records of single protocols (http, icmp, dns …), which repeat what the flows say. Multicast
 * questions are seen where port 5353 is among Packetbeat's DNS ports; answers repeat no question, and count as none.
 */
export const packetbeat = defineIntegration({
  name: 'packetbeat',
  documents: any(
    equals('agent.type', 'packetbeat'),
    equals('@metadata.beat', 'packetbeat'),
    startsWith('event.dataset', 'network_traffic.'),
  ),
  contact: {
    begun: all(oneOf('event.dataset', 'flow', 'network_traffic.flow'), equals('flow.final', true)),
    inbound: any(
      oneOf('network.direction', 'ingress', 'inbound'),
      all(exists('destination.process.pid'), not(exists('source.process.pid'))),
    ),
    ...flowPackets,
  },
  serviceQuery: {
    asked: all(
      any(oneOf('event.dataset', 'dns', 'network_traffic.dns'), equals('type', 'dns')),
      any(equals('destination.port', 5353), equals('server.port', 5353)),
      exists('dns.question.name'),
    ),
  },
});
