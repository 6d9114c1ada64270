import type { Machine } from './machines.js';
import type { Reach } from './office.js';
import type { Process } from './processes.js';

/** What happens in the office, before any agent or sensor has seen it. Times are epoch milliseconds. */
export type OfficeEvent = Launch | Exit | RawSocket | Connection | NameLookup | ServiceQuestions | ServiceAnswer;

export interface Launch {
  kind: 'launch';
  at: number;
  process: Process;
}

export interface Exit {
  kind: 'exit';
  at: number;
  process: Process;
}

/** A socket through which a program writes its own packets: they leave no connect behind. */
export interface RawSocket {
  kind: 'raw_socket';
  at: number;
  process: Process;
}

/** One attempt to reach an address and port. */
export interface Connection {
  kind: 'connection';
  at: number;
  source: Machine;
  sourceAddress: string;
  sourcePort: number;
  /** Null where no agent can know: on machines without one, and for packets through a raw socket. */
  process: Process | null;
  destination: string;
  port: number;
  transport: 'tcp' | 'udp';
  outcome: Reach;
  durationMs: number;
  bytesOut: number;
  bytesIn: number;
  /** How long the program waits within its connect; absent where it goes on at once (non-blocking). */
  waitsMs?: number;
  /** The question, where this is a DNS lookup. */
  question?: { name: string; answer: string };
}

/** A program asks its system for an address. */
export interface NameLookup {
  kind: 'name_lookup';
  at: number;
  process: Process;
  name: string;
  answer: string;
}

/** One mDNS packet that asks for service types, by multicast. */
export interface ServiceQuestions {
  kind: 'service_questions';
  at: number;
  source: Machine;
  /** Without `.local`, e.g. `_ipp._tcp`. */
  types: readonly string[];
}

/** One mDNS answer, by multicast. */
export interface ServiceAnswer {
  kind: 'service_answer';
  at: number;
  source: Machine;
  type: string;
  instance: string;
}

/** Who did what, and when: the truth that alerts are compared with. */
export interface LabelText {
  phase: string;
  kind: 'scan' | 'benign';
  machine: Machine;
  tool: string;
  what: string;
  command?: string;
  /** The analytic that has to find a scan. */
  analytic?: string;
  /** Why the default thresholds leave a scan alone; absent: it has to be found. */
  beyond?: string;
  /** It visits machine after machine because it may: a site lists its machine as an expected scan source. */
  isExpected?: true;
}

/** A behaviour of one machine: its events in the order of time, made when they are asked for. */
export interface Activity {
  label: LabelText;
  events: Iterable<OfficeEvent>;
}
