import { isDeepStrictEqual } from 'node:util';
import type { Plan } from '../../queries/plan.js';
import type { Alert } from '../model/alert.js';
import { AppError } from '../model/app-error.js';
import type { FoundEpisode } from '../model/episode.js';
import type { Documents, Kind, Span, Versioned } from '../model/ports.js';
import { overlaps } from '../model/spans.js';
import { unjoin } from './join.js';
import { type Head, headId, type Reconciled, reconcile, type StoredEpisode } from './reconcile.js';

/** A found episode with its alert, and the allow list that silences it. */
export interface Drafted {
  found: FoundEpisode;
  alert: Alert;
  silencedBy: string | undefined;
}

export interface Written {
  created: number;
  updated: number;
  merged: number;
  withdrawn: number;
  /** Ids of standing alerts, silenced ones left out. */
  alerts: string[];
}

/** Whose episodes are written, as found by which plan. */
export interface Writing {
  plan: Plan;
  subject: string;
  /** Stored episodes that begin earlier stay as they are. */
  judgeableFrom: number;
}

/** Two writers at once are rare; more than this in a row is a fault. */
const ATTEMPTS = 20;

/**
 * Writes a subject's episodes of a span: the head first, by compare-and-set, then the alerts that it names. A crash in
 * between is made up by the next run, which finds the same episodes under the same ids.
 */
export async function writeEpisodes(
  documents: Documents,
  writing: Writing,
  drafts: readonly Drafted[],
  span: Span,
): Promise<Written> {
  const settled = await settleHead(documents, writing, drafts, span);
  const written: Written = { created: 0, updated: 0, merged: 0, withdrawn: 0, alerts: [] };
  if (!settled) return written;
  const ids = new Map(settled.written.map(({ stored, found }) => [found, stored.id]));
  for (const { stored, found } of settled.written) {
    const draft = drafts.find((one) => one.found === found)!;
    const kind: Kind = stored.state === 'silenced' ? 'silenced' : 'alert';
    const outcome = await put(documents, kind, stored.id, withLinks(draft.alert, found, drafts, ids));
    if (kind === 'silenced') continue;
    await close(documents, 'silenced', stored.id, { state: 'withdrawn' }); // it has left the allow list
    if (outcome !== 'same') written[outcome]++;
    written.alerts.push(stored.id);
  }
  // Also those that an earlier run named in the head and, cut short, did not close.
  for (const { id, state, mergedInto } of settled.head.episodes.filter(isWithinOrAcross(span))) {
    if (state !== 'merged' && state !== 'withdrawn') continue;
    const end = { state, ...(mergedInto ? { merged_into: mergedInto } : {}) };
    await close(documents, 'silenced', id, end);
    if (await close(documents, 'alert', id, end)) written[state]++;
  }
  return written;
}

const isWithinOrAcross =
  (span: Span) =>
  ({ start, end }: StoredEpisode): boolean =>
    overlaps({ from: start, to: end }, span);

async function settleHead(
  documents: Documents,
  { plan, subject, judgeableFrom }: Writing,
  drafts: readonly Drafted[],
  span: Span,
): Promise<Reconciled | undefined> {
  const { analytic } = plan;
  const id = headId(analytic, subject);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await documents.get<Head>('head', id);
    if (!stored && drafts.length === 0) return undefined;
    const head = stored?.body ?? { analytic, subject, first: 0, last: 0, episodes: [] };
    const found = drafts.map((draft) => draft.found);
    const settled = reconcile(head, found, span, judgeableFrom);
    await keepAlertsOfOtherTunables(documents, settled, head, plan);
    await markSilenced(documents, settled, drafts);
    if (stored && isDeepStrictEqual(settled.head, stored.body)) return settled;
    const won = stored
      ? await documents.update('head', id, settled.head, stored.version)
      : await documents.create('head', id, settled.head);
    if (won) return settled;
  }
  throw new AppError('INTERNAL', `The episodes of ${subject} are being written by too many at once.`);
}

