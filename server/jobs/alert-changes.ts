import { isDeepStrictEqual } from 'node:util';
import { type Alert, isFinal } from '../model/alert.js';
import type { AlertDocument } from './final-alerts.js';

/** What a hunt would do to an alert that stands, or make stand. `unfound`: it stays, as only telemetry withdraws. */
export interface AlertChange {
  change: 'new' | 'changed' | 'gone' | 'unfound';
  /** As it would stand, or stands. */
  alert: AlertDocument;
  /** As it stands, where that differs. */
  before?: AlertDocument;
}

interface Written {
  id: string;
  before: Alert | undefined;
  after: Alert;
}

/**
 * Alerts that would stand anew, differ, or stand no longer; then those that stand and were not found.
 * @param standing those of the hunt's analytics and time, as they are stored
 * @param found ids of all alerts of the hunt's episodes
 */
export function alertChanges(
  written: readonly Written[],
  standing: readonly AlertDocument[],
  found: ReadonlySet<string>,
): AlertChange[] {
  const touched = new Set(written.map(({ id }) => id));
  const unfound = standing.filter(({ id }) => !found.has(id) && !touched.has(id));
  return [...written.flatMap(changeOf), ...unfound.map((alert): AlertChange => ({ change: 'unfound', alert }))];
}

function changeOf({ id, before, after }: Written): AlertChange[] {
  const alert = { id, ...after };
  if (!before || !isFinal(before)) return isFinal(after) ? [{ change: 'new', alert }] : [];
  if (isDeepStrictEqual(withoutRevision(before), withoutRevision(after))) return [];
  return [{ change: isFinal(after) ? 'changed' : 'gone', alert, before: { id, ...before } }];
}

const withoutRevision = ({ scanhound: { revision: _, ...scanhound }, ...alert }: Alert) => ({ ...alert, scanhound });
