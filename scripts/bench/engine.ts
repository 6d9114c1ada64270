import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { an1058 } from '../../queries/analytics/an1058.js';
import { type Plan, toPlan, windowSecondsOf, withWindows } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { Connection, type EngineConfig } from '../../server/backends/search/connection.js';
import { SearchDocuments } from '../../server/backends/search/documents.js';
import { SearchTelemetry } from '../../server/backends/search/telemetry.js';
import { collectSooner } from '../../server/cli/garbage.js';
import { type HuntPorts, huntSpan, type Look } from '../../server/hunt/hunt-span.js';
import type { Documents, Span } from '../../server/model/ports.js';
import { type EngineSite, INDICES } from './engine-site.js';
import { type Spread, spreadOf, timed } from './measure.js';
import type { RuleAsked } from './rule-engine.js';

export interface EngineBench {
  contacts: number;
  /** Milliseconds: hosts at 60 s, and the fixed-window rule's query over the same range; both take turns. */
  backfill: { hunt: Spread; writing: Spread; rule: Spread; alerts: number };
  /** The last minute's windows, and the rule's single execution over the last minute, or over two as by default. */
  incremental: { hunt: Spread; rule: Spread; ruleByDefault: Spread };
  /** Where telemetry begins and ends: a round asks it once for all of its hunts. */
  extent: Spread;
  /** All measures and windows once, and the rule's query once for each of them. */
  all: { hunt: number; rule: number; rules: number };
  /** The most memory of this process, MB. */
  memory: number;
}

const RULE_ENGINE = fileURLToPath(new URL('rule-engine.js', import.meta.url));
const LOAD_ENGINE = fileURLToPath(new URL('load-engine.js', import.meta.url));
const MINUTE_MS = 60_000;
/** Hunts of a service that runs are not its first ones: Node and the engine's Java compile what runs often. */
const WARMING_RUNS = 30;
/** What takes some hundredths of a second varies more than what takes long. */
const MINUTE_RUNS = 15;

/**
 * Hunts over telemetry on an engine beside the query that a fixed-window threshold rule sends.
 *
 * @param runs how often all of the telemetry is hunted: the rule's query over millions takes minutes
 */
export async function engineBench(
  config: EngineConfig,
  contacts: number,
  hours: number,
  runs: number,
): Promise<EngineBench> {
  collectSooner(); // as the commands do
  const connection = Connection.open(config);
  const prefix = `bench-${randomUUID()}`;
  const rule = startRule(config, `${prefix}-logs-*`);
  const indices = Array.from({ length: INDICES }, (_, number) => `${prefix}-logs-${number}`);
  try {
    await load(config, { indices, contacts, hours });
    const documents = await SearchDocuments.open(connection, prefix);
    const telemetry = new SearchTelemetry(connection, `${prefix}-logs-*`, { now: Date.now, settlingMs: 0 });
    const extent = (await telemetry.extent())!;
    const whole = toPlan(an1058, tunablesOf(an1058));
    const measures = whole.measures.filter(({ name, ports }) => name === 'hosts' && ports === undefined);
    const hosts = withWindows({ ...whole, measures }, [60]);
    const hunts = { telemetry, documents, now: Date.now };
    const last = { from: extent.to - MINUTE_MS, to: extent.to };
    await inTurn(WARMING_RUNS, hosts, { touched: last, extent }, hunts, () => rule.ask(last));
    const incremental = await inTurn(MINUTE_RUNS, hosts, { touched: last, extent }, hunts, () => rule.ask(last));
    // a rule of each minute looks back for another one, unless told otherwise
    const byDefault = { from: last.from - MINUTE_MS, to: last.to };
    return {
      contacts,
      incremental: { ...incremental, ruleByDefault: await spreadOfRule(() => rule.ask(byDefault)) },
      extent: await timed(() => telemetry.extent()),
      backfill: await inTurn(runs, hosts, { touched: extent, extent }, hunts, () => rule.ask(extent)),
      all: await everything(whole, extent, hunts, () => rule.ask(extent)),
      memory: Math.round(process.resourceUsage().maxRSS / 1_024),
    };
  } finally {
    rule.stop();
    const own = await connection.request((client) => client.indices.resolveIndex({ name: `${prefix}-*` }));
    const made = own.indices.map(({ name }) => name); // wildcards may not delete
    if (made.length > 0) await connection.request((client) => client.indices.delete({ index: made }));
    await connection.close();
  }
}

