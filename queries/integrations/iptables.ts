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
 * What its rule did stands in the rule's own log prefix, so only words are looked for.
 */
export const iptables = defineIntegration({
  name: 'iptables',
  documents: any(equals('event.dataset', 'iptables.log'), equals('event.module', 'iptables')),
  contact: {
    begun: any(all(flag('SYN'), not(flag('ACK'))), not(any(flag('SYN'), flag('RST'), answersClient, icmpAnswer))),
    refused: any(contains('event.action', 'reject'), contains('event.action', 'REJECT')),
    unanswered: any(
      contains('event.action', 'drop'),
      contains('event.action', 'DROP'),
      contains('event.action', 'deny'),
      equals('event.type', 'denied'),
    ),
  },
});
