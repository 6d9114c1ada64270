import type { AnalyticId } from '../../queries/analytic.js';
import { EPISODE_GAP_MS } from '../model/episode.js';
import type { Documents, Span, Versioned } from '../model/ports.js';
import { type Head, headId } from './reconcile.js';

const PAGE = 500;

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
  let after: { value: number; id: string } | undefined;
  for (;;) {
    const page: Versioned<Head>[] = await documents.query<Head>('head', {
      where: [
        { path: 'analytic', oneOf: [analytic] },
        { path: 'last', atLeast: from - EPISODE_GAP_MS },
        { path: 'first', atMost: to + EPISODE_GAP_MS },
      ],
      sort: { path: 'first', direction: 'asc', isNumeric: true },
      limit: PAGE,
      ...(after ? { after } : {}),
    });
    for (const { body } of page) heads.set(body.subject, body);
    const last = page.at(-1);
    if (page.length < PAGE || !last) return heads;
    after = { value: last.body.first, id: last.id };
  }
}
