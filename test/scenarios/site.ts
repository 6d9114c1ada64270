import type { EcsDocument } from '../../queries/document.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Documents, Events, Telemetry } from '../../server/model/ports.js';
import { Cast } from './cast.js';
import { finalOf } from './final.js';
import { scenarios } from './index.js';
import { alertsIn, imported, now, requestsWith } from './play.js';
import { thresholds } from './thresholds.js';
import { tunedScenarios } from './tunables.js';

/** The scenarios that leave the tunables as they stand, in one telemetry: many shapes, few of each. */
export const siteDocuments: readonly EcsDocument[] = scenarios
  .filter((scenario) => scenario.settings === undefined)
  .filter((scenario) => !thresholds.includes(scenario) && !tunedScenarios.includes(scenario))
  .flatMap(({ events }, index) => events(new Cast(index)));

/** Every document in one of `count` pieces, in an order that has nothing to do with time. */
export function inPieces(count: number): EcsDocument[][] {
  const shuffled = siteDocuments
    .map((document, index) => ({ document, key: (index * 7_919) % 10_007 }))
    .sort((a, b) => a.key - b.key)
    .map(({ document }) => document);
  const size = Math.ceil(shuffled.length / count);
  return Array.from({ length: count }, (_, piece) => shuffled.slice(piece * size, (piece + 1) * size));
}

interface Backend {
  events: Events;
  telemetry: Telemetry;
  documents: Documents;
  close(): Promise<void>;
}

/** The final alerts of pieces that arrive, and are hunted, one by one. */
export async function huntedInPieces(
  open: (now: () => number) => Promise<Backend>,
  pieces: readonly (readonly EcsDocument[])[],
): Promise<unknown[]> {
  const backend = await open(now);
  try {
    for (const [index, piece] of pieces.entries()) {
      await backend.events.append({ key: String(index), events: imported(piece) });
      await huntAll(requestsWith(), { ...backend, now });
    }
    return finalOf(await alertsIn(backend.documents));
  } finally {
    await backend.close();
  }
}
