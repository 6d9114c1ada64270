import assert from 'node:assert/strict';
import { toPlan, windowSecondsOf } from '../../queries/plan.js';
import type { Backend } from '../../server/backend.js';
import { type HuntRequest, huntAll } from '../../server/hunt/run-hunt.js';
import { type Alert, isFinal } from '../../server/model/alert.js';
import type { Span } from '../../server/model/ports.js';
import { formatTime } from '../../server/model/time.js';
import type { ExpectedAlert } from '../oracle/alerts.js';
import { type TelemetryRecord, toDocument } from '../oracle/records.js';
import { huntsBy, type Site } from '../oracle/sites.js';
import { alertsIn } from '../scenarios/play.js';

/** Later than any record. */
export const NOW = Date.UTC(2040, 0, 1);
const now = () => NOW;

/** All alerts after hunts that each saw one more piece arrive, and one more hunt of a span. */
export async function hunted(
  { settings }: Site,
  pieces: readonly (readonly TelemetryRecord[])[],
  open: () => Promise<Backend>,
  again?: Span,
): Promise<Alert[]> {
  const { events, documents, telemetry, close } = await open();
  try {
    const requests = requestsOf(settings);
    let id = 0;
    for (const [place, piece] of pieces.entries()) {
      const imported = piece.map((record) => {
        const document = toDocument(record);
        return { document, original: JSON.stringify(document), index: 'site', id: String(id++) };
      });
      const { rejected } = await events.append({ key: `batch ${id}`, events: imported });
      assert.deepEqual(rejected, []);
      const isLast = place === pieces.length - 1;
      await huntAll(
        requests.map((request) => ({ ...request, windows: dueAfter(place, isLast, request) })),
        { telemetry, documents, now },
      );
    }
    if (again)
      await huntAll(
        requests.map((request) => ({ ...request, span: again })),
        { telemetry, documents, now },
      );
    return await alertsIn(documents);
  } finally {
    await close();
  }
}

export const requestsOf = (settings: Site['settings']): HuntRequest[] =>
  huntsBy(settings).map(({ analytic, tunables }) => ({ analytic, tunables, origin: 'command' }));

/** Longer windows less often, as the schedule does: the second after each other piece, the third after each fourth … */
function dueAfter(place: number, isLast: boolean, { analytic, tunables }: HuntRequest): number[] {
  const windows = windowSecondsOf(toPlan(analytic, tunables).measures);
  return windows.filter((_, rank) => isLast || (place + 1) % 2 ** rank === 0);
}

export function spanOf({ records, again }: Site): Span {
  const times = again.map((place) => records[place]!.time);
  return { from: Math.min(...times), to: Math.max(...times) };
}

/** What rules decide about an alert, in one order: measures that were joined to it are the other alert's. */
export function told(alerts: Alert[]): unknown[] {
  const standing = alerts.filter((alert) => isFinal(alert) || alert.scanhound.state === 'joined');
  return inOrder(
    standing.map(({ event, scanhound: { analytic, subject, measures, part } }) => ({
      analytic,
      subject: subject.key,
      start: event.start,
      end: event.end,
      measures: inOrder(measures.filter((measure) => measure.subject === subject.kind)),
      part: part && { index: part.index, of: part.of },
    })),
  );
}

export function expected(alerts: ExpectedAlert[]): unknown[] {
  return inOrder(
    alerts.map(({ analytic, subject, episode: { start, end, measures, part } }) => ({
      analytic,
      subject,
      start: formatTime(start),
      end: formatTime(end),
      measures: inOrder(
        measures.map(({ windowSeconds, ...measure }) => ({
          ...measure,
          window_seconds: windowSeconds,
          start: formatTime(measure.start),
          end: formatTime(measure.end),
          subject: (JSON.parse(subject) as string[])[0],
        })),
      ),
      part,
    })),
  );
}

const inOrder = (values: object[]): unknown[] =>
  values
    .map((value) => ({ value, text: JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ value }) => value);

/** Final alerts without what two runs need not agree on: ids, revisions, times of writing, evidence's ids. */
export function final(alerts: Alert[]): unknown[] {
  return inOrder(
    alerts.filter(isFinal).map(({ '@timestamp': _, scanhound, ...alert }) => {
      const { revision: __, evidence, part, joined, ...fields } = scanhound;
      return {
        ...alert,
        ...fields,
        evidence: evidence.map(({ ref: ___, id: ____, ...rest }) => rest),
        part: part && { index: part.index, of: part.of },
        joined: joined?.map(({ id: _____, ...rest }) => rest),
      };
    }),
  );
}
