import type { TelemetryScope } from '../../queries/analytic.js';
import type { EcsDocument } from '../../queries/document.js';
import type { Platform } from '../../queries/integration.js';
import type { Plan } from '../../queries/plan.js';
import type { Contact, ServiceQuery, UserContext } from './observation.js';
import type { Volumes } from './volume.js';

/** One imported event: the ECS document and where its original stands. */
export interface ImportedEvent {
  document: EcsDocument;
  /** The record as it was read, for evidence. */
  original: string;
  /** Index, or file (with the archive member after `!`). */
  index: string;
  /** Document id, or line number. */
  id: string;
}

/** Stored whole or not at all, and once however often it comes: `key` names it (hash of what was read). */
export interface Batch {
  key: string;
  events: readonly ImportedEvent[];
}

export interface AppendResult {
  stored: number;
  /** Events of a batch that was stored before. */
  repeated: number;
  /** Events that say nothing about a hunt: multicast, replies, ends of connections. */
  ignored: number;
  /** Events that hold no usable time, address or port, by position in the batch. */
  rejected: { position: number; reason: RejectReason }[];
}

/** Why one record was kept aside. */
export type RejectReason =
  | 'not_json'
  | 'not_this_format'
  | 'too_long'
  | 'too_deep'
  | 'binary'
  | 'truncated'
  | 'no_time'
  | 'time_out_of_range'
  | 'no_address'
  | 'bad_address'
  | 'bad_port';

/** Takes telemetry in. */
export interface Events {
  append(batch: Batch): Promise<AppendResult>;
}

/** A closed stretch of event time, epoch milliseconds. */
export interface Span {
  from: number;
  to: number;
}

/** Arrivals after one position and up to another: (after, until]. */
export interface Arrivals {
  after: number;
  until: number;
}

/** Records of one index that arrived within one hour. */
export interface HourCount {
  index: string;
  /** Epoch ms of its start. */
  hour: number;
  records: number;
}

/** A subject that may hold firing windows, and where: a superset of the truth. */
export interface Suspect {
  subject: string;
  /** Windows of so many seconds that end in one of these spans may fire; no others do. */
  regions: { windowSeconds: number; ends: Span }[];
}

/** What to read of one subject. */
export interface Wanted {
  subject: string;
  spans: readonly Span[];
}

export interface ContactRecord extends Contact {
  /** The source address, where the record has one. */
  source: string | null;
  /** process.entity_id, else `pid:` and the pid. */
  process: string | null;
  user: string | null;
  namespace: string | null;
  destinationNamespace: string | null;
  hostName: string | null;
  platform: Platform | null;
  /** container.id, or empty. */
  container: string;
}

export interface Launch {
  time: number;
  evidence: string;
  subject: string;
  host: string;
  hostName: string | null;
  platform: Platform | null;
  container: string;
  process: string | null;
  parent: string | null;
  pid: number | null;
  parentPid: number | null;
  executable: string | null;
  name: string | null;
  originalName: string | null;
  arguments: string | null;
  parentExecutable: string | null;
  parentArguments: string | null;
  user: string | null;
  context: UserContext | null;
  hash: string | null;
}

/** What a launch runs. */
export type Program = Pick<Launch, 'executable' | 'name' | 'originalName' | 'arguments'>;

/** A raw socket, a process end, or a name looked up. */
export interface ProcessEvent {
  time: number;
  evidence: string;
  kind: 'raw_socket' | 'exit' | 'name_query';
  subject: string;
  host: string;
  process: string | null;
  value: string | null;
}

/** A host was seen with an address. */
export interface Holding {
  address: string;
  host: string;
  hostName: string | null;
  container: string;
  platform: Platform | null;
  from: number;
  to: number;
}

/** Where the record of a piece of evidence stands. */
export interface Place {
  evidence: string;
  index: string;
  id: string;
}

/** A record as it was read. */
export interface Original extends Place {
  original: string;
}

export interface SubjectQuery extends ServiceQuery {
  subject: string;
  source: string | null;
}

export interface ArpRecord {
  time: number;
  evidence: string;
  /** Whose asking it is about: the one who asks, also in a reply. */
  subject: string;
  source: string;
  target: string;
  isReply: boolean;
}

/** Event times that arrivals touch: alerts around may have more to tell. */
export interface Touched extends Span {
  /** Where contacts are new: those of all or, with `subjects`, of some alone. */
  parts: readonly (Span & { subjects?: readonly string[] })[];
}

