import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { toPlan } from '../../queries/plan.js';
import { removeBefore } from '../../server/backends/duckdb/retention.js';
import { judgeableAfterMs, moveHorizon } from '../../server/hunt/horizon.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Alert } from '../../server/model/alert.js';
import { everyDocument } from '../../server/model/every-document.js';
import { formatTime } from '../../server/model/time.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { type TelemetryRecord, toDocument } from '../oracle/records.js';
import { type Site, sites } from '../oracle/sites.js';
import { final, NOW, requestsOf } from './site-hunts.js';

const SEED = Number(process.env.SCANHOUND_SEED ?? 20_251_124);
const HOUR_MS = 3_600_000;
const now = () => NOW;

/** What happens on a site, again and again over many days: some of it arrives after the rest. */
const histories = fc
  .record({
    site: sites,
    TimeWindow: fc.constantFrom(1, 1, 10),
    everyHours: fc.constantFrom(24, 31, 40),
    late: fc.func(fc.nat(5)),
    /** After which share of the records the horizon comes to lie: in the middle of what happens. */
    horizonAt: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
  })
  .map(({ site, TimeWindow, everyHours, late, horizonAt }) => {
    const records = Array.from({ length: 5 }, (_, time) =>
      site.records.map((record) => ({ ...record, time: record.time + time * everyHours * HOUR_MS })),
    ).flat();
    const times = records.map(({ time }) => time).sort((a, b) => a - b);
    const isLate = records.map((_, place) => late(place) === 0);
    return {
      settings: { ...site.settings, TimeWindow },
      soon: records.filter((_, place) => !isLate[place]),
      late: records.filter((_, place) => isLate[place]),
      horizon: times[Math.floor(times.length * horizonAt)]! + 1,
    };
  });

type Kept = Alert & { id: string };

/** A store that is hunted as telemetry arrives. */
class Hunted {
  private events = 0;

  private constructor(
    private readonly backend: Awaited<ReturnType<typeof openInMemory>>,
    private readonly settings: Site['settings'],
  ) {}

  static async open(settings: Site['settings']): Promise<Hunted> {
    return new Hunted(await openInMemory(now), settings);
  }

  async take(records: readonly TelemetryRecord[]): Promise<void> {
    const events = records.map((record) => {
      const document = toDocument(record);
      return { document, original: JSON.stringify(document), index: 'site', id: String(this.events++) };
    });
    await this.backend.events.append({ key: `batch ${this.events}`, events });
    await huntAll(requestsOf(this.settings), { ...this.backend, now });
  }

  async huntAgain(): Promise<void> {
    const span = (await this.backend.telemetry.extent())!;
    await huntAll(
      requestsOf(this.settings).map((request) => ({ ...request, span })),
      { ...this.backend, now },
    );
  }

  async remove(time: number): Promise<number> {
    await moveHorizon(this.backend.documents, time);
    return removeBefore(this.backend.store, time, new AbortController().signal);
  }

  async alerts(): Promise<Kept[]> {
    return (await everyDocument<Alert>(this.backend.documents, 'alert')).map(({ id, body }) => ({ id, ...body }));
  }

  close(): Promise<void> {
    return this.backend.close();
  }
}

test('hunts never change an alert whose telemetry was removed, and find what comes after as if nothing was', async () => {
  const seen = { removed: 0, old: 0, young: 0 };
  await fc.assert(
    fc.asyncProperty(histories, async ({ settings, soon, late, horizon }) => {
      const whole = await Hunted.open(settings);
      const retained = await Hunted.open(settings);
      try {
        const from = new Map(
          requestsOf(settings).map(({ analytic, tunables }) => [
            analytic.id,
            formatTime(horizon + judgeableAfterMs(toPlan(analytic, tunables))),
          ]),
        );
        const isOld = ({ event, scanhound }: Alert) => event.start < from.get(scanhound.analytic)!;
        await whole.take([...soon, ...late]);
        await retained.take(soon);
        const before = await retained.alerts();
        seen.removed += await retained.remove(horizon);
        await retained.huntAgain();
        assert.deepEqual(await retained.alerts(), before, 'hunted again');

        await retained.take(late);
        const after = await retained.alerts();
        assert.deepEqual(after.filter(isOld), before.filter(isOld), 'old ones stay');
        const young = (alerts: Kept[]) =>
          final(alerts.filter((alert) => !isOld(alert)).map(({ id: _, ...alert }) => alert));
        assert.deepEqual(young(after), young(await whole.alerts()), 'others are as they would be');
        seen.old += after.filter(isOld).length;
        seen.young += young(after).length;
      } finally {
        await whole.close();
        await retained.close();
      }
    }),
    { seed: SEED, numRuns: 2, endOnFailure: true },
  );
  for (const [what, times] of Object.entries(seen)) assert.ok(times > 10, `${what}: ${times}`);
});
