import { count } from './output.js';

/** What is said of a run. */
export interface Told {
  analytic: string;
  records: number;
  episodes: number;
  silenced: readonly unknown[];
  unread?: readonly string[] | undefined;
}

export function runLine({ analytic, records, episodes, silenced, unread = [] }: Told): string {
  const quiet = silenced.length > 0 ? `, ${silenced.length} of programs or machines that may scan` : '';
  const closed = unread.length > 0 ? `; not read, as they are closed: ${unread.join(', ')}` : '';
  return `${analytic}: ${count(episodes, 'episode')} in ${count(records, 'record')} of suspects${quiet}${closed}`;
}
