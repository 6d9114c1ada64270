import { all, any, equals, exists, type Filter, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { answersClient } from './flow-packets.js';

/** Flow logs with flags (fields of version 3): SYN without ACK, alone or with FIN, RST or both, added up. */
const hasFlags: Filter = all(equals('network.transport', 'tcp'), exists('aws.vpcflow.tcp_flags'));
const synFlags: Filter = oneOf('aws.vpcflow.tcp_flags', 2, 3, 6, 7);

/**
 * AWS VPC flow logs: aggregates of up to ten minutes, of one direction. ACCEPT is the packet filter's word, not the
 * host's. Quiet on purpose: records whose flags show no SYN go on with what began before, or answer it; FIN and null
 * scans are lost with them.
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

/** NetFlow and IPFIX as Filebeat and Elastic Agent index them. Records of both directions name who began. */
export const netflow = defineIntegration({
  name: 'netflow',
  documents: any(oneOf('event.dataset', 'netflow.log', 'netflow'), equals('event.action', 'netflow_flow')),
  contact: {
    begun: all(equals('event.action', 'netflow_flow'), any(equals('netflow.biflow_direction', 1), not(answersClient))),
    hasOutcome: false,
  },
});
