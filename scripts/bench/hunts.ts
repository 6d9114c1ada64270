import type { Analytic } from '../../queries/analytic.js';
import { an1058 } from '../../queries/analytics/an1058.js';
import { toPlan, windowSecondsOf, withWindows } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { DuckDbDocuments } from '../../server/backends/duckdb/documents.js';
import type { Store } from '../../server/backends/duckdb/store.js';
import { DuckDbTelemetry } from '../../server/backends/duckdb/telemetry.js';
import { huntSpan, type SpanResult } from '../../server/hunt/hunt-span.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Run } from '../../server/model/run.js';
import { wholly } from '../../server/model/spans.js';
import { RUNS, type Spread, spreadOf, timed } from './measure.js';
import { SITE } from './site.js';

export interface FullHunt {
  contacts: number;
  /** Hosts and ports at 60 s, from suspects to alerts written. */
  hunt: Spread;
  /** The same by DuckDB's own `count(DISTINCT …)` in fixed buckets of 60 s: inexact, and no alert is made of it. */
  buckets: Spread;
  result: SpanResult;
}

/** Hosts and ports only: what a fixed-window rule counts too. */
const hostsAndPorts: Analytic = {
  ...an1058,
  measures: an1058.measures.filter(({ name, ports }) => name === 'ports' || (name === 'hosts' && ports === undefined)),
};

const THRESHOLD = 16;
const BUCKETS = [
  `SELECT subject, time // 60000 AS bucket, count(DISTINCT destination) AS hosts FROM contacts
   WHERE scope = 'own' GROUP BY ALL HAVING hosts >= ${THRESHOLD}`,
  `SELECT subject, destination, time // 60000 AS bucket, count(DISTINCT port) AS ports FROM contacts
   WHERE scope = 'own' GROUP BY ALL HAVING ports >= ${THRESHOLD}`,
  `SELECT subject, destination, time // 60000 AS bucket, count(DISTINCT port) AS ports FROM contacts
   WHERE scope <> 'own' AND outcome IN ('refused', 'unanswered') GROUP BY ALL HAVING ports >= ${THRESHOLD}`,
];

/** The hunt of all that is stored, beside the queries of a fixed-window rule; both take turns. */
export async function fullHunt(store: Store): Promise<FullHunt> {
  const plan = withWindows(toPlan(hostsAndPorts, tunablesOf(hostsAndPorts)), [60]);
  const hunt: number[] = [];
  const buckets: number[] = [];
  let result: SpanResult | undefined;
  for (let time = 0; time < RUNS; time++) {
    const ports = await portsOf(store);
    const start = performance.now();
    for (const query of BUCKETS) await store.all(query);
    const middle = performance.now();
    const extent = (await ports.telemetry.extent())!;
    result = await huntSpan(plan, { windows: [60], touched: wholly(extent), extent }, ports);
    buckets.push(middle - start);
    hunt.push(performance.now() - middle);
  }
  return { contacts: await contactsIn(store), hunt: spreadOf(hunt), buckets: spreadOf(buckets), result: result! };
}

/** All measures and windows at their defaults, once: what a hunt of all history takes. */
export async function allMeasures(store: Store): Promise<{ milliseconds: number; contacts: number; run: Run }> {
  const ports = await portsOf(store);
  const start = performance.now();
  const span = (await ports.telemetry.extent())!;
  const [run] = await huntAll([{ analytic: an1058, tunables: tunablesOf(an1058), span, origin: 'command' }], ports);
  return { milliseconds: performance.now() - start, contacts: await contactsIn(store), run: run! };
}

/** Hunts of what arrived in the last minute, where windows of 60 s are due. */
export async function incrementalHunts(store: Store): Promise<{ hunt: Spread; run: Run }> {
  let run: Run | undefined;
  const hunt = await timed(async () => {
    run = await huntLastMinute(store);
  });
  return { hunt, run: run! };
}

async function huntLastMinute(store: Store): Promise<Run> {
  const ports = await portsOf(store);
  const tunables = tunablesOf(an1058);
  const position = (await ports.telemetry.position()) - Math.floor(60_000 / SITE.eventMs);
  for (const rank of windowSecondsOf(toPlan(an1058, tunables).measures).keys())
    await ports.documents.create('mark', `AN1058 window ${rank}`, { position });
  const [run] = await huntAll([{ analytic: an1058, tunables, windows: [60], origin: 'schedule' }], ports);
  return run!;
}

async function contactsIn(store: Store): Promise<number> {
  const [row] = await store.all('SELECT count(*)::INTEGER AS contacts FROM contacts');
  return Number(row?.contacts);
}

/** Nothing hunted so far. */
async function portsOf(store: Store) {
  await store.write((connection) => connection.run('DELETE FROM documents'));
  return { telemetry: new DuckDbTelemetry(store), documents: new DuckDbDocuments(store), now: Date.now };
}
