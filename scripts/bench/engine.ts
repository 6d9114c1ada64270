import { an1058 } from '../../queries/analytics/an1058.js';
import { type Plan, toPlan, windowSecondsOf, withWindows } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { type HuntPorts, huntSpan, type Look } from '../../server/hunt/hunt-span.js';
import type { Documents } from '../../server/model/ports.js';
import { wholly } from '../../server/model/spans.js';
import { type Spread, spreadOf } from './measure.js';
import type { StoredSite } from './stored-site.js';

/** In milliseconds: the last minute's windows, and the rule's execution over the last minute, or over two as by default. */
export interface Minute {
  hunt: Spread;
  rule: Spread;
  ruleByDefault: Spread;
}

const MINUTE_MS = 60_000;
/**
 * Hunts of a service that runs are not its first ones: Node and the engine's Java compile what runs often. On OpenSearch
 * 3.8, in one run of the bench each, ten times the history took 1.37 times as long after 30, 1.27 after 150.
 */
const WARMING_RUNS = 150;
/** What takes some hundredths of a second varies more than what takes long. */
const MINUTE_RUNS = 45;

const WHOLE = toPlan(an1058, tunablesOf(an1058));
/** The rule's own measure. */
const HOSTS = withWindows(
  { ...WHOLE, measures: WHOLE.measures.filter(({ name, ports }) => name === 'hosts' && ports === undefined) },
  [60],
);

/** The last minute of each site: they take turns, beside the query that a fixed-window threshold rule sends. */
export async function minutesOf(sites: readonly StoredSite[]): Promise<Minute[]> {
  const times = sites.map(() => ({ hunt: [] as number[], rule: [] as number[], ruleByDefault: [] as number[] }));
  for (let run = -WARMING_RUNS; run < MINUTE_RUNS; run++)
    for (const [place, { extent, ports, askRule }] of sites.entries()) {
      const last = { from: extent.to - MINUTE_MS, to: extent.to };
      const rule = await askRule(last);
      // a rule of each minute looks back for another one, unless told otherwise
      const ruleByDefault = await askRule({ from: last.from - MINUTE_MS, to: last.to });
      const { hunt } = await timedHunt(HOSTS, { touched: wholly(last), extent }, ports);
      if (run < 0) continue;
      times[place]!.rule.push(rule);
      times[place]!.ruleByDefault.push(ruleByDefault);
      times[place]!.hunt.push(hunt);
    }
  return times.map(({ hunt, rule, ruleByDefault }) => ({
    hunt: spreadOf(hunt),
    rule: spreadOf(rule),
    ruleByDefault: spreadOf(ruleByDefault),
  }));
}

/**
 * Hosts at 60 s in all of a site, and the rule's query over the same range; both take turns. The writing of documents
 * apart.
 *
 * @param runs how often: the rule's query over millions takes minutes
 */
export async function backfillOf({ extent, ports, askRule }: StoredSite, runs: number) {
  const times = { hunt: [] as number[], writing: [] as number[], rule: [] as number[] };
  let alerts = 0;
  for (let run = 0; run < runs; run++) {
    times.rule.push(await askRule(extent));
    const hunted = await timedHunt(HOSTS, { touched: wholly(extent), extent }, ports);
    times.hunt.push(hunted.hunt);
    times.writing.push(hunted.writing);
    alerts = hunted.alerts;
  }
  return { hunt: spreadOf(times.hunt), writing: spreadOf(times.writing), rule: spreadOf(times.rule), alerts };
}

/** All measures and windows once, and as long as the rule's query takes for each of them. */
export async function allMeasuresOf({ extent, ports }: StoredSite, rule: Spread) {
  const rules = WHOLE.measures.reduce((sum, { windows }) => sum + windows.length, 0);
  const { hunt } = await timedHunt(WHOLE, { touched: wholly(extent), extent }, ports);
  return { hunt, rule: rule.median * rules, rules };
}

/** One hunt: milliseconds, those in which documents were at work apart. */
async function timedHunt(plan: Plan, where: Pick<Look, 'touched' | 'extent'>, ports: HuntPorts) {
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
