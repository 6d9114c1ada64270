import { traitsOf } from '../queries/compile/traits.js';
import { type EcsDocument, read, readNumber, readScalars, readText } from '../queries/document.js';
import type { ContactRule, Integration } from '../queries/integration.js';
import { integrationOf, platformOf } from '../queries/integrations/index.js';
import { judgeOf } from '../queries/judge.js';
import { judgedFields } from '../queries/records.js';
import {
  addressNumber,
  isGroupAddress,
  isLoopback,
  isPrivate,
  isSameSubnet,
  normalizeAddress,
} from '../server/model/address.js';
import type { Outcome } from '../server/model/observation.js';
import type { RejectReason } from '../server/model/ports.js';
import { subjectHash, subjectKey } from '../server/model/subject.js';
import { parseTime } from '../server/model/time.js';
import { userContextFields, userContextOf } from '../server/model/user-context.js';
import type { Row } from './duckdb/tables.js';

/** The rows that one document makes; none where it says nothing about a hunt. */
export interface Rows {
  contacts: Row<'contacts'>[];
  launches: Row<'launches'>[];
  process_events: Row<'process_events'>[];
  queries: Row<'queries'>[];
  arps: Row<'arps'>[];
  holders: Row<'holders'>[];
}

/** A document without a usable time, address or port. */
export class UnusableDocument extends Error {
  constructor(readonly reason: RejectReason) {
    super(reason);
  }
}

/** Every field that a row is told from: an index need give no more of a document. */
export const rowFields: readonly string[] = [
  ...new Set([
    ...judgedFields,
    ...['@timestamp', 'event.start', 'event.module', 'observer.name'],
    ...['host.id', 'host.name', 'host.hostname', 'host.ip', 'host.os.type', 'host.os.family', 'host.os.platform'],
    ...['container.id', 'orchestrator.namespace', 'source.namespace', 'destination.namespace'],
    ...['source.ip', 'destination.ip', 'destination.port', 'network.transport', 'network.iana_number'],
    ...['process', 'process.parent'].flatMap((process) =>
      ['args', 'command_line', 'entity_id', 'executable', 'name', 'pid'].map((field) => `${process}.${field}`),
    ),
    ...['process.hash.sha256', 'process.pe.original_file_name', 'dns.question.name'],
    ...userContextFields,
  ]),
];

/** Captures count from 1970 at times; zero itself is a missing time, as is a FILETIME of zero (1601). */
const EARLIEST_MS = 1;
const FUTURE_MS = 366 * 86_400_000;

/**
 * Reads a document into rows, by the same integration table that the compilers use. Throws `UnusableDocument`: a time
 * at or before 1970 or more than a year ahead of `now` is a broken clock, not telemetry.
 */
export function toRows(document: EcsDocument, number: bigint, now: number): Rows {
  const rows: Rows = { contacts: [], launches: [], process_events: [], queries: [], arps: [], holders: [] };
  const integration = integrationOf(document);
  if (!integration) return rows;
  const base = { number, time: BigInt(timeOf(document, now)) };
  const host = hostOf(document, integration);
  if (integration.contact && judgeOf(integration.contact.begun)(document))
    addContact(rows, document, integration.contact, base, host);
  if (integration.launch && judgeOf(integration.launch)(document)) addLaunch(rows, document, base, host);
  addProcessEvents(rows, document, integration, base, host);
  if (integration.serviceQuery && judgeOf(integration.serviceQuery.asked)(document))
    addQueries(rows, document, integration.serviceQuery.masked, base, host);
  if (integration.arp) addArp(rows, document, integration.arp, base);
  if (host.host !== '')
    for (const address of readScalars(document, 'host.ip')) addHolder(rows, String(address), base, host, '');
  return rows;
}

type Base = { number: bigint; time: bigint };
type Who = { subject: string } & Pick<
  Row<'contacts'>,
  'is_process' | 'platform' | 'container' | 'host' | 'host_name' | 'process'
>;
type Host = { host: string; host_name: string | null; container: string; platform: string | null };

function timeOf(document: EcsDocument, now: number): number {
  const time = parseTime(read(document, 'event.start')) ?? parseTime(read(document, '@timestamp'));
  if (time === undefined) throw new UnusableDocument('no_time');
  if (time < EARLIEST_MS || time > now + FUTURE_MS) throw new UnusableDocument('time_out_of_range');
  return time;
}

function hostOf(document: EcsDocument, integration: Integration): Host {
  const name = readText(document, 'host.name') ?? readText(document, 'host.hostname');
  return {
    host: readText(document, 'host.id') ?? name ?? '',
    host_name: name ?? null,
    container: readText(document, 'container.id') ?? '',
    platform: platformOf(document, integration) ?? null,
  };
}

