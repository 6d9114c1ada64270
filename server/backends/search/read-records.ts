import type { estypes } from '@elastic/elasticsearch';
import { every, type Query } from '../../../queries/compile/query.js';
import type { EcsDocument } from '../../../queries/document.js';
import { AppError } from '../../model/app-error.js';
import type { Span } from '../../model/ports.js';
import { fewSpans, type Stamp, timeRange, withinBy } from './event-time.js';
import { type Hit, type Seen, seenIn, whatIsRead } from './hits.js';
import { mergeByTime } from './merge-by-time.js';
import type { TelemetryIndex } from './telemetry-index.js';

const PAGE = 2_000;
/** `index.max_result_window`, unless an index says otherwise. */
const MOST_HITS = 10_000;
/** `index.max_slices_per_pit`, unless an index says otherwise. */
const MOST_SLICES = 1_024;

/** What matches and happened within the spans, in time order, page after page. */
export async function* readRecords(
  index: TelemetryIndex,
  query: Query,
  spans: readonly Span[],
  now: number,
): AsyncIterable<Seen[]> {
  const few = fewSpans(spans);
  if (few.length === 0) return;
  const stamps = await index.stamps();
  for await (const page of mergeByTime(stamps.map((stamp) => readBy(index, stamp, query, few, now)))) yield page;
}

async function* readBy(
  index: TelemetryIndex,
  stamp: Stamp,
  query: Query,
  spans: readonly Span[],
  now: number,
): AsyncIterable<Seen[]> {
  const wanted = every(query, withinBy(stamp, spans));
  const seen = (hits: readonly Hit[]) => hits.flatMap((hit) => seenIn(hit, now) ?? []);
  let size = PAGE;
  for (let after: number | undefined; ; ) {
    const page = await index.inPages(size, (most) => hitsAfter(index, wanted, stamp, after, most));
    const hits = page.answer;
    if (hits.length < page.size) return yield seen(hits);
    // No field tells documents of one time apart for sure: those of the last time are left to the next page.
    const last = timeOf(hits.at(-1)!);
    const whole = hits.filter((hit) => timeOf(hit) < last);
    if (whole.length > 0) yield seen(whole);
    else if (page.size < MOST_HITS && size < MOST_HITS) {
      size = MOST_HITS;
      continue;
    } else yield seen(await hitsAt(index, wanted, stamp, last));
    after = whole.length > 0 ? last - 1 : last;
    size = Math.min(page.size, PAGE);
  }
}

const timeOf = (hit: Hit): number => Number(hit.sort![0]);

async function hitsAfter(
  index: TelemetryIndex,
  query: Query,
  stamp: Stamp,
  after: number | undefined,
  size: number,
): Promise<Hit[]> {
  const answer = await index.search<EcsDocument>({
    ...whatIsRead,
    query,
    size,
    sort: [{ [stamp]: { order: 'asc', unmapped_type: 'date', numeric_type: 'date' } }],
    ...(after !== undefined && { search_after: [after] as estypes.SortResults }),
  });
  return answer.hits.hits;
}

/** Documents of one instant, more than an answer holds: dealt into parts, which an engine can do on a snapshot only. */
async function hitsAt(index: TelemetryIndex, query: Query, stamp: Stamp, time: number): Promise<Hit[]> {
  const wanted = every(query, timeRange(stamp, { from: time, to: time }));
  return index.connection.onSnapshot(index.name, async (pit) => {
    for (let parts = 4; parts <= MOST_SLICES; parts *= 4) {
      const found: Hit[] = [];
      for (let part = 0; part < parts; part++) {
        const slice = { id: String(part), max: parts };
        const answer = await index.search<EcsDocument>({ ...whatIsRead, query: wanted, size: MOST_HITS, pit, slice });
        if (answer.hits.hits.length === MOST_HITS) break;
        found.push(...answer.hits.hits);
        if (part === parts - 1) return found;
      }
    }
    throw new AppError('ENGINE_ANSWER_INCOMPLETE', `More records of one instant (${time}) than can be read.`);
  });
}
