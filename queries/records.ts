import type { TelemetryScope } from './analytic.js';
import { all, any, equals, exists, type Filter, fieldsOf, not, oneOf } from './filter.js';
import type { ContactRule, Integration, Platform } from './integration.js';
import { integrations } from './integrations/index.js';

/**
 * The integrations' table as one filter a kind of record: what an engine is asked for. Each is a superset, since here a
 * document is of every integration that would have it, not of the first one only; what is found is judged again.
 */
const absent = (field: string): Filter => any(not(exists(field)), equals(field, ''));
const present = (field: string): Filter => not(absent(field));

/** Records of any integration that has such, and that are. */
const ofAny = (isSuch: (integration: Integration) => Filter | undefined): Filter =>
  any(
    ...integrations.flatMap((integration) => {
      const such = isSuch(integration);
      return such === undefined ? [] : [all(integration.documents, such)];
    }),
  );

const ofContacts = (isSuch: (rule: ContactRule) => Filter | undefined): Filter =>
  ofAny(({ contact }) => contact && isSuch(contact));

const PROGRAM = ['process.executable', 'process.name', 'process.entity_id'] as const;
const programless: Filter = all(...PROGRAM.map(absent));

/** Documents of the integrations that we know, whatever they say. */
const known: Filter = any(...integrations.map(({ documents }) => documents));

/** Contacts of the program that their document names. */
const processContacts: Filter = all(
  not(programless),
  ofContacts(({ begun, inbound }) => (inbound ? all(begun, not(inbound)) : begun)),
);

/** Contacts, whoever began them. */
const contacts: Filter = ofContacts(({ begun }) => begun);

export const records = {
  known,
  contacts,
  processContacts,
  /** Contacts of whoever has their source address. */
  addressContacts: all(
    contacts,
    any(
      programless,
      ofContacts(({ inbound }) => inbound),
    ),
  ),
  failedContacts: ofContacts(({ refused, unanswered }) => {
    const failures = [refused, unanswered].filter((failure) => failure !== undefined);
    return failures.length === 0 ? undefined : any(...failures);
  }),
  launches: ofAny(({ launch }) => launch),
  processEvents: ofAny(({ exit, rawSocket, nameQuery }) => {
    const events = [exit, rawSocket, nameQuery].filter((event) => event !== undefined);
    return events.length === 0 ? undefined : any(...events);
  }),
  serviceQueries: ofAny(({ serviceQuery }) => serviceQuery?.asked),
  arps: ofAny(({ arp }) => arp && any(arp.request, arp.reply)),
  arpRequests: ofAny(({ arp }) => arp?.request),
  /** A host says which addresses are its own, or begins a connection from one. */
  holdings: {
    own: all(known, exists('host.ip')),
    source: all(exists('source.ip'), processContacts),
  },
} as const;

/** Who a record is about, as an aggregation can group by it: disjoint sets of records, each with its fields. */
export interface SubjectGroup {
  kind: 'process' | 'address';
  records: Filter;
  /** Of the records of their kind, those that name such a subject. */
  naming: Filter;
  fields: readonly string[];
}

const HOST = ['host.id', 'host.name', 'host.hostname', 'container.id'] as const;

/** The fields that name a process subject. */
export const subjectFields: readonly string[] = [...HOST, ...PROGRAM];

const byProgram = PROGRAM.map((field, index) => {
  const before = PROGRAM.slice(0, index).map(absent);
  return { kind: 'process', naming: all(present(field), ...before), fields: [...HOST, field] } as const;
});

const byAddress = { kind: 'address', naming: exists('source.ip'), fields: ['source.ip'] } as const;

const withRecords = (group: Omit<SubjectGroup, 'records'>, kind: Filter): SubjectGroup => ({
  ...group,
  records: all(group.naming, kind),
});