function whoOf(document: EcsDocument, host: Host, program: string): Who {
  return {
    subject: subjectKey({ kind: 'process', host: host.host, container: host.container, process: program }),
    is_process: true,
    platform: host.platform,
    container: host.container,
    host: host.host,
    host_name: host.host_name,
    process: processOf(document),
  };
}

const whoseAddress = (address: string, container: string): Who => ({
  subject: subjectKey({ kind: 'address', address }),
  is_process: false,
  platform: null,
  container,
  host: '',
  host_name: null,
  process: null,
});

/** The program that a subject is made of, or undefined where the document names no process. */
function programOf(document: EcsDocument): string | undefined {
  return (
    readText(document, 'process.executable')?.toLowerCase() ??
    readText(document, 'process.name') ??
    readText(document, 'process.entity_id')
  );
}

function processOf(document: EcsDocument, prefix = 'process'): string | null {
  const entity = readText(document, `${prefix}.entity_id`);
  if (entity !== undefined) return entity;
  const pid = readNumber(document, `${prefix}.pid`);
  return pid === undefined ? null : `pid:${pid}`;
}

function pidAt(document: EcsDocument, path: string): bigint | null {
  const pid = readNumber(document, path);
  return pid !== undefined && Number.isSafeInteger(pid) ? BigInt(pid) : null;
}

/** Every column is named: a spread of as many fields costs more than all that is read for them. */
function addContact(rows: Rows, document: EcsDocument, rule: ContactRule, base: Base, host: Host): void {
  const source = addressAt(document, 'source.ip');
  const destination = addressAt(document, 'destination.ip');
  if (destination === undefined) throw new UnusableDocument('no_address');
  const transport = transportOf(document);
  if (isGroupAddress(destination) || (transport === 'udp' && /\.255$/.test(destination))) return;
  const isInbound = rule.inbound !== undefined && judgeOf(rule.inbound)(document);
  const program = isInbound ? undefined : programOf(document);
  if (program === undefined && source === undefined) throw new UnusableDocument('no_address');
  const who =
    program === undefined ? whoseAddress(source!, isInbound ? '' : host.container) : whoOf(document, host, program);
  const contact: Row<'contacts'> = {
    number: base.number,
    time: base.time,
    subject: who.subject,
    is_process: who.is_process,
    platform: who.platform,
    container: who.container,
    host: who.host,
    host_name: who.host_name,
    process: who.process,
    source: source ?? null,
    destination,
    destination_number: addressNumber(destination),
    port: transport === 'icmp' ? null : portAt(document),
    transport: transport ?? null,
    outcome: outcomeOf(rule, document),
    scope: scopeOf(document, destination, source, program !== undefined && host.container === ''),
    context: program === undefined ? null : (userContextOf(document) ?? null), // that of who runs the process
    user: readText(document, 'user.name') ?? readText(document, 'user.id') ?? null,
    namespace: readText(document, 'orchestrator.namespace') ?? readText(document, 'source.namespace') ?? null,
    destination_namespace: readText(document, 'destination.namespace') ?? null,
    sensor: readText(document, 'observer.name') ?? readText(document, 'event.module') ?? null,
    subject_hash: subjectHash(who.subject),
    traits: 0,
  };
  contact.traits = traitsOf(contact);
  rows.contacts.push(contact);
  if (program !== undefined && source !== undefined && host.host !== '')
    addHolder(rows, source, base, host, host.container);
}

function addressAt(document: EcsDocument, path: string): string | undefined {
  const text = readText(document, path);
  if (text === undefined) return undefined;
  const address = normalizeAddress(text);
  if (address === undefined) throw new UnusableDocument('bad_address');
  return address;
}

/** Port 0 is no port: a sensor's word for none. */
function portAt(document: EcsDocument): number | null {
  const text = readText(document, 'destination.port');
  if (text === undefined) return null;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UnusableDocument('bad_port');
  return port === 0 ? null : port;
}

const TRANSPORTS: Readonly<Record<string, string>> = {
  '1': 'icmp',
  '6': 'tcp',
  '17': 'udp',
  '58': 'icmp',
  '132': 'sctp',
};

function transportOf(document: EcsDocument): string | undefined {
  const named = readText(document, 'network.transport')?.toLowerCase();
  if (named !== undefined) return named.includes('icmp') ? 'icmp' : named;
  const iana = readText(document, 'network.iana_number');
  return iana === undefined ? undefined : TRANSPORTS[iana];
}

function outcomeOf(rule: ContactRule, document: EcsDocument): Outcome {
  if (rule.refused && judgeOf(rule.refused)(document)) return 'refused';
  if (rule.unanswered && judgeOf(rule.unanswered)(document)) return 'unanswered';
  return rule.accepted && judgeOf(rule.accepted)(document) ? 'accepted' : 'unknown';
}

