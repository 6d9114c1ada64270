import { all, any, contains, equals, type Filter, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { answersClient } from './flow-packets.js';

const flag = (name: string): Filter => equals('iptables.tcp.flags', name);

/** ICMP and ICMPv6 answers and errors. */
const icmpAnswer: Filter = any(
  all(equals('network.transport', 'icmp'), oneOf('iptables.icmp.type', 0, 3, 4, 5, 11, 12, 14)),
  all(equals('network.transport', 'ipv6-icmp'), oneOf('iptables.icmp.type', 1, 2, 3, 4, 129, 134, 136)),
);

/**
 * Packets that Linux' packet filter logged, as Elastic's iptables integration indexes them (Ubiquiti's firewalls too).
 * What its rule did stands in the rule's own log prefix, so only words are looked for: where there is none of them, the
 * outcome is unknown. A filter that logs what it drops is not asked again: dropped is unanswered.
 *
 * Quiet on purpose: segments with ACK but no SYN, which may belong to any connection that the filter lost (ACK and Maimon
 * scans are lost with them), resets, what goes from a service's port to a client's, ICMP answers and errors.
 */
export const iptables = defineIntegration({
  name: 'iptables',
  documents: any(equals('event.dataset', 'iptables.log'), equals('event.module', 'iptables')),
  contact: {
    begun: any(
      all(flag('SYN'), not(flag('ACK'))),
      not(any(flag('SYN'), flag('ACK'), flag('RST'), answersClient, icmpAnswer)),
    ),
    refused: any(contains('event.action', 'reject'), contains('event.action', 'REJECT')),
    unanswered: any(
      contains('event.action', 'drop'),
      contains('event.action', 'DROP'),
      contains('event.action', 'deny'),
      equals('event.type', 'denied'),
    ),
  },
});