/** Records of a kind, by their subjects: those of programs, those of addresses. */
const subjectGroups = (ofPrograms: Filter, ofAddresses: Filter): SubjectGroup[] => [
  ...byProgram.map((group) => withRecords(group, ofPrograms)),
  withRecords(byAddress, ofAddresses),
];

export const contactGroups: readonly SubjectGroup[] = subjectGroups(records.processContacts, records.addressContacts);
/** Flows that name a container are its own, whoever holds the address. */
export const containerFlows: SubjectGroup = withRecords(
  byAddress,
  all(present('container.id'), records.addressContacts),
);
export const queryGroups: readonly SubjectGroup[] = subjectGroups(
  records.serviceQueries,
  all(programless, records.serviceQueries),
);
export const arpGroups: readonly SubjectGroup[] = subjectGroups(any(), records.arpRequests).slice(-1);

/** How agents name the systems in `host.os.type`. */
const SYSTEMS: Readonly<Record<Platform, readonly string[]>> = {
  windows: ['windows'],
  linux: ['linux'],
  macos: ['macos', 'darwin'],
};

/** Records of processes that an analytic may look at: those that name no container, and no other system, or may. */
export function processScope({ container, platform, unattributed }: TelemetryScope): Filter {
  if (container) return present('container.id');
  const others = (Object.keys(SYSTEMS) as Platform[]).filter((other) => other !== platform);
  const ofOthers = oneOf('host.os.type', ...others.flatMap((other) => SYSTEMS[other]));
  const told = any(exists('host.os.type'), exists('host.os.family'), exists('host.os.platform'));
  const byAgent = integrations.filter((integration) => integration.platform === platform);
  return all(
    absent('container.id'),
    not(ofOthers),
    ...(unattributed ? [] : [any(told, ...byAgent.map(({ documents }) => documents))]),
  );
}

/** The last integration reads what none of the others does. */
const specific = integrations.slice(0, -1);
const general = integrations.at(-1)!;

const begunByProgram = ({ contact }: Integration): Filter =>
  contact ? all(contact.begun, ...(contact.inbound ? [not(contact.inbound)] : [])) : any();

const TRANSPORTS = ['tcp', 'udp'];

/**
 * Contacts of processes of which all is sure: by whichever integration a document is read, it is a contact that its
 * program began, of this platform or container, to a port that counts; and its subject is told by the first fields that
 * can tell it, as an index may have left out a longer text. A subset, where the others are supersets.
 */
export function sureContacts(scope: TelemetryScope): Filter {
  const { container, platform } = scope;
  return all(
    processScope(scope),
    ...(container || !platform ? [] : [oneOf('host.os.type', ...SYSTEMS[platform])]),
    processContacts,
    ...specific.map((integration) => any(not(integration.documents), begunByProgram(integration))),
    any(...specific.map(({ documents }) => documents), begunByProgram(general)),
    present('host.id'),
    present('process.executable'),
    exists('destination.ip'),
    { kind: 'range', field: 'destination.port', from: 1, to: 65_535 },
    oneOf('network.transport', ...TRANSPORTS),
  );
}

/** Every field that a filter of the table reads. */
export const judgedFields: readonly string[] = [
  ...new Set(
    integrations.flatMap(({ documents, contact, launch, exit, rawSocket, serviceQuery, arp, nameQuery }) =>
      [
        ...[documents, launch, exit, rawSocket, nameQuery, serviceQuery?.asked, arp?.request, arp?.reply],
        ...[contact?.begun, contact?.inbound, contact?.refused, contact?.unanswered, contact?.accepted],
        ...(serviceQuery?.masked === undefined ? [] : [exists(serviceQuery.masked)]),
      ].flatMap((filter) => (filter ? fieldsOf(filter) : [])),
    ),
  ),
];

/** Fields that hold the hashes of masked service names. */
export const maskedFields: readonly string[] = integrations.flatMap(({ serviceQuery }) => serviceQuery?.masked ?? []);
