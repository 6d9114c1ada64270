import type { EcsDocument } from '../../../queries/document.js';
import { iso } from '../times.js';

/** One attempt as a sensor on the network tells it. */
export interface Flow {
  at: number;
  from: string;
  to: string;
  /** Absent: an echo request. */
  port?: number;
  transport?: 'tcp' | 'udp';
  /** Default: accepted. */
  ended?: 'accepted' | 'refused' | 'unanswered';
}

const TCP = {
  accepted: { state: 'SF', history: 'ShADadFf', answers: 4 },
  refused: { state: 'REJ', history: 'Sr', answers: 1 },
  unanswered: { state: 'S0', history: 'S', answers: 0 },
} as const;
const OTHER = {
  accepted: { state: 'SF', history: 'Dd', answers: 1 },
  refused: { state: 'S0', history: 'D', answers: 0 },
  unanswered: { state: 'S0', history: 'D', answers: 0 },
} as const;

const zeek = (at: number, dataset: string): EcsDocument => ({
  '@timestamp': iso(at),
  'event.kind': 'event',
  'event.category': ['network'],
  'event.module': 'zeek',
  'event.dataset': dataset,
});

/** A line of Zeek's conn.log. Zeek knows no refused UDP: it is unanswered. */
export function zeekConn({ at, from, to, port, transport = 'tcp', ended = 'accepted' }: Flow): EcsDocument {
  const { state, history, answers } = (transport === 'tcp' && port !== undefined ? TCP : OTHER)[ended];
  const document = {
    ...zeek(at, 'zeek.connection'),
    'event.start': iso(at),
    'event.type': ['connection', 'start'],
    'source.ip': from,
    'source.packets': 1,
    'destination.ip': to,
    'destination.packets': answers,
  };
  if (port === undefined)
    return {
      ...document,
      'network.transport': 'icmp',
      'zeek.connection.state': 'OTH',
      'zeek.connection.icmp.type': 8,
      'zeek.connection.icmp.code': 0,
    };
  return {
    ...document,
    'source.port': 40_000,
    'destination.port': port,
    'network.transport': transport,
    'zeek.connection.state': state,
    'zeek.connection.history': history,
  };
}

/** A line of Zeek's dns.log: an mDNS question, or with `isAnswer` (AA true) what a printer announces. */
export const zeekMdns = (at: number, from: string, name: string, isAnswer = false): EcsDocument => ({
  ...zeek(at, 'zeek.dns'),
  'event.type': ['connection', 'protocol', 'info'],
  'source.ip': from,
  'source.port': 5353,
  'destination.ip': '224.0.0.251',
  'destination.port': 5353,
  'network.transport': 'udp',
  'network.protocol': 'mdns',
  'dns.question.name': name,
  'zeek.dns.AA': isAnswer,
});

export const zeekArp = (at: number, from: string, to: string, kind: 'request' | 'reply' = 'request'): EcsDocument => ({
  ...zeek(at, 'zeek.arp'),
  'event.type': ['protocol', 'info'],
  'event.action': `arp-${kind}`,
  'network.type': 'arp',
  'source.ip': from,
  'destination.ip': to,
});

const FLAGS = {
  accepted: { client: '1b', server: '1b', state: 'closed', answers: 4 },
  refused: { client: '02', server: '14', state: 'closed', answers: 1 },
  unanswered: { client: '02', server: '00', state: 'new', answers: 0 },
} as const;

const eve = (at: number, type: string): EcsDocument => ({
  '@timestamp': iso(at),
  'event.kind': 'event',
  'event.category': ['network'],
  'event.module': 'suricata',
  'event.dataset': 'suricata.eve',
  'suricata.eve.event_type': type,
});

/** A TCP flow event of Suricata: written when the flow is given up, a minute after it began. */
export function eveFlow({ at, from, to, port, ended = 'accepted' }: Flow & { port: number }): EcsDocument {
  const { client, server, state, answers } = FLAGS[ended];
  return {
    ...eve(at + 60_000, 'flow'),
    'event.start': iso(at),
    'event.type': ['connection'],
    'source.ip': from,
    'source.port': 40_000,
    'source.packets': 1,
    'destination.ip': to,
    'destination.port': port,
    'destination.packets': answers,
    'network.transport': 'tcp',
    'suricata.eve.flow.state': state,
    'suricata.eve.tcp.tcp_flags_ts': client,
    'suricata.eve.tcp.tcp_flags_tc': server,
    'suricata.eve.tcp.state': state,
  };
}

export const eveMdns = (at: number, from: string, name: string): EcsDocument => ({
  ...eve(at, 'mdns'),
  'event.type': ['protocol'],
  'source.ip': from,
  'source.port': 5353,
  'destination.ip': '224.0.0.251',
  'destination.port': 5353,
  'network.transport': 'udp',
  'network.protocol': 'mdns',
  'dns.type': 'query',
  'dns.question.name': name,
});

export const eveArp = (at: number, from: string, to: string, opcode: 'request' | 'reply' = 'request'): EcsDocument => ({
  ...eve(at, 'arp'),
  'event.type': ['protocol'],
  'event.action': `arp-${opcode}`,
  'network.type': 'arp',
  'source.ip': from,
  'destination.ip': to,
  'suricata.eve.arp.opcode': opcode,
});
