import type { AlertChange } from '../plugin.js';
import { alertTable } from './alert-table.js';
import { count } from './output.js';

const SAYS: Readonly<Record<AlertChange['change'], string>> = {
  new: 'would be new',
  changed: 'would change, to',
  gone: 'would stand no longer',
  unfound: 'would not be found; only telemetry withdraws an alert, so it stays',
};

/** What a hunt would do, a table for each kind of change. */
export function changeTable(changes: readonly AlertChange[]): string {
  const parts = Object.entries(SAYS).flatMap(([kind, says]) => {
    const alerts = changes.filter(({ change }) => change === kind).map(({ alert }) => alert);
    return alerts.length === 0 ? [] : [`${count(alerts.length, 'alert')} ${says}:\n${alertTable(alerts)}`];
  });
  return parts.length === 0 ? 'Nothing would change.' : parts.join('\n\n');
}
