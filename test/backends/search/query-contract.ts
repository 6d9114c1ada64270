import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { estypes } from '@elastic/elasticsearch';
import { telemetryIndex, toIndexed } from '../../../mappings/search/telemetry.js';
import type { EcsDocument } from '../../../queries/document.js';
import type { Filter, Scalar } from '../../../queries/filter.js';
import { integrations } from '../../../queries/integrations/index.js';
import { judgeOf } from '../../../queries/judge.js';
import { contactGroups, records } from '../../../queries/records.js';
import type { EngineName } from '../../../scripts/engines/engine.js';
import { createAll } from '../../../server/backends/search/bulk.js';
import type { Connection } from '../../../server/backends/search/connection.js';
import { TelemetryIndex } from '../../../server/backends/search/telemetry-index.js';
import { connectTo } from './connect-to.js';

const EACH = 60;

/** Every filter of the integrations' table, and those that hunts are made of. */
const filters: readonly Filter[] = [
  ...integrations.flatMap(({ documents, contact, launch, exit, rawSocket, serviceQuery, arp, nameQuery }) =>
    [
      ...[documents, launch, exit, rawSocket, nameQuery, serviceQuery?.asked, arp?.request, arp?.reply],
      ...[contact?.begun, contact?.inbound, contact?.refused, contact?.unanswered, contact?.accepted],
    ].filter((filter) => filter !== undefined),
  ),
  ...[records.known, records.processContacts, records.addressContacts, records.failedContacts, records.launches],
  ...[records.processEvents, records.serviceQueries, records.arps, records.holdings.own, records.holdings.source],
  ...contactGroups.map((group) => group.records),
];

/** What the engine finds by a filter, against what our own code does. */
export function queryContract(name: EngineName): void {
  const on = (what: string, mappings: readonly estypes.MappingTypeMapping[], check: typeof assertEqual) =>
    test(`${name}: queries: ${what}`, async () => {
      const connection = await connectTo(name);
      const prefix = `test-${randomUUID()}`;
      const names = mappings.map((_, place) => `${prefix}-${place}`);
      try {
        for (const [place, index] of names.entries())
          await connection.request((client) => client.indices.create({ index, mappings: mappings[place]! }));
        const documents = someDocuments();
        await Promise.all(names.map((index) => indexAll(connection, index, documents)));
        const index = new TelemetryIndex(connection, `${prefix}-*`);
        for (const filter of filters) {
          const judge = judgeOf(filter);
          const judged = names.flatMap((own) => documents.flatMap((one, id) => (judge(one) ? [`${own}/${id}`] : [])));
          check(await idsOf(index, filter), judged, JSON.stringify(filter));
        }
      } finally {
        await connection.request((client) => client.indices.delete({ index: names }));
        await connection.close();
      }
    });

  on('in an index of ours they find what our code does, no more and no less', [telemetryIndex.mappings], assertEqual);
  const cut = withTypes({ keyword: 'text' });
  const allTexts = withTypes({ long: 'keyword' });
  const numbersFirst = withTypes({ keyword: 'long' });
  on('where texts are cut into words, nothing is lost', [cut], assertSuperset);
  on('where numbers are texts, nothing is lost', [allTexts], assertSuperset);
  on('where indices disagree, nothing is lost', [cut, telemetryIndex.mappings, allTexts], assertSuperset);
  on(
    'where some keep numbers only, nothing is lost that they keep',
    [telemetryIndex.mappings, numbersFirst],
    () => undefined,
  );
}

/** What hunts group and look up by: other types of those are refused. */
const NEEDED = /^(host|container|process)\.|^event\.module$|^destination\.port$/;

/** The index of ours with other types. */
const withTypes = (types: Readonly<Record<string, 'text' | 'keyword' | 'long'>>): estypes.MappingTypeMapping => ({
  dynamic: false,
  properties: Object.fromEntries(
    Object.entries<{ type: string }>(telemetryIndex.mappings.properties).map(([field, { type }]) => {
      const other = NEEDED.test(field) ? undefined : types[type];
      const malformed = other === 'long' ? { ignore_malformed: true } : {};
      return [field, { type: other ?? type, ...malformed } as estypes.MappingProperty];
    }),
  ),
});

function assertEqual(found: readonly string[], judged: readonly string[], message: string): void {
  assert.deepEqual(found.toSorted(), judged.toSorted(), message);
}

function assertSuperset(found: readonly string[], judged: readonly string[], message: string): void {
  const all = new Set(found);
  assert.deepEqual(
    judged.filter((one) => !all.has(one)),
    [],
    message,
  );
}

async function indexAll(connection: Connection, index: string, documents: readonly EcsDocument[]): Promise<void> {
  await createAll(
    connection,
    index,
    documents.map((document, id) => ({ id: String(id), document })),
  );
  await connection.request((client) => client.indices.refresh({ index }));
}

async function idsOf(index: TelemetryIndex, filter: Filter): Promise<string[]> {
  const answer = await index.search({ query: await index.query(filter), size: 10_000, _source: false });
  return answer.hits.hits.map(({ _index, _id }) => `${_index}/${_id}`);
}

/** Of each integration, documents of the fields and values that its filters know, and of some that they don't. */
function someDocuments(): EcsDocument[] {
  const random = numbers(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  return integrations.flatMap((integration) => {
    const pool = new Map<string, Scalar[]>();
    const { documents, contact, launch, exit, rawSocket, serviceQuery, arp, nameQuery } = integration;
    for (const filter of [
      ...[documents, launch, exit, rawSocket, nameQuery, serviceQuery?.asked, arp?.request, arp?.reply],
      ...[contact?.begun, contact?.inbound, contact?.refused, contact?.unanswered, contact?.accepted],
    ])
      if (filter) addValues(filter, pool);
    return Array.from({ length: EACH }, () => {
      const document: EcsDocument = {};
      for (const [field, values] of pool) {
        if (random() < 0.3) continue;
        const some = [pick([...values, ...NOISE]), pick(values)];
        document[field] = random() < 0.2 ? some : pick(some);
      }
      return toIndexed(document);
    });
  });
}

const NOISE: readonly Scalar[] = ['', 'x', 'X y', 0, 1, true, '10.0.0.1'];

function addValues(filter: Filter, pool: Map<string, Scalar[]>): void {
  if (filter.kind === 'all' || filter.kind === 'any') {
    for (const part of filter.filters) addValues(part, pool);
    return;
  }
  if (filter.kind === 'not') {
    addValues(filter.filter, pool);
    return;
  }
  const values = pool.get(filter.field) ?? [];
  pool.set(filter.field, values);
  switch (filter.kind) {
    case 'equals':
      values.push(filter.value);
      break;
    case 'oneOf':
      values.push(...filter.values);
      break;
    case 'startsWith':
      values.push(filter.prefix, `${filter.prefix}more`);
      break;
    case 'contains':
      values.push(filter.text, `a${filter.text}b`, filter.text.toLowerCase());
      break;
    case 'range':
      values.push(
        ...[filter.from, filter.to].flatMap((bound) => (bound === undefined ? [] : [bound - 1, bound, bound + 1])),
      );
      break;
    case 'exists':
      values.push('10.0.0.9');
  }
}

/** The same numbers each time, from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
