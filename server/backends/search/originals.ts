import { ORIGIN } from '../../../mappings/search/telemetry.js';
import { type EcsDocument, readText } from '../../../queries/document.js';
import { AppError } from '../../model/app-error.js';
import type { Original, Place } from '../../model/ports.js';
import { documentNamed } from './evidence.js';
import type { TelemetryIndex } from './telemetry-index.js';

/** Documents of one answer: those with their originals come whole. */
const PAGE = 500;

interface Found {
  evidence: string;
  index: string;
  id: string;
  document: EcsDocument;
}

/** Where the records of each list of evidence stand; of what we imported that is their file and line. */
export async function placesOf(index: TelemetryIndex, asked: readonly (readonly string[])[]): Promise<Place[][]> {
  const found = await getDocuments(index, asked.flat(), [ORIGIN.index, ORIGIN.id]);
  const places = new Map(found.map((one) => [one.evidence, placeOf(one)]));
  return asked.map((evidence) => [...new Set(evidence)].flatMap((one) => places.get(one) ?? []));
}

export async function originalsOf(index: TelemetryIndex, evidence: readonly string[]): Promise<Original[]> {
  const found = await getDocuments(index, evidence, true);
  return found.map((one) => ({
    ...placeOf(one),
    original: readText(one.document, ORIGIN.original) ?? JSON.stringify(one.document),
  }));
}

const placeOf = ({ evidence, index, id, document }: Found): Place => ({
  evidence,
  index: readText(document, ORIGIN.index) ?? index,
  id: readText(document, ORIGIN.id) ?? id,
});

/** Those that are there, without their order. */
async function getDocuments(
  { connection }: TelemetryIndex,
  evidence: readonly string[],
  source: true | string[],
): Promise<Found[]> {
  const wanted = [...new Set(evidence)].flatMap((one) => documentNamed(one) ?? []);
  const found: Found[] = [];
  for (let start = 0; start < wanted.length; start += PAGE) {
    const docs = wanted.slice(start, start + PAGE).map((one) => ({ ...one, _source: source }));
    const answer = await connection.request((client) => client.mget<EcsDocument>({ docs }));
    for (const doc of answer.docs) {
      if ('error' in doc && doc.error.type !== 'index_not_found_exception')
        throw new AppError('ENGINE_REFUSED', `A document of ${doc._index} can't be read: ${doc.error.type}.`);
      if ('found' in doc && doc.found)
        found.push({
          evidence: `${doc._index}/${doc._id}`,
          index: doc._index,
          id: doc._id,
          document: doc._source ?? {},
        });
    }
  }
  return found;
}
