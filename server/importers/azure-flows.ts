import type { EcsDocument } from '../../queries/document.js';
import { azureFlows as table } from '../../queries/integrations/cloud-flows.js';
import { matches } from '../../queries/matches.js';
import { networkType, protocolFields } from './flow-values.js';
import { type JsonFormat, type JsonObject, Rejected } from './format.js';
import { isObject, own, ownObject } from './json-record.js';
import { address, asNumber, asText, documentOf, isoFromMicroseconds, port } from './zeek-suricata-values.js';

/** One flow, with what stands around it. */
interface Tuple {
  text: string;
  rule: string | undefined;
}

/**
 * Azure's flow logs: of network security groups (versions 1 and 2) and of virtual networks (version 4); their files are
 * an object with `records`. A record holds a minute of one interface; each tuple in it is a document, with the fields
 * that Elastic's azure_network_watcher integrations give a tuple. Only beginnings give one, and denials.
 */
export const azureFlows: JsonFormat = {
  name: 'Azure flow logs',
  provenUnseen: true,
  recognizes: (record) => groupsOf(record) !== undefined,
  toDocuments(record) {
    const isNetwork = ownObject(record, 'flowRecords') !== undefined;
    const read = isNetwork ? networkFields : groupFields;
    const common = commonFields(record, isNetwork);
    return tuplesOf(record).flatMap(({ text, rule }) => {
      const fields = read(text.split(',', 16));
      const { contact } = table;
      if (!contact || !matches(contact.begun, fields)) return [];
      return [documentOf(common, fields, { 'rule.name': rule, 'event.original': text })];
    });
  },
};

/** Lists of `{rule, …}`: under `properties` for security groups, under `flowRecords` for virtual networks. */
function groupsOf(record: JsonObject): unknown[] | undefined {
  const holder = ownObject(record, 'flowRecords') ?? ownObject(record, 'properties');
  const flows = holder && own(holder, 'flows');
  return Array.isArray(flows) && Object.hasOwn(record, 'category') ? flows : undefined;
}

function tuplesOf(record: JsonObject): Tuple[] {
  const found: Tuple[] = [];
  for (const flow of (groupsOf(record) ?? []).filter(isObject)) {
    const groups = own(flow, 'flowGroups') ?? own(flow, 'flows');
    for (const group of (Array.isArray(groups) ? groups : []).filter(isObject)) {
      const rule = asText(own(group, 'rule') ?? own(flow, 'rule'));
      const tuples = own(group, 'flowTuples');
      for (const text of Array.isArray(tuples) ? tuples : []) if (typeof text === 'string') found.push({ text, rule });
    }
  }
  return found;
}

const commonFields = (record: JsonObject, isNetwork: boolean): EcsDocument => ({
  'event.kind': 'event',
  'event.category': ['network'],
  'event.module': isNetwork ? 'azure_network_watcher_vnet' : 'azure_network_watcher_nsg',
  'event.dataset': isNetwork ? 'azure_network_watcher_vnet.log' : 'azure_network_watcher_nsg.log',
  'cloud.provider': 'azure',
  'observer.name': asText(own(record, 'macAddress')) ?? asText(own(record, 'systemId')),
});

const DIRECTIONS: Readonly<Record<string, string>> = { I: 'Inbound', O: 'Outbound' };
const STATES: Readonly<Record<string, string>> = { B: 'Begin', C: 'Continuing', E: 'End', D: 'Deny' };
const DECISIONS: Readonly<Record<string, string>> = { A: 'Allowed', D: 'Denied' };

const word = (words: Readonly<Record<string, string>>, letter: string | undefined): string | undefined =>
  letter !== undefined && Object.hasOwn(words, letter) ? words[letter] : undefined;

/** `seconds, source, destination, ports, T|U, I|O, A|D` and, in version 2, `B|C|E` and counts. */
function groupFields(cells: readonly string[]): EcsDocument {
  if (cells.length < 8) throw new Rejected('truncated', `A flow tuple has ${cells.length} fields`);
  const [time, source, target, sourcePort, targetPort, protocol, direction, decision, state] = cells;
  return documentOf(addressFields(time, source, target, sourcePort, targetPort), {
    'network.transport': protocol === 'T' ? 'tcp' : protocol === 'U' ? 'udp' : undefined,
    'event.type': typeOf(decision === 'D'),
    'azure_network_watcher_nsg.log.traffic.flow': word(DIRECTIONS, direction),
    'azure_network_watcher_nsg.log.traffic.decision': word(DECISIONS, decision),
    'azure_network_watcher_nsg.log.flow_state': word(STATES, state),
  });
}

/** `milliseconds, source, destination, ports, IANA number, I|O, B|C|E|D, encryption` and counts. */
function networkFields(cells: readonly string[]): EcsDocument {
  if (cells.length < 8) throw new Rejected('truncated', `A flow tuple has ${cells.length} fields`);
  const [time, source, target, sourcePort, targetPort, protocol, direction, state, encryption] = cells;
  return documentOf(addressFields(time, source, target, sourcePort, targetPort), protocolFields(protocol), {
    'event.type': typeOf(state === 'D'),
    'azure_network_watcher_vnet.log.flow.direction': word(DIRECTIONS, direction),
    'azure_network_watcher_vnet.log.flow.state': word(STATES, state),
    'azure_network_watcher_vnet.log.flow.encryption': encryption,
  });
}

const typeOf = (isDenied: boolean): string[] => ['connection', isDenied ? 'denied' : 'allowed'];

/** Seconds have ten digits for the next centuries, milliseconds thirteen. */
const LEAST_MILLISECONDS = 100_000_000_000;

function addressFields(
  time: string | undefined,
  source: string | undefined,
  target: string | undefined,
  sourcePort: string | undefined,
  targetPort: string | undefined,
): EcsDocument {
  const number = asNumber(time);
  if (number === undefined) throw new Rejected('no_time', 'A flow tuple begins with no time');
  const milliseconds = number < LEAST_MILLISECONDS ? number * 1000 : number;
  const from = address(source, 'source');
  return {
    '@timestamp': isoFromMicroseconds(milliseconds * 1000, 'time'),
    'source.ip': from,
    'source.port': port(sourcePort || undefined, 'source port'),
    'destination.ip': address(target, 'destination'),
    'destination.port': port(targetPort || undefined, 'destination port'),
    'network.type': networkType(from),
  };
}
