import { z } from 'zod';
import type { Condition } from '../model/ports.js';
import { formatTime } from '../model/time.js';
import type { PageRequest } from './page.js';
import { cursor, instant, limit, texts, words } from './read-query.js';

const STATES = ['active', 'recurring', 'joined', 'merged', 'withdrawn'] as const;
const SHAPES = ['vertical', 'horizontal', 'block', 'service enumeration', 'link', 'launch'] as const;

/** What an alert list may be asked for. Several values of one parameter: any of them. */
export const AlertQuery = z.strictObject({
  analytic: words('AN1057', 'AN1058', 'AN1059', 'AN1060'),
  /** Absent: those that stand. */
  state: words(...STATES),
  severity: words('low', 'medium', 'high'),
  shape: words(...SHAPES),
  /** host.id or host.name. */
  host: texts,
  /** source.ip. */
  source: texts,
  user: texts,
  /** process.name, and process.executable. */
  process: texts,
  executable: texts,
  min_score: z.coerce.number().min(0).max(100).optional(),
  /** Alerts whose time from first to last contact meets [from, to]. */
  from: instant.optional(),
  to: instant.optional(),
  sort: z.enum(['time', 'score', 'hosts', 'sockets', 'written']).default('time'),
  order: z.enum(['asc', 'desc']).default('desc'),
  limit,
  cursor,
});
export type AlertQuery = z.output<typeof AlertQuery>;

const SORTS: Readonly<Record<AlertQuery['sort'], { path: string; isNumeric?: boolean }>> = {
  time: { path: 'event.start' },
  score: { path: 'event.risk_score', isNumeric: true },
  hosts: { path: 'scanhound.targets.hosts', isNumeric: true },
  sockets: { path: 'scanhound.targets.sockets', isNumeric: true },
  written: { path: '@timestamp' },
};

/** The states that `isFinal` holds for. */
const FINAL = ['active', 'recurring'];

/** The query in the documents' words. */
export function toAlertPage(query: AlertQuery): PageRequest {
  const where: Condition[] = [
    { path: 'scanhound.state', oneOf: query.state ?? FINAL },
    ...oneOf('scanhound.analytic', query.analytic),
    ...oneOf('scanhound.severity', query.severity),
    ...oneOf('scanhound.shape', query.shape),
    ...oneOf('related.hosts', query.host),
    ...oneOf('source.ip', query.source),
    ...oneOf('related.user', query.user),
    ...oneOf('process.name', query.process),
    ...oneOf('process.executable', query.executable),
  ];
  if (query.min_score !== undefined) where.push({ path: 'event.risk_score', atLeast: query.min_score });
  if (query.from !== undefined) where.push({ path: 'event.end', atLeast: formatTime(query.from) });
  if (query.to !== undefined) where.push({ path: 'event.start', atMost: formatTime(query.to) });
  return {
    where,
    sort: { ...SORTS[query.sort], direction: query.order },
    limit: query.limit,
    cursor: query.cursor,
  };
}

const oneOf = (path: string, values: readonly string[] | undefined): Condition[] =>
  values === undefined ? [] : [{ path, oneOf: values }];