/**
 * `host.ip` of a sensor's flow is the sensor's own, that of a container's record its node's: only those of a process
 * outside of containers are the subject's.
 */
function scopeOf(document: EcsDocument, destination: string, source: string | undefined, isOfHost: boolean): string {
  if (isLoopback(destination) || destination === source) return 'self';
  if (isOfHost)
    for (const own of readScalars(document, 'host.ip'))
      if (normalizeAddress(String(own)) === destination) return 'self';
  const isNear = source?.includes(':') && destination.includes(':') && isSameSubnet(source, destination);
  return isPrivate(destination) || isNear ? 'own' : 'foreign';
}

const MAX_ARGUMENTS = 32_768;

function argumentsAt(document: EcsDocument, prefix: string): string | null {
  const args = readScalars(document, `${prefix}.args`);
  const text = args.length > 0 ? args.map(String).join(' ') : readText(document, `${prefix}.command_line`);
  return text === undefined ? null : text.slice(0, MAX_ARGUMENTS);
}

function addLaunch(rows: Rows, document: EcsDocument, base: Base, host: Host): void {
  const program = programOf(document);
  if (program === undefined) return;
  const executable = readText(document, 'process.executable') ?? null;
  const who = whoOf(document, host, program);
  rows.launches.push({
    number: base.number,
    time: base.time,
    subject: who.subject,
    is_process: who.is_process,
    platform: who.platform,
    container: who.container,
    host: who.host,
    host_name: who.host_name,
    process: who.process,
    parent: processOf(document, 'process.parent'),
    pid: pidAt(document, 'process.pid'),
    parent_pid: pidAt(document, 'process.parent.pid'),
    executable,
    name: readText(document, 'process.name') ?? null,
    original_name: readText(document, 'process.pe.original_file_name') ?? null,
    arguments: argumentsAt(document, 'process'),
    parent_executable:
      readText(document, 'process.parent.executable') ?? readText(document, 'process.parent.name') ?? null,
    parent_arguments: argumentsAt(document, 'process.parent'),
    user: readText(document, 'user.name') ?? readText(document, 'user.id') ?? null,
    context: userContextOf(document) ?? null,
    hash: readText(document, 'process.hash.sha256') ?? null,
  });
}

function addProcessEvents(rows: Rows, document: EcsDocument, integration: Integration, base: Base, host: Host): void {
  const add = (kind: string, value: string | null) => {
    const program = programOf(document);
    const who = whoOf(document, host, program ?? '');
    if (program !== undefined || who.process !== null) rows.process_events.push({ ...base, ...who, kind, value });
  };
  if (integration.rawSocket && judgeOf(integration.rawSocket)(document)) add('raw_socket', null);
  if (integration.exit && judgeOf(integration.exit)(document)) add('exit', null);
  if (integration.nameQuery && judgeOf(integration.nameQuery)(document))
    add('name_query', readText(document, 'dns.question.name') ?? null);
}

function addQueries(rows: Rows, document: EcsDocument, masked: string | undefined, base: Base, host: Host): void {
  const source = addressAt(document, 'source.ip') ?? null;
  const program = programOf(document);
  if (source === null && program === undefined) throw new UnusableDocument('no_address');
  const who = program === undefined ? whoseAddress(source!, host.container) : whoOf(document, host, program);
  const hash = masked === undefined ? undefined : readText(document, masked);
  if (hash !== undefined) rows.queries.push({ ...base, ...who, source, name: '', hash });
  else
    for (const name of readScalars(document, 'dns.question.name'))
      rows.queries.push({ ...base, ...who, source, name: String(name).toLowerCase().replace(/\.$/, ''), hash: null });
}

/** Announcements (an address asks for itself) and probes from 0.0.0.0 look for nobody else. */
function addArp(rows: Rows, document: EcsDocument, rule: NonNullable<Integration['arp']>, base: Base): void {
  const isReply = judgeOf(rule.reply)(document);
  if (!isReply && !judgeOf(rule.request)(document)) return;
  const source = addressAt(document, 'source.ip');
  const target = addressAt(document, 'destination.ip');
  if (source === undefined || target === undefined) throw new UnusableDocument('no_address');
  if (source === target || source === '0.0.0.0') return;
  const asking = isReply ? target : source;
  rows.arps.push({
    ...base,
    subject: subjectKey({ kind: 'address', address: asking }),
    source,
    target,
    is_reply: isReply,
  });
}

function addHolder(rows: Rows, text: string, { number, time }: Base, host: Host, container: string): void {
  const address = normalizeAddress(text);
  if (address === undefined || isLoopback(address) || isGroupAddress(address)) return;
  const { host: name, host_name, platform } = host;
  rows.holders.push({ number, time, last: time, address, host: name, host_name, container, platform });
}
