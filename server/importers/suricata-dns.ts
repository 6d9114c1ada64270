import type { EcsDocument } from '../../queries/document.js';
import { type JsonObject, Rejected } from './format.js';
import { commonFields, part, transportFields } from './suricata-record.js';
import { address, asText, documentOf, isObject } from './zeek-suricata-values.js';

const MDNS_PORT = 5353;

/** A DNS message of 64 KiB holds no more: a question has five bytes at least. */
const MOST_QUESTIONS = 13_107;

/**
 * A document for each question of a DNS or mDNS event; none for answers. `query` is the word of DNS events up to
 * version 2, one question each; `request` that of version 3 and of mDNS, with a list of them.
 */
export function questionDocuments(record: JsonObject, kind: 'dns' | 'mdns'): EcsDocument[] {
  const message = part(record, kind);
  if (message.type !== 'query' && message.type !== 'request') return [];
  const transport = transportFields(record);
  const isMdns = kind === 'mdns' || transport['destination.port'] === MDNS_PORT;
  const common = documentOf(commonFields(record), transport, {
    'event.type': ['protocol'],
    'source.ip': address(record.src_ip, 'src_ip'),
    'destination.ip': address(record.dest_ip, 'dest_ip'),
    'network.protocol': isMdns ? 'mdns' : 'dns',
    'dns.type': 'query',
  });
  return questionsOf(message).map((question) =>
    documentOf(common, {
      'dns.question.name': asText(question.rrname),
      'dns.question.type': asText(question.rrtype)?.toUpperCase(),
    }),
  );
}

function questionsOf(message: JsonObject): JsonObject[] {
  if (!Array.isArray(message.queries)) return asText(message.rrname) === undefined ? [] : [message];
  if (message.queries.length > MOST_QUESTIONS)
    throw new Rejected(
      'not_this_format',
      `A DNS event has ${message.queries.length} questions, more than a message holds`,
    );
  return message.queries.filter((question) => isObject(question) && asText(question.rrname) !== undefined);
}
