import { randomUUID } from 'node:crypto';
import type { EcsDocument } from '../../../queries/document.js';
import type { Connection } from '../../../server/backends/search/connection.js';

const byAgent = (document: EcsDocument): unknown => document['event.module'] ?? document['event.provider'] ?? 'ecs';

/** Indices as agents fill them, whoever reads them later: one for whatever `of` tells of a document. */
export async function indexAsAgentsDo(
  connection: Connection,
  documents: readonly EcsDocument[],
  of: (document: EcsDocument, place: number) => unknown = byAgent,
) {
  const prefix = `test-${randomUUID()}`;
  const byIndex = new Map<string, EcsDocument[]>();
  for (const [place, document] of documents.entries()) {
    const index = `${prefix}-${String(of(document, place)).toLowerCase()}`;
    const own = byIndex.get(index) ?? [];
    byIndex.set(index, own);
    own.push(nested(document));
  }
  await Promise.all(
    [...byIndex].map(async ([index, own], place) => {
      await connection.request((client) => client.indices.create({ index, ...agentsIndex(place) }));
      await connection.request((client) =>
        client.bulk({ index, refresh: true, operations: own.flatMap((document) => [{ create: {} }, document]) }),
      );
    }),
  );
  return {
    pattern: `${prefix}-*`,
    remove: () => connection.request((client) => client.indices.delete({ index: [...byIndex.keys()] })),
  };
}

/** Texts are keywords, as ECS' templates have it; each second index keeps times to the nanosecond, in three shards. */
const agentsIndex = (place: number) => ({
  settings: { index: { number_of_shards: 1 + 2 * (place % 2), number_of_replicas: 0 } },
  mappings: {
    dynamic_templates: [{ texts: { match_mapping_type: 'string' as const, mapping: { type: 'keyword' as const } } }],
    properties: {
      '@timestamp': { type: place % 2 === 0 ? ('date' as const) : ('date_nanos' as const) },
      ...Object.fromEntries(
        ['source.ip', 'destination.ip', 'host.ip'].map((field) => [field, { type: 'ip' as const }]),
      ),
    },
  },
});

/** A document as agents write it: objects in objects. */
function nested(document: EcsDocument): EcsDocument {
  const whole: EcsDocument = {};
  for (const [path, value] of Object.entries(document)) {
    const names = path.split('.');
    const last = names.pop()!;
    let inner = whole;
    for (const name of names) {
      inner[name] ??= {};
      inner = inner[name] as EcsDocument;
    }
    inner[last] = value;
  }
  return whole;
}