/** Another process makes what is hunted: its memory counts to no hunt. */
async function load(config: EngineConfig, site: EngineSite): Promise<void> {
  const child = fork(LOAD_ENGINE);
  child.send({ config, site });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The contacts could not be stored: exit code ${code}.`);
}

/** The rule's query, sent by another process, whose memory counts to no hunt: `ask` gives milliseconds. */
function startRule(config: EngineConfig, index: string) {
  const child = fork(RULE_ENGINE);
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  return {
    stop: () => child.kill(),
    ask: async (span: Span): Promise<number> => {
      child.send({ config, index, span } satisfies RuleAsked);
      const [milliseconds] = await once(child, 'message', { signal: ended.signal });
      return milliseconds;
    },
  };
}

async function spreadOfRule(rule: () => Promise<number>): Promise<Spread> {
  const times: number[] = [];
  for (let run = 0; run < MINUTE_RUNS; run++) times.push(await rule());
  return spreadOf(times);
}

type Where = Pick<Look, 'touched' | 'extent'>;

/** So many hunts and as many of the rule's, in turn; the writing of documents apart. */
async function inTurn(runs: number, plan: Plan, where: Where, ports: HuntPorts, rule: () => Promise<number>) {
  const times = { hunt: [] as number[], writing: [] as number[], rule: [] as number[] };
  let alerts = 0;
  for (let run = 0; run < runs; run++) {
    times.rule.push(await rule());
    const hunted = await timedHunt(plan, where, ports);
    times.hunt.push(hunted.hunt);
    times.writing.push(hunted.writing);
    alerts = hunted.alerts;
  }
  return { hunt: spreadOf(times.hunt), writing: spreadOf(times.writing), rule: spreadOf(times.rule), alerts };
}

async function everything(plan: Plan, extent: Span, ports: HuntPorts, rule: () => Promise<number>) {
  const rules = plan.measures.reduce((sum, { windows }) => sum + windows.length, 0);
  const alone = await rule();
  const { hunt } = await timedHunt(plan, { touched: extent, extent }, ports);
  return { hunt, rule: alone * rules, rules };
}

/** One hunt: milliseconds, those in which documents were at work apart. */
async function timedHunt(plan: Plan, where: Where, ports: HuntPorts) {
  const { documents, spent } = watched(ports.documents);
  const before = performance.now();
  const { alerts } = await huntSpan(
    plan,
    { windows: windowSecondsOf(plan.measures), ...where },
    { ...ports, documents },
  );
  return { hunt: performance.now() - before - spent(), writing: spent(), alerts: alerts.length };
}

/** Documents, and for how long at least one call of them was at work: milliseconds. */
function watched(documents: Documents): { documents: Documents; spent: () => number } {
  let spent = 0;
  let working = 0;
  let since = 0;
  const watch =
    <Asked extends unknown[], Answer>(call: (...asked: Asked) => Promise<Answer>) =>
    async (...asked: Asked): Promise<Answer> => {
      if (working++ === 0) since = performance.now();
      try {
        return await call(...asked);
      } finally {
        if (--working === 0) spent += performance.now() - since;
      }
    };
  return {
    spent: () => spent,
    documents: {
      get: watch(documents.get.bind(documents)) as Documents['get'],
      create: watch(documents.create.bind(documents)) as Documents['create'],
      update: watch(documents.update.bind(documents)) as Documents['update'],
      query: watch(documents.query.bind(documents)) as Documents['query'],
    },
  };
}
