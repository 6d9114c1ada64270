import type { ImportSummary, KindSummary } from '../plugin.js';
import { count, say } from './output.js';

const MOST_NAMED = 20;

/** What was read, and where what was rejected is kept. */
export function sayImport(summary: ImportSummary, rejects: string | undefined): void {
  const { kinds, keptAside } = summary;
  sayRead(summary);
  if (keptAside > 0) say(`${count(keptAside, 'rejected record')} kept in ${rejects}`);
  else if (kinds.some(({ rejected }) => Object.keys(rejected).length > 0))
    say('--rejects FILE keeps what was rejected.');
}

/** One line for each kind of file, and what was left out. */
export function sayRead({ kinds, skipped }: Pick<ImportSummary, 'kinds' | 'skipped'>): void {
  for (const kind of kinds) say(kindLine(kind));
  for (const { file, why } of skipped.slice(0, MOST_NAMED)) say(`Skipped ${file}: ${why}`);
  if (skipped.length > MOST_NAMED) say(`Skipped ${count(skipped.length - MOST_NAMED, 'more file')}.`);
}

function kindLine({ kind, files, records, stored, repeated, ignored, unknown, rejected }: KindSummary): string {
  const reasons = Object.entries(rejected).map(([reason, times]) => `${reason.replaceAll('_', ' ')} ${times}`);
  const rejects = Object.values(rejected).reduce((sum, times) => sum + times, 0);
  const parts = [
    count(stored, 'event'),
    repeated > 0 ? `${repeated.toLocaleString('en-US')} already stored by an earlier import` : '',
    `${ignored.toLocaleString('en-US')} ignored`,
    unknown > 0 ? `${unknown.toLocaleString('en-US')} of no known format` : '',
    `${rejects.toLocaleString('en-US')} rejected${rejects > 0 ? ` (${reasons.join(', ')})` : ''}`,
  ];
  return `${kind}: ${count(files, 'file')}, ${count(records, 'record')}: ${parts.filter(Boolean).join(', ')}`;
}
