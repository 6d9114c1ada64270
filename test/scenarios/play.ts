import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import type { EcsDocument } from '../../queries/document.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { type HuntRequest, huntAll } from '../../server/hunt/run-hunt.js';
import { type Alert, isFinal } from '../../server/model/alert.js';
import { everyDocument } from '../../server/model/every-document.js';
import type { Documents, Events, ImportedEvent, Telemetry } from '../../server/model/ports.js';
import type { Run } from '../../server/model/run.js';
import { Cast } from './cast.js';
import { pick, resolve, type Scenario, tell } from './scenario.js';
import { at, DAY } from './times.js';

/** A backend with nothing in it, as scenarios meet it. */
interface Backend {
  events: Events;
  telemetry: Telemetry;
  documents: Documents;
  close(): Promise<void>;
}

export type OpenBackend = (now: () => number) => Promise<Backend>;

/** When all scenarios are hunted: days after their events. */
export const now = (): number => at(60 * DAY);

/** The four hunts with these tunables, in every analytic that has them. */
export function requestsWith(settings: Readonly<Record<string, unknown>> = {}): HuntRequest[] {
  return analytics.map((analytic) => {
    const own = Object.entries(settings).filter(([name]) => Object.hasOwn(analytic.tunables, name));
    return { analytic, tunables: tunablesOf(analytic, Object.fromEntries(own)), origin: 'command' };
  });
}

/** Documents as an importer hands them over. */
export const imported = (documents: readonly EcsDocument[]): ImportedEvent[] =>
  documents.map((document, line) => ({
    document,
    original: JSON.stringify(document),
    index: 'scenario.ndjson',
    id: String(line),
  }));

export async function alertsIn(documents: Documents): Promise<Alert[]> {
  return (await everyDocument<Alert>(documents, 'alert')).map(({ body }) => body);
}

/**
 * A test a scenario. Those with the same settings play on one site, each with a cast of its own: they are hunted
 * together, so each also shows that the others' telemetry changes nothing for it.
 */
export function playAll(backend: string, open: OpenBackend, scenarios: readonly Scenario[]): void {
  const sites = new Map<string, Site>();
  for (const scenario of scenarios) {
    const settings = JSON.stringify(scenario.settings ?? {});
    const site = sites.get(settings) ?? sites.set(settings, new Site(open, scenario.settings)).get(settings)!;
    const cast = site.add(scenario);
    test(`${backend}: ${scenario.name}`, async () => {
      const { alerts, runs } = await site.played();
      const found = alerts.filter(cast.isOf).map(tell);
      found.sort((a, b) => a.start - b.start || (a.who < b.who ? -1 : 1));
      const expected = scenario.found.map((one) => resolve(one, cast));
      assert.deepEqual(
        found.map((one, index) => pick(one, expected[index])),
        expected,
      );
      const silenced = runs.flatMap((run) => run.silenced).filter(({ subject }) => cast.plays(subject));
      assert.deepEqual(silenced.map(({ by }) => by).sort(), scenario.silenced ?? []);
    });
  }
}

class Site {
  private readonly documents: EcsDocument[] = [];
  private casts = 0;
  private result: Promise<{ alerts: Alert[]; runs: Run[] }> | undefined;

  constructor(
    private readonly open: OpenBackend,
    private readonly settings: Scenario['settings'],
  ) {}

  add({ events }: Scenario): Cast {
    const cast = new Cast(this.casts++);
    this.documents.push(...events(cast));
    return cast;
  }

  played(): Promise<{ alerts: Alert[]; runs: Run[] }> {
    this.result ??= this.play();
    return this.result;
  }

  private async play() {
    const backend = await this.open(now);
    try {
      const { rejected } = await backend.events.append({ key: 'all', events: imported(this.documents) });
      assert.deepEqual(rejected, []);
      const runs = await huntAll(requestsWith(this.settings), { ...backend, now });
      const alerts = await alertsIn(backend.documents);
      return { alerts: alerts.filter(isFinal), runs };
    } finally {
      await backend.close();
    }
  }
}
