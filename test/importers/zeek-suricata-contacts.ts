import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type EcsDocument, readNumber, readText } from '../../queries/document.js';
import type { ContactRule, Integration } from '../../queries/integration.js';
import { suricata } from '../../queries/integrations/suricata.js';
import { zeek } from '../../queries/integrations/zeek.js';
import { matches } from '../../queries/matches.js';
import { suricataEve } from '../../server/importers/suricata.js';
import { zeekJson, zeekTsv } from '../../server/importers/zeek.js';
import { isGroupAddress, isPrivate, normalizeAddress } from '../../server/model/address.js';
import { sharedData } from '../shared-data.js';

/** What the tests over real telemetry compare: one contact as the tables judge it. */
export interface Judged {
  /** Epoch milliseconds. */
  time: number;
  source: string;
  destination: string;
  port: number | undefined;
  transport: string;
  outcome: 'accepted' | 'refused' | 'unanswered' | 'unknown';
}

export const isOwn = isPrivate;
export const isFailed = ({ outcome }: Judged): boolean => outcome === 'refused' || outcome === 'unanswered';

/** All documents of a sensor's log in ../shared/data, plain or gzip; a broken line throws. */
export function documentsIn(path: string): EcsDocument[] {
  const bytes = readFileSync(join(sharedData ?? '', path));
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  if (zeekTsv.recognizes(text.slice(0, 65_536))) {
    const parser = zeekTsv.open();
    return [...lines.flatMap((line) => parser.line(line)), ...parser.end()].map(({ document }) => document);
  }
  return lines.flatMap((line) => {
    const record: Record<string, unknown> = JSON.parse(line);
    const format = [zeekJson, suricataEve].find((one) => one.recognizes(record));
    if (format === undefined) throw new Error(`No format recognizes a line of ${path}`);
    return format.toDocuments(record);
  });
}

/** The contacts that the tables find in documents, without those to groups and broadcast, which rows drop. */
export function contactsIn(documents: readonly EcsDocument[]): Judged[] {
  return documents.flatMap((document) => {
    const integration = [zeek, suricata].find((one) => matches(one.documents, document));
    const rule = integration?.contact;
    if (rule === undefined || !matches(rule.begun, document)) return [];
    const source = normalizeAddress(readText(document, 'source.ip') ?? '') ?? '';
    const destination = normalizeAddress(readText(document, 'destination.ip') ?? '') ?? '';
    const transport = readText(document, 'network.transport') ?? '';
    if (isGroupAddress(destination) || (transport === 'udp' && destination.endsWith('.255'))) return [];
    const time = Date.parse(readText(document, 'event.start') ?? readText(document, '@timestamp') ?? '');
    const port = readNumber(document, 'destination.port');
    return [{ time, source, destination, port, transport, outcome: outcomeOf(rule, document) }];
  });
}

/** Documents that a part of an integration's table matches. */
export const matching = (
  documents: readonly EcsDocument[],
  pick: (integration: Integration) => NonNullable<ContactRule['refused']> | undefined,
): EcsDocument[] =>
  documents.filter((document) =>
    [zeek, suricata].some((one) => {
      const filter = pick(one);
      return matches(one.documents, document) && filter !== undefined && matches(filter, document);
    }),
  );

function outcomeOf(rule: ContactRule, document: EcsDocument): Judged['outcome'] {
  for (const outcome of ['refused', 'unanswered', 'accepted'] as const) {
    const filter = rule[outcome];
    if (filter !== undefined && matches(filter, document)) return outcome;
  }
  return 'unknown';
}

export const socketOf = ({ destination, port, transport }: Judged): string => `${transport} ${destination} ${port}`;

/** The most distinct values that any source (and any further `group`) has within a closed window. */
export function mostDistinct(
  contacts: readonly Judged[],
  windowSeconds: number,
  value: (contact: Judged) => unknown,
  group: (contact: Judged) => string = ({ source }) => source,
): number {
  const groups = new Map<string, Judged[]>();
  for (const contact of contacts) groups.set(group(contact), [...(groups.get(group(contact)) ?? []), contact]);
  let most = 0;
  for (const members of groups.values()) {
    const inOrder = members.toSorted((a, b) => a.time - b.time);
    for (const [start, first] of inOrder.entries()) {
      const window = new Set<unknown>();
      for (const contact of inOrder.slice(start)) {
        if (contact.time - first.time > windowSeconds * 1000) break;
        window.add(value(contact));
      }
      most = Math.max(most, window.size);
    }
  }
  return most;
}
