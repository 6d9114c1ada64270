import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toPlan, windowSecondsOf } from '../../queries/plan.js';
import { DuckDbDocuments } from '../../server/backends/duckdb/documents.js';
import { DuckDbEvents } from '../../server/backends/duckdb/events.js';
import { Store } from '../../server/backends/duckdb/store.js';
import { DuckDbTelemetry } from '../../server/backends/duckdb/telemetry.js';
import { type HuntRequest, huntAll } from '../../server/hunt/run-hunt.js';
import { type Alert, isFinal } from '../../server/model/alert.js';
import type { Span } from '../../server/model/ports.js';
import { formatTime } from '../../server/model/time.js';
import { type ExpectedAlert, oracleAlerts } from '../oracle/alerts.js';
import { type TelemetryRecord, toDocument } from '../oracle/records.js';
import { SITE_HAPPENINGS, tell } from '../oracle/site-tally.js';
import { huntsBy, type Site, sites } from '../oracle/sites.js';

const USUAL_SEED = 20_251_121;
const SEED = Number(process.env.SCANHOUND_SEED ?? USUAL_SEED);
/** Of nine crews at most, five or so, each with a story of its own. */
const SITES = 30;
/** Later than any record. */
const NOW = Date.UTC(2040, 0, 1);

type HuntsOf = Pick<HuntRequest, 'analytic' | 'tunables'>;

/** All alerts after hunts that each saw one more piece arrive, and one more hunt of a span. */
async function hunted({ settings }: Site, pieces: TelemetryRecord[][], again?: Span): Promise<Alert[]> {
  const store = await Store.open();
  try {
    const now = () => NOW;
    const events = new DuckDbEvents(store, now);
    const documents = new DuckDbDocuments(store);
    const telemetry = new DuckDbTelemetry(store);
    const requests = huntsBy(settings).map(({ analytic, tunables }) => ({
      analytic,
      tunables,
      origin: 'command' as const,
    }));
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
    const stored = await documents.query<Alert>('alert', { limit: 100_000 });
    return stored.map(({ body }) => body);
  } finally {
    await store.close();
  }
}

/** Longer windows less often, as the schedule does: the second after each other piece, the third after each fourth … */
function dueAfter(place: number, isLast: boolean, { analytic, tunables }: HuntsOf): number[] {
  const windows = windowSecondsOf(toPlan(analytic, tunables).measures);
  return windows.filter((_, rank) => isLast || (place + 1) % 2 ** rank === 0);
}

function spanOf({ records, again }: Site): Span {
  const times = again.map((place) => records[place]!.time);
  return { from: Math.min(...times), to: Math.max(...times) };
}

/** What rules decide about an alert, in one order: measures that were joined to it are the other alert's. */
function told(alerts: Alert[]): unknown[] {
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

function expected(alerts: ExpectedAlert[]): unknown[] {
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
function final(alerts: Alert[]): unknown[] {
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

test('full runs give the alerts that brute force gives, at once and piece by piece', async () => {
  await fc.assert(
    fc.asyncProperty(sites, async (site) => {
      const plans = huntsBy(site.settings).map(({ plan }) => plan);
      const want = expected(oracleAlerts(site.records, plans, site.settings.SharedAddresses));
      const once = await hunted(site, [site.records]);
      assert.deepEqual(told(once), want, 'one run over everything');
      const pieces = site.pieces.map((places) => places.map((place) => site.records[place]!));
      const inTurn = await hunted(site, pieces, spanOf(site));
      assert.deepEqual(told(inTurn), want, 'piece by piece');
      assert.deepEqual(final(inTurn), final(once), 'final alerts of both');
    }),
    { seed: SEED, numRuns: SITES },
  );
});

test('the generated sites show every analytic, and everything that late records do', () => {
  const told = fc.sample(sites, { seed: USUAL_SEED, numRuns: SITES }).map(tell);
  assert.deepEqual(
    SITE_HAPPENINGS.filter(([, holds]) => !told.some(holds)).map(([name]) => name),
    [],
  );
});
