import { clausesOf, every, type Query, some } from '../../../queries/compile/query.js';
import { records } from '../../../queries/records.js';
import type { ContactRecord, Span, Wanted } from '../../model/ports.js';
import { parseSubjectKey } from '../../model/subject.js';
import { fewSpans, within } from './event-time.js';
import { readRecords } from './read-records.js';
import { contactsIn } from './rows-to-records.js';
import { SUBJECT_CLAUSES, subjectQuery } from './subject-query.js';
import type { TelemetryIndex } from './telemetry-index.js';

/** Subjects read at once hold so many records, unless one alone holds more. */
const MOST_RECORDS = 20_000;

interface Asked extends Wanted {
  query: Query;
}

/** Contacts of each subject in time order: some subjects at once, as many as few records hold. */
export async function* readContacts(
  index: TelemetryIndex,
  wanted: readonly Wanted[],
  now: number,
): AsyncIterable<{ subject: string; contacts: ContactRecord[] }> {
  for (const kind of ['process', 'address'] as const) {
    const query = await index.query(kind === 'process' ? records.processContacts : records.addressContacts);
    for await (const some of inGroups(index, query, await ofKind(index, wanted, kind)))
      yield* readGroup(index, query, some, now);
  }
}

async function ofKind(index: TelemetryIndex, wanted: readonly Wanted[], kind: 'process' | 'address'): Promise<Asked[]> {
  const kinds = await index.kinds();
  const stamps = await index.stamps();
  return wanted.flatMap((one) => {
    if (one.spans.length === 0 || stamps.length === 0) return [];
    const subject = subjectQuery(one.subject, kinds);
    if (!subject || parseSubjectKey(one.subject).kind !== kind) return [];
    return [{ ...one, query: every(subject, within(stamps, fewSpans(one.spans))) }];
  });
}

/** Groups of subjects by what one query can ask, then by how much there is of each. */
async function* inGroups(index: TelemetryIndex, query: Query, wanted: readonly Asked[]): AsyncIterable<Asked[]> {
  for (const some of chunksBy(wanted, ({ query: own }) => clausesOf(own), SUBJECT_CLAUSES)) {
    const counts = await countEach(index, query, some);
    const there = some.filter((one) => counts.get(one)! > 0);
    yield* chunksBy(there, (one) => counts.get(one)!, MOST_RECORDS);
  }
}

function chunksBy<T>(items: readonly T[], weightOf: (item: T) => number, most: number): T[][] {
  const chunks: T[][] = [];
  let weight = 0;
  for (const item of items) {
    const own = weightOf(item);
    const last = chunks.at(-1);
    if (last && weight + own <= most) {
      last.push(item);
      weight += own;
    } else {
      chunks.push([item]);
      weight = own;
    }
  }
  return chunks;
}

async function countEach(index: TelemetryIndex, query: Query, asked: readonly Asked[]): Promise<Map<Asked, number>> {
  const any = some(...asked.map((one) => one.query));
  const { aggregations } = await index.search<never, Record<string, { doc_count: number }>>({
    query: every(query, any),
    size: 0,
    aggs: Object.fromEntries(asked.map((one, place) => [place, { filter: one.query }])),
  } as Parameters<typeof index.search>[0]);
  return new Map(asked.map((one, place) => [one, aggregations?.[place]?.doc_count ?? 0]));
}

async function* readGroup(
  index: TelemetryIndex,
  query: Query,
  asked: readonly Asked[],
  now: number,
): AsyncIterable<{ subject: string; contacts: ContactRecord[] }> {
  const found = new Map(asked.map(({ subject, spans }) => [subject, { spans, contacts: [] as ContactRecord[] }]));
  const all = asked.flatMap(({ spans }) => spans);
  const whole: Span = {
    from: all.reduce((least, { from }) => Math.min(least, from), Number.MAX_SAFE_INTEGER),
    to: all.reduce((most, { to }) => Math.max(most, to), 0),
  };
  const wanted = every(query, some(...asked.map((one) => one.query)));
  for await (const page of readRecords(index, wanted, [whole], now))
    for (const seen of page)
      for (const { subject, ...contact } of contactsIn(seen)) {
        const own = found.get(subject);
        if (own?.spans.some(({ from, to }) => contact.time >= from && contact.time <= to)) own.contacts.push(contact);
      }
  for (const [subject, { contacts }] of found) if (contacts.length > 0) yield { subject, contacts };
}
