import { type HuntPorts, huntAll } from '../hunt/run-hunt.js';
import type { Documents } from '../model/ports.js';
import type { Run } from '../model/run.js';
import { type AlertChange, alertChanges } from './alert-changes.js';
import { DraftDocuments } from './draft-documents.js';
import { finalAlerts, meets } from './final-alerts.js';
import { HuntQueue } from './hunt-queue.js';
import { type HuntOrder, Hunts } from './hunts.js';
import type { Settings } from './settings.js';

/**
 * Hunts as `order` says and writes nothing: what it would change is told.
 * @param layer takes what the hunt writes; empty, and thrown away afterwards
 */
export async function tryHunt(
  order: HuntOrder,
  settings: Settings,
  { telemetry, documents, now }: HuntPorts,
  layer: Documents,
): Promise<{ runs: Run[]; changes: AlertChange[] }> {
  const draft = new DraftDocuments(documents, layer);
  const queue = new HuntQueue((requests) => huntAll(requests, { telemetry, documents: draft, now }), draft, now);
  const runs = await (await new Hunts(settings, queue, telemetry).order(order)).done;
  const hunted = new Set<string>(runs.map(({ analytic }) => analytic));
  const standing = (await finalAlerts(documents))
    .filter(meets(order))
    .filter(({ scanhound }) => hunted.has(scanhound.analytic));
  const found = new Set(runs.flatMap(({ alerts }) => alerts));
  return { runs, changes: alertChanges(await draft.changes('alert'), standing, found) };
}
