import { all, any, atLeast, atMost, contains, equals, exists, type Filter, not, oneOf, startsWith } from '../filter.js';
import { defineIntegration } from '../integration.js';

/** Where Linux begins to draw clients' ports; Windows and macOS draw theirs from 49152 on, scanners mostly from here. */
const FIRST_CLIENT_PORT = 32_768;

/**
 * From a client's port to a service's. A lone packet the other way is the end of a connection that the sensor missed:
 * a server that closes or probes idle clients would look as if it scanned their ports.
 */
export const towardsService: Filter = all(
  atLeast('source.port', FIRST_CLIENT_PORT),
  atMost('destination.port', FIRST_CLIENT_PORT - 1),
);

/**
 * UDP answers to a question that went to a group: each is a flow of its own, begun by who answers, though a television
 * that answers ten players' searches is no scanner, nor is a DHCP server. NetBIOS, SSDP, WS-Discovery, mDNS and LLMNR
 * answer a client's port; NetBIOS and mDNS also answer, and get nothing back, where they ask from.
 */
export const answersGroup: Filter = any(
  all(oneOf('source.port', 137, 1900, 3702, 5353, 5355), atLeast('destination.port', FIRST_CLIENT_PORT)),
  all(oneOf('source.port', 67, 547), oneOf('destination.port', 68, 546)),
  all(
    any(
      all(equals('source.port', 137), equals('destination.port', 137)),
      all(equals('source.port', 5353), equals('destination.port', 5353)),
    ),
    atMost('destination.packets', 0),
  ),
);

const dataset = (name: string): Filter => any(equals('event.dataset', name), equals('data_stream.dataset', name));
const transport = (name: string): Filter => equals('network.transport', name);
const state = (...states: string[]): Filter => oneOf('zeek.connection.state', ...states);
const seen = (letter: string): Filter => contains('zeek.connection.history', letter);

/** Logs of old or trimmed sensors have no history: their state has to do, where it is plain. */
const noHistory: Filter = not(exists('zeek.connection.history'));

/** The originator's SYN, or a packet with SYN and FIN or RST at once (`Q`), as nmap's system detection sends. */
const synSeen: Filter = any(seen('S'), startsWith('zeek.connection.history', 'Q'));

/** The SYN got its SYN-ACK: seen or, where it went another way, shown by the originator's ACK or by data back. */
const handshake: Filter = all(synSeen, any(seen('h'), seen('A'), seen('d')));

/** A null packet that nobody answered leaves no letter at all; one or two of them are 40 to 120 bytes of headers. */
const nullProbe: Filter = all(noHistory, state('OTH'), atMost('destination.packets', 0), atMost('source.bytes', 120));

/** FIN, Xmas, Maimon (`F`), ACK, window (`A`) and null scans: one packet, or its copy too, at most a reset back. */
const loneProbe: Filter = all(
  any(oneOf('zeek.connection.history', 'F', 'A', 'Fr', 'Ar', 'r'), nullProbe),
  atLeast('source.packets', 1),
  atMost('source.packets', 2),
  towardsService,
);

const tcpBegun: Filter = all(
  transport('tcp'),
  any(synSeen, loneProbe, all(noHistory, state('S0', 'S1', 'S2', 'S3', 'SF', 'REJ', 'RSTO', 'RSTR'))),
);

/** `^`: Zeek turned the flow round after all; an answer came first. */
const udpBegun: Filter = all(
  transport('udp'),
  any(all(startsWith('zeek.connection.history', 'D'), not(seen('^'))), all(noHistory, state('S0', 'SF'))),
  not(answersGroup),
);

const icmpBegun: Filter = all(transport('icmp'), oneOf('zeek.connection.icmp.type', 8, 128));

const refused: Filter = all(transport('tcp'), any(seen('r'), all(noHistory, state('REJ'))), not(handshake));

/**
 * Zeek: conn, dns and ARP logs, of Filebeat's module, of Elastic's integration, and as we import them.
 *
 * Begun is read from the history (who sent what first), not from the state: RSTOS0, SH, RSTR and OTH name connections
 * with and without a SYN alike, and where the SYN is missing the two sides are a guess. A sensor that sees but one
 * direction of a server's traffic writes its replies as DR, RSTOS0, with the clients' ports as destinations.
 * A port that sent a SYN-ACK is open, whatever followed (nmap's half-open RSTO, or REJ where both then reset).
 *
 * Quiet on purpose:
 * - connections whose SYN was not seen: `^h…`, `H…`, `hA…`, and logs without history in the states OTH, SH, RSTOS0;
 * - lone probes that don't go from a client's port to a service's (`towardsService`), and answers to groups
 *   (`answersGroup`: so a sweep by nbtstat, from port 137 to 137, shows only where hosts answer it);
 * - ICMP but echo requests: Zeek has a line for each kind of message, and an unreachable is an answer;
 * - mDNS questions that Zeek put into one line with an answer (AA true), else printers would look like browsers;
 * - ARP probes for a free address (RFC 5227): their sender is 0.0.0.0, which stands for every host that boots.
 *
 * Zeek does not say that a UDP port was refused (the ICMP unreachable is another line): it is unanswered. Of an mDNS
 * message it logs the first question only: who puts all types into one message (Apple's devices) asks for one.
 */
export const zeek = defineIntegration({
  name: 'zeek',
  documents: any(
    equals('event.module', 'zeek'),
    startsWith('event.dataset', 'zeek.'),
    startsWith('data_stream.dataset', 'zeek.'),
  ),
  contact: {
    begun: all(dataset('zeek.connection'), any(tcpBegun, udpBegun, icmpBegun)),
    refused,
    unanswered: any(
      all(
        transport('tcp'),
        any(state('S0', 'SH', 'RSTOS0'), all(state('OTH'), atMost('destination.packets', 0))),
        not(handshake),
      ),
      all(transport('udp'), state('S0')),
      all(transport('icmp'), atMost('destination.packets', 0)),
    ),
    accepted: any(
      handshake,
      all(transport('tcp'), noHistory, state('S1', 'S2', 'S3', 'SF', 'RSTO', 'RSTR')),
      all(transport('udp'), state('SF')),
      all(transport('icmp'), atLeast('destination.packets', 1)),
    ),
  },
  serviceQuery: {
    asked: all(
      dataset('zeek.dns'),
      equals('destination.port', 5353),
      exists('dns.question.name'),
      not(equals('zeek.dns.AA', true)),
    ),
  },
  arp: {
    request: all(equals('event.action', 'arp-request'), dataset('zeek.arp'), not(equals('source.ip', '0.0.0.0'))),
    reply: all(equals('event.action', 'arp-reply'), dataset('zeek.arp')),
  },
});