/** Reads telemetry. Every answer is whole, or the call fails. What is asked at once may be answered together. */
export interface Telemetry {
  /**
   * How long, in ms, what arrived at or before a position may still turn up after the position was told; then positions
   * are epoch ms. 0: nothing does, whatever positions count.
   */
  readonly overlapMs: number;
  /** The newest arrival: all that was committed so far is at or before it. */
  position(): Promise<number>;
  /** Names of what holds telemetry and can't be read now: closed indices, which engines leave out without a word. */
  unread(): Promise<string[]>;
  /** The span of all event times; undefined where there is none. */
  extent(): Promise<Span | undefined>;
  /** How many records of each kind lie in the span: program's of the scope's hosts, addresses' of all. */
  volumes(scope: TelemetryScope, span: Span): Promise<Volumes>;
  /**
   * Where the first part of arrivals ends that is to be hunted before the rest, so that no hunt of much that arrived has
   * to be whole. Later than `after`, but where nothing arrived after it: then `until`.
   */
  sliceEnd(arrivals: Arrivals): Promise<number>;
  /** What arrivals touch: few spans, in order. Who holds an address touches a day around. */
  touched(arrivals: Arrivals): Promise<Touched[]>;
  /**
   * Of these subjects those of whom something arrived that alerts tell, and perhaps others: what they did; what their
   * processes did or were started by, whoever's record names them; who holds their address, or which one their host holds.
   * Undefined where nobody knows: it may be all of them.
   */
  acted(arrivals: Arrivals, subjects: readonly string[]): Promise<string[] | undefined>;
  /**
   * How many records arrived, of those that hunts know, by index and hour, which may come in parts. Undefined where
   * nothing turns up late: what arrived up to a position never changes.
   */
  arrived(arrivals: Arrivals): Promise<HourCount[] | undefined>;
  /** Subjects of the plan that may fire in windows that end in the span. */
  suspects(plan: Plan, span: Span, subjects?: readonly string[]): Promise<Suspect[]>;
  /** Contacts of each subject in time order, subject after subject, with the number of records read. */
  contacts(wanted: readonly Wanted[]): AsyncIterable<{ subject: string; contacts: ContactRecord[] }>;
  queries(wanted: readonly Wanted[]): Promise<SubjectQuery[]>;
  arps(wanted: readonly Wanted[]): Promise<ArpRecord[]>;
  /**
   * Launches of the plan's hosts in the span, of any or these subjects, whose program is wanted: streamed in time order.
   * Each program is asked for once, however often it was launched.
   */
  launches(
    plan: Plan,
    span: Span,
    isWanted: (program: Program) => boolean,
    subjects?: readonly string[],
  ): AsyncIterable<Launch[]>;
  /** Launches of these processes of one host in the span. */
  launchesOf(host: string, processes: readonly string[], span: Span): Promise<Launch[]>;
  processEventsOf(host: string, processes: readonly string[], span: Span): Promise<ProcessEvent[]>;
  /** Who was seen with these addresses within the span. */
  holdings(addresses: readonly string[], span: Span): Promise<Holding[]>;
  /** The addresses that these hosts were seen with within the span. */
  addressesOf(hosts: readonly string[], span: Span): Promise<Holding[]>;
  /** Of records that are there. */
  places(evidence: readonly string[]): Promise<Place[]>;
  originals(evidence: readonly string[]): Promise<Original[]>;
}

export type Kind =
  | 'alert'
  | 'silenced'
  | 'head'
  | 'run'
  | 'mark'
  | 'import'
  | 'job'
  | 'health'
  | 'lease'
  | 'arrivals'
  | 'reload';
export type Version = number;

export interface Versioned<T> {
  id: string;
  version: Version;
  body: T;
}

/** A condition on one field of the body, by its dotted path. */
export type Condition =
  | { path: string; oneOf: readonly (string | number)[] }
  | { path: string; atLeast?: string | number; atMost?: string | number };

export interface DocumentQuery {
  where?: readonly Condition[];
  /** Ties are broken by id, in the same direction. */
  sort?: { path: string; direction: 'asc' | 'desc'; isNumeric?: boolean };
  /** Only what comes after this document in that order. */
  after?: { value: string | number; id: string };
  limit: number;
}

/** Small state: alerts, subjects' episode lists, runs, watermarks, leases. */
export interface Documents {
  get<T>(kind: Kind, id: string): Promise<Versioned<T> | undefined>;
  /** False when the id is taken: the first writer wins. */
  create<T>(kind: Kind, id: string, body: T): Promise<boolean>;
  /** False when somebody wrote since `version`. */
  update<T>(kind: Kind, id: string, body: T, version: Version): Promise<boolean>;
  query<T>(kind: Kind, query: DocumentQuery): Promise<Versioned<T>[]>;
}