/** Only telemetry withdraws: what other tunables found stays when these don't find it. */
async function keepAlertsOfOtherTunables(
  documents: Documents,
  { head, withdrawn }: Reconciled,
  before: Head,
  { tunables }: Plan,
): Promise<void> {
  for (const gone of withdrawn) {
    const { state } = before.episodes.find(({ id }) => id === gone.id)!;
    const alert = await documents.get<Alert>(state === 'silenced' ? 'silenced' : 'alert', gone.id);
    if (alert && !isDeepStrictEqual(alert.body.scanhound.tunables, tunables))
      head.episodes[head.episodes.indexOf(gone)] = { ...gone, state };
  }
}

/** An alert that was written stays one, also when its program comes on an allow list later. */
async function markSilenced(
  documents: Documents,
  { written, head }: Reconciled,
  drafts: readonly Drafted[],
): Promise<void> {
  for (const entry of written) {
    const isSilenced = drafts.find(({ found }) => found === entry.found)?.silencedBy !== undefined;
    if (!isSilenced || (await documents.get<Alert>('alert', entry.stored.id))) continue;
    const at = head.episodes.indexOf(entry.stored);
    entry.stored = { ...entry.stored, state: 'silenced' };
    head.episodes[at] = entry.stored;
  }
}

function withLinks(
  alert: Alert,
  found: FoundEpisode,
  drafts: readonly Drafted[],
  ids: ReadonlyMap<FoundEpisode, string>,
): Alert {
  if (!found.part) return alert;
  const parts = drafts.map((draft) => draft.found).sort((a, b) => a.start - b.start);
  const at = parts.indexOf(found);
  const previous = found.part.index > 0 ? ids.get(parts[at - 1]!) : undefined;
  const next = found.part.index < found.part.of - 1 ? ids.get(parts[at + 1]!) : undefined;
  const part = { ...found.part, ...(previous ? { previous } : {}), ...(next ? { next } : {}) };
  return { ...alert, scanhound: { ...alert.scanhound, part } };
}

/** Creates the document, or recounts it: when it was first written and what it is joined to stay. */
async function put(
  documents: Documents,
  kind: Kind,
  id: string,
  alert: Alert,
): Promise<'created' | 'updated' | 'same'> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await documents.get<Alert>(kind, id);
    if (!stored) {
      if (await documents.create(kind, id, alert)) return 'created';
      continue;
    }
    const recounted = recount(stored, alert);
    if (isDeepStrictEqual(recounted, stored.body)) return 'same';
    const revised = {
      ...recounted,
      scanhound: { ...recounted.scanhound, revision: stored.body.scanhound.revision + 1 },
    };
    if (await documents.update(kind, id, revised, stored.version)) return 'updated';
  }
  throw new AppError('INTERNAL', `The alert ${id} is being written by too many at once.`);
}

function recount({ body }: Versioned<Alert>, alert: Alert): Alert {
  const recounted: Alert = {
    ...alert,
    '@timestamp': body['@timestamp'],
    scanhound: { ...alert.scanhound, revision: body.scanhound.revision },
  };
  return isDeepStrictEqual(recounted, unjoin(body)) ? body : recounted;
}

/** A standing alert's end; false where there is none or it was closed before. */
async function close(
  documents: Documents,
  kind: Kind,
  id: string,
  by: { state: 'merged' | 'withdrawn'; merged_into?: string },
): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const stored = await documents.get<Alert>(kind, id);
    if (!stored || stored.body.scanhound.state === by.state) return false;
    const { joined_to: _, ...scanhound } = stored.body.scanhound;
    const closed = { ...stored.body, scanhound: { ...scanhound, ...by, revision: scanhound.revision + 1 } };
    if (await documents.update(kind, id, closed, stored.version)) return true;
  }
  throw new AppError('INTERNAL', `The alert ${id} is being written by too many at once.`);
}
