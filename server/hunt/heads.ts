import type { AnalyticId } from '../../queries/analytic.js';
import { EPISODE_GAP_MS } from '../model/episode.js';
import { everyDocument } from '../model/every-document.js';
import type { Documents, Span } from '../model/ports.js';
import { type Head, headId } from './reconcile.js';

/** The stored heads of an analytic with episodes near the span, by subject; or those of these subjects. */
export async function headsIn(
  documents: Documents,
  analytic: AnalyticId,
  { from, to }: Span,
  subjects?: readonly string[],
): Promise<Map<string, Head>> {
  const heads = new Map<string, Head>();
  if (subjects) {
    for (const subject of subjects) {
      const stored = await documents.get<Head>('head', headId(analytic, subject));
      if (stored) heads.set(subject, stored.body);
    }
    return heads;
  }
  const stored = await everyDocument<Head>(documents, 'head', [
    { path: 'analytic', oneOf: [analytic] },
    { path: 'last', atLeast: from - EPISODE_GAP_MS },
    { path: 'first', atMost: to + EPISODE_GAP_MS },
  ]);
  for (const { body } of stored) heads.set(body.subject, body);
  return heads;
}
