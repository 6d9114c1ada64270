import { all, any, equals, exists, type Filter, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { answersClient } from './flow-packets.js';

/** Flow logs with flags (fields of version 3): SYN without ACK, alone or with FIN, RST or both, added up. */
const hasFlags: Filter = all(equals('network.transport', 'tcp'), exists('aws.vpcflow.tcp_flags'));
const synFlags: Filter = oneOf('aws.vpcflow.tcp_flags', 2, 3, 6, 7);

/**
 * AWS VPC flow logs: aggregates of up to ten minutes, of one direction, whose times are whole seconds. ACCEPT is the
 * packet filter's word, not the host's. Begun: a SYN without an ACK where the flags are logged (18 is the answer), else
 * any record that does not go from a service's port to a client's.
 * Quiet on purpose: records whose flags show no SYN go on with what began before, or answer it; FIN and null scans are
 * lost with them. What it can't know: Elastic's integration takes the addresses of the interface (`srcaddr`), which hide
 * pods and what lies behind a NAT gateway; our own reader prefers those of the packet.
 */
export const awsFlows = defineIntegration({
  name: 'aws.vpcflow',
  documents: any(equals('event.dataset', 'aws.vpcflow'), oneOf('aws.vpcflow.action', 'ACCEPT', 'REJECT')),
  contact: {
    begun: all(
      oneOf('aws.vpcflow.action', 'ACCEPT', 'REJECT'),
      any(all(hasFlags, synFlags), all(not(hasFlags), not(answersClient))),
    ),
    refused: equals('aws.vpcflow.action', 'REJECT'),
  },
});

/**
 * Google Cloud VPC flow logs: sampled, of one direction, and told by each end that is a virtual machine. What a
 * firewall denied is not among them.
 */
export const gcpFlows = defineIntegration({
  name: 'gcp.vpcflow',
  documents: equals('event.dataset', 'gcp.vpcflow'),
  contact: { begun: not(answersClient), hasOutcome: false },
});

const azureNew = (state: string, direction: string): Filter =>
  all(exists(direction), any(oneOf(state, 'Begin', 'Deny'), not(exists(state))));

/**
 * Azure's flow logs of network security groups and of virtual networks, as we import them: one document a tuple. The
 * source of a tuple is who began the flow, whichever way it passes the interface; version 1 has no states and tells
 * beginnings only. A rule's deny is a refusal, as AWS' REJECT is.
 *
 * Quiet on purpose: `Continuing` and `End`, which go on with a flow told before; how it ended they know from packet
 * counts, in a record of its own. What it can't know: Elastic's integration makes one document of all tuples of a
 * minute, in which no source can be told to belong to a destination, so those are judged not at all.
 */
export const azureFlows = defineIntegration({
  name: 'azure.flows',
  documents: any(
    oneOf('event.dataset', 'azure_network_watcher_nsg.log', 'azure_network_watcher_vnet.log'),
    oneOf('data_stream.dataset', 'azure_network_watcher_nsg.log', 'azure_network_watcher_vnet.log'),
  ),
  contact: {
    begun: any(
      azureNew('azure_network_watcher_nsg.log.flow_state', 'azure_network_watcher_nsg.log.traffic.flow'),
      azureNew('azure_network_watcher_vnet.log.flow.state', 'azure_network_watcher_vnet.log.flow.direction'),
    ),
    refused: any(
      equals('azure_network_watcher_nsg.log.traffic.decision', 'Denied'),
      equals('azure_network_watcher_vnet.log.flow.state', 'Deny'),
    ),
  },
});

/**
 * NetFlow and IPFIX as Filebeat and Elastic Agent index them. Records of both directions name who began; templates may
 * leave the addresses out.
 */
export const netflow = defineIntegration({
  name: 'netflow',
  documents: any(oneOf('event.dataset', 'netflow.log', 'netflow'), equals('event.action', 'netflow_flow')),
  contact: {
    begun: all(
      equals('event.action', 'netflow_flow'),
      exists('destination.ip'),
      any(equals('netflow.biflow_direction', 1), not(answersClient)),
    ),
    hasOutcome: false,
  },
});
