import type { EcsDocument } from '../../queries/document.js';
import type { Platform } from '../../queries/integration.js';

/** Telemetry in as few words as the rules of attribution need. Times are epoch milliseconds. */
export type TelemetryRecord = Connection | Flow | Question | Arp | Launch | Sighting;

/** A process of a host reaches out. */
export interface Connection {
  kind: 'connection';
  time: number;
  host: Host;
  /** The address it speaks from. */
  source: string;
  container: string | null;
  program: string;
  destination: string;
  port: number;
  transport: 'tcp' | 'udp';
  outcome: 'refused' | 'unknown';
}

/** A sensor sees an address reach out. Without a port: an echo request. */
export interface Flow {
  kind: 'flow';
  time: number;
  source: string;
  destination: string;
  port: number | null;
  outcome: 'accepted' | 'refused' | 'unanswered';
}

/** An address asks for a service by mDNS. */
export interface Question {
  kind: 'question';
  time: number;
  source: string;
  name: string;
}

export interface Arp {
  kind: 'arp';
  time: number;
  source: string;
  target: string;
  isReply: boolean;
}

/** A program is started; `nmap` is on every list of tools. */
export interface Launch {
  kind: 'launch';
  time: number;
  host: Host;
  container: string | null;
  program: string;
}

/** A host is seen with its addresses, and does nothing else. */
interface Sighting {
  kind: 'sighting';
  time: number;
  host: Host;
  addresses: string[];
}

export interface Host {
  id: string;
  platform: Platform | null;
}

/** The document that an agent or a sensor would write. */
export function toDocument(record: TelemetryRecord): EcsDocument {
  const document = { '@timestamp': new Date(record.time).toISOString(), 'event.kind': 'event' };
  switch (record.kind) {
    case 'connection':
      return { ...document, ...connectionFields(record) };
    case 'flow':
      return { ...document, ...flowFields(record) };
    case 'question':
      return { ...document, ...questionFields(record) };
    case 'arp':
      return { ...document, ...arpFields(record) };
    case 'launch':
      return { ...document, ...launchFields(record) };
    case 'sighting':
      return { ...document, ...sightingFields(record) };
  }
}

const hostFields = ({ id, platform }: Host): EcsDocument => ({
  'host.id': id,
  'host.name': id,
  ...(platform === null ? {} : { 'host.os.type': platform }),
});

const connectionFields = (record: Connection): EcsDocument => ({
  ...hostFields(record.host),
  'event.category': ['network'],
  'event.type': ['connection', record.outcome === 'refused' ? 'denied' : 'start'],
  ...programFields(record),
  'source.ip': record.source,
  'destination.ip': record.destination,
  'destination.port': record.port,
  'network.transport': record.transport,
});

const programFields = ({ host, container, program }: Connection | Launch): EcsDocument => ({
  'process.executable': program,
  'process.entity_id': `${host.id} ${container} ${program}`,
  ...(container === null ? {} : { 'container.id': container }),
});

const TCP = {
  accepted: { state: 'SF', history: 'ShADadFf', answers: 4 },
  refused: { state: 'REJ', history: 'Sr', answers: 1 },
  unanswered: { state: 'S0', history: 'S', answers: 0 },
} as const;

function flowFields({ source, destination, port, outcome }: Flow): EcsDocument {
  const { state, history, answers } = TCP[outcome];
  const isEcho = port === null;
  return {
    'event.category': ['network'],
    'event.type': ['connection', 'start', 'end'],
    'event.module': 'zeek',
    'event.dataset': 'zeek.connection',
    'source.ip': source,
    'source.packets': 1,
    'destination.ip': destination,
    'destination.packets': answers,
    'network.transport': isEcho ? 'icmp' : 'tcp',
    'zeek.connection.state': isEcho ? 'OTH' : state,
    ...(isEcho
      ? { 'zeek.connection.icmp.type': 8 }
      : { 'zeek.connection.history': history, 'source.port': 40_000, 'destination.port': port }),
  };
}

const questionFields = ({ source, name }: Question): EcsDocument => ({
  'event.category': ['network'],
  'event.type': ['protocol', 'info'],
  'event.module': 'zeek',
  'event.dataset': 'zeek.dns',
  'source.ip': source,
  'source.port': 5353,
  'destination.ip': '224.0.0.251',
  'destination.port': 5353,
  'network.transport': 'udp',
  'dns.question.name': name,
  'zeek.dns.AA': false,
});

const arpFields = ({ source, target, isReply }: Arp): EcsDocument => ({
  'event.category': ['network'],
  'event.module': 'zeek',
  'event.dataset': 'zeek.arp',
  'event.action': isReply ? 'arp-reply' : 'arp-request',
  'network.type': 'arp',
  'source.ip': source,
  'destination.ip': target,
});

const launchFields = (record: Launch): EcsDocument => ({
  ...hostFields(record.host),
  'event.category': ['process'],
  'event.type': ['start'],
  ...programFields(record),
});

const sightingFields = ({ host, addresses }: Sighting): EcsDocument => ({
  ...hostFields(host),
  'host.ip': addresses,
  'event.category': ['process'],
  'event.type': ['end'],
  'process.executable': '/usr/bin/true',
  'process.pid': 4_711,
});
