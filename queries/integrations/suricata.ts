import { all, any, atLeast, atMost, equals, exists, type Filter, not, oneOf } from '../filter.js';
import { defineIntegration } from '../integration.js';
import { answersGroup, towardsService } from './zeek.js';

const RST = 0x04;
const SYN = 0x02;
const SYN_ACK = 0x12;

/** Suricata writes all flags that a side ever sent as two hex digits: every such text that has all of `flags`. */
const withFlags = (field: string, flags: number): Filter => {
  const texts = Array.from({ length: 256 }, (_, value) => value)
    .filter((value) => (value & flags) === flags)
    .map((value) => value.toString(16).padStart(2, '0'));
  return oneOf(field, ...texts);
};

const event = (...types: string[]): Filter => oneOf('suricata.eve.event_type', ...types);
const transport = (...names: string[]): Filter => oneOf('network.transport', ...names);
const clientSent = (flags: number): Filter => withFlags('suricata.eve.tcp.tcp_flags_ts', flags);
const serverSent = (flags: number): Filter => withFlags('suricata.eve.tcp.tcp_flags_tc', flags);

const asked: Filter = atLeast('source.packets', 1);
const silent: Filter = atMost('destination.packets', 0);
const replied: Filter = atLeast('destination.packets', 1);

/**
 * FIN, Xmas, null and ACK scans. Suricata makes no session of them, so it writes neither state nor flags; that they are
 * no torn-off end must be seen from their number, size and ports: one bare TCP header, at most one back. 64 bytes are
 * Ethernet's least with a VLAN tag: with timestamps (Linux's keepalives) or in IPv6 a bare header is longer.
 */
const loneProbe: Filter = all(
  equals('suricata.eve.tcp.tcp_flags_ts', '00'),
  equals('suricata.eve.tcp.tcp_flags_tc', '00'),
  not(exists('suricata.eve.tcp.state')),
  asked,
  atMost('source.packets', 1),
  atMost('source.bytes', 64),
  atMost('destination.packets', 1),
  atMost('destination.bytes', 64),
  towardsService,
);

const echo: Filter = any(
  all(transport('icmp'), equals('suricata.eve.icmp_type', 8)),
  all(transport('ipv6-icmp'), equals('suricata.eve.icmp_type', 128)),
);

/** An ICMP error counts as a packet to the client and leaves the flow `new`; an answer makes it `established`. */
const answered: Filter = all(replied, not(equals('suricata.eve.flow.state', 'new')));

/**
 * Suricata EVE: flow, DNS, mDNS and ARP events, of Filebeat's module, of Elastic's integration, and as we import them.
 *
 * Begun: the client sent a SYN. Suricata turns a flow that it meets at the SYN-ACK round to its true direction, and
 * then its client has no SYN: not begun. SCTP and UDP: a first packet; ICMP: echo requests only.
 * A port that sent a SYN-ACK is open, whatever followed. UDP flows that ICMP errors answered are refused: state `new`
 * with packets to the client (compared with captures: all such flows, and no others, met an unreachable).
 *
 * Quiet on purpose:
 * - flows turned round by their content (no packet to the server), and TCP flows whose SYN was not seen;
 * - lone probes in IPv6, with TCP options, or not from a client's port to a service's: no flags tell them from ends;
 * - answers to groups (`answersGroup`); ARP probes for a free address, whose sender is 0.0.0.0;
 * - alerts, http, tls … and netflow: their flow has its own record.
 *
 * Elastic's integration, as far as we know it, maps neither the questions of mDNS and of DNS version 3 nor the addresses
 * of ARP to ECS: of telemetry that it indexed only the flows are judged. SCTP's ABORT can't be told from its answer: unknown.
 */
export const suricata = defineIntegration({
  name: 'suricata.eve',
  documents: any(
    equals('event.module', 'suricata'),
    equals('event.dataset', 'suricata.eve'),
    equals('data_stream.dataset', 'suricata.eve'),
  ),
  contact: {
    begun: all(
      event('flow'),
      any(
        all(transport('tcp'), any(clientSent(SYN), loneProbe)),
        all(transport('udp', 'sctp'), asked, not(answersGroup)),
        all(echo, asked),
      ),
    ),
    refused: any(
      all(transport('tcp'), serverSent(RST), not(serverSent(SYN))),
      all(transport('tcp'), equals('suricata.eve.tcp.tcp_flags_tc', '00'), replied),
      all(transport('udp', 'icmp', 'ipv6-icmp'), replied, equals('suricata.eve.flow.state', 'new')),
    ),
    unanswered: silent,
    accepted: any(serverSent(SYN_ACK), all(transport('udp', 'icmp', 'ipv6-icmp'), answered)),
  },
  serviceQuery: {
    asked: all(
      event('dns', 'mdns'),
      equals('destination.port', 5353),
      exists('dns.question.name'),
      oneOf('dns.type', 'query', 'request'),
    ),
  },
  arp: {
    request: all(event('arp'), equals('suricata.eve.arp.opcode', 'request'), not(equals('source.ip', '0.0.0.0'))),
    reply: all(event('arp'), equals('suricata.eve.arp.opcode', 'reply')),
  },
});
