import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '../model/alert.js';
import { EPISODE_GAP_MS } from '../model/episode.js';
import { everyDocument } from '../model/every-document.js';
import type { Documents, Kind, Span } from '../model/ports.js';
import { joinSpans } from '../model/spans.js';
import { formatTime } from '../model/time.js';
import { type Joinable, joinAlerts } from './join.js';

/**
 * Joins the stored alerts near these spans anew and writes what changed. Repeating it changes nothing.
 *
 * An address's alert looks for process alerts near itself, and those for what started them: so what is near the near
 * ones is read too, but only alerts near the spans are written, as only theirs is the whole picture.
 */
export async function joinStored(documents: Documents, spans: readonly Span[]): Promise<void> {
  for (const span of joinSpans(spans, EPISODE_GAP_MS)) {
    const near = await standingNear(documents, span);
    const context = await standingNear(documents, reachOf(await standingNear(documents, reachOf(near, span)), span));
    const joined = new Map(joinAlerts(context.map(({ joinable }) => joinable)).map((one) => [one.id, one.alert]));
    for (const { joinable, version } of near) {
      const alert = joined.get(joinable.id);
      if (!alert || joinable.silenced || isDeepStrictEqual(alert, joinable.alert)) continue;
      const revised = { ...alert, scanhound: { ...alert.scanhound, revision: alert.scanhound.revision + 1 } };
      // Lost to another writer: that one joins after its own writing.
      await documents.update('alert', joinable.id, revised, version);
    }
  }
}

interface Standing {
  joinable: Joinable;
  version: number;
}

const standingNear = async (documents: Documents, span: Span): Promise<Standing[]> => [
  ...(await standingIn(documents, 'alert', span)),
  ...(await standingIn(documents, 'silenced', span)),
];

/** From the first start to the last end. */
const reachOf = (standing: readonly Standing[], { from, to }: Span): Span => ({
  from: standing.reduce((least, { joinable }) => Math.min(least, Date.parse(joinable.alert.event.start)), from),
  to: standing.reduce((most, { joinable }) => Math.max(most, Date.parse(joinable.alert.event.end)), to),
});

async function standingIn(documents: Documents, kind: Kind, { from, to }: Span): Promise<Standing[]> {
  const stored = await everyDocument<Alert>(documents, kind, [
    { path: 'event.end', atLeast: formatTime(from - EPISODE_GAP_MS) },
    { path: 'event.start', atMost: formatTime(to + EPISODE_GAP_MS) },
    { path: 'scanhound.state', oneOf: ['active', 'recurring', 'joined'] },
  ]);
  return stored.map(({ id, body, version }) => ({
    joinable: { id, alert: body, silenced: kind === 'silenced' },
    version,
  }));
}
