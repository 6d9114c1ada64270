import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import type { Alert } from '../../server/model/alert.js';
import { Cast } from '../scenarios/cast.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, MINUTE, repeat } from '../scenarios/times.js';
import { onSite } from './stored-site.js';

const cast = new Cast(0);

/** So many own hosts, from the `first` on, within a tenth of a second. */
const burst = (seconds: number, count = 16, first = 0, stepMs = 6): EcsDocument[] =>
  repeat(count, (i) =>
    zeekConn({ at: at(seconds, i * stepMs), from: cast.ip(1), to: `10.200.1.${first + i + 1}`, port: 443 }),
  );

/** Two earlier rounds with the hosts of a burst, too slow to be a scan themselves where TimeWindow is a second. */
const earlierRounds = (first: number): EcsDocument[] => [
  ...burst(-40 * MINUTE, 16, first, 3_000),
  ...burst(-30 * MINUTE, 16, first, 3_000),
];

const states = (alerts: readonly Alert[]): string[] => alerts.map(({ scanhound }) => scanhound.state);

test('late data grows an alert: the same id and first writing, one revision more', () =>
  onSite({}, async (site) => {
    await site.arrive(burst(0));
    const [before] = await site.alerts();
    await site.arrive(burst(20, 4, 50));
    const [after, ...others] = await site.alerts();
    assert.deepEqual(others, []);
    assert.equal(after?.id, before?.id);
    assert.equal(after?.['@timestamp'], before?.['@timestamp']);
    assert.equal(after?.scanhound.revision, (before?.scanhound.revision ?? 0) + 1);
    assert.equal(after?.scanhound.targets.hosts, 20);
  }));

test('earlier data moves the start of an alert, not its id', () =>
  onSite({}, async (site) => {
    await site.arrive(burst(0));
    const [before] = await site.alerts();
    await site.arrive(burst(-20, 4, 50));
    const [after, ...others] = await site.alerts();
    assert.deepEqual(others, []);
    assert.equal(after?.id, before?.id);
    assert.equal(Date.parse(after?.event.start ?? ''), at(-20));
  }));

test('late data joins two alerts: the one written first absorbs the other, whichever is earlier', () =>
  onSite({ PollingRounds: 0 }, async (site) => {
    await site.arrive(burst(28 * MINUTE));
    const [older] = await site.alerts();
    await site.arrive(burst(0));
    assert.deepEqual(states(await site.alerts()), ['active', 'active']);
    const runs = await site.arrive(burst(14 * MINUTE));
    const alerts = await site.alerts();
    const absorbed = alerts.find(({ id }) => id !== older?.id);
    assert.equal(absorbed?.scanhound.state, 'merged');
    assert.equal(absorbed?.scanhound.merged_into, older?.id);
    const standing = alerts.find(({ id }) => id === older?.id);
    assert.equal(standing?.scanhound.state, 'active');
    assert.equal(Date.parse(standing?.event.start ?? ''), at(0));
    assert.equal(Date.parse(standing?.event.end ?? ''), at(28 * MINUTE, 90));
    assert.equal(
      runs.reduce((sum, { merged }) => sum + merged, 0),
      1,
    );
  }));

test('late earlier rounds withdraw an alert: kept, with its id; what arrives after that brings it back', () =>
  onSite({ TimeWindow: 1 }, async (site) => {
    await site.arrive(burst(0));
    const [before] = await site.alerts();
    await site.arrive(earlierRounds(0));
    const [gone, ...others] = await site.alerts();
    assert.deepEqual(others, []);
    assert.equal(gone?.id, before?.id);
    assert.equal(gone?.scanhound.state, 'withdrawn');
    assert.equal(gone?.scanhound.targets.hosts, 16);
    await site.arrive(burst(0, 16, 50));
    const [back, ...more] = await site.alerts();
    assert.deepEqual(more, []);
    assert.equal(back?.id, before?.id);
    assert.equal(back?.scanhound.state, 'active');
  }));

test('a split: the earliest part keeps the id', () =>
  onSite({ TimeWindow: 1 }, async (site) => {
    await site.arrive([...burst(0), ...burst(14 * MINUTE, 16, 50), ...burst(28 * MINUTE, 16, 100)]);
    const [before, ...none] = await site.alerts();
    assert.deepEqual(none, []);
    await site.arrive(earlierRounds(50));
    const [first, second, ...others] = await site.alerts();
    assert.deepEqual(others, []);
    assert.equal(first?.id, before?.id);
    assert.equal(Date.parse(first?.event.end ?? ''), at(0, 90));
    assert.equal(Date.parse(second?.event.start ?? ''), at(28 * MINUTE));
    assert.deepEqual(states([first!, second!]), ['active', 'active']);
  }));

test('hunting again changes nothing at all', () =>
  onSite({}, async (site) => {
    await site.arrive([
      ...burst(0),
      ...burst(2 * DAY, 16, 50),
      sysmonStart({ at: at(1), machine: cast.machine(), program: 'C:\\nmap.exe' }),
    ]);
    const kinds = ['alert', 'head', 'silenced', 'mark'] as const;
    const before = await Promise.all(kinds.map((kind) => site.all(kind)));
    await site.hunt();
    const runs = await site.hunt({ from: at(-DAY), to: at(3 * DAY) });
    assert.deepEqual(await Promise.all(kinds.map((kind) => site.all(kind))), before);
    for (const { created, updated, merged, withdrawn } of runs)
      assert.deepEqual({ created, updated, merged, withdrawn }, { created: 0, updated: 0, merged: 0, withdrawn: 0 });
    assert.ok(runs.some(({ episodes }) => episodes > 0));
  }));

test('changed tunables never withdraw, and find under the same id again', () =>
  onSite({}, async (site) => {
    await site.arrive(burst(0));
    const [before] = await site.alerts();
    const whole = { from: at(-DAY), to: at(DAY) };
    await site.hunt(whole, { HostSweepThreshold: 17 });
    assert.deepEqual(await site.alerts(), [before]);
    await site.hunt(whole);
    assert.deepEqual(await site.alerts(), [before]);
    await site.hunt(whole, { HostSweepThreshold: 10 });
    const [lower, ...others] = await site.alerts();
    assert.deepEqual(others, []);
    assert.equal(lower?.id, before?.id);
    assert.equal(lower?.scanhound.measures[0]?.threshold, 10);
  }));

test('what a host turns out to hold moves an alert to the analytic of its system', () =>
  onSite({}, async (site) => {
    await site.arrive(burst(0));
    await site.arrive([sysmonStart({ at: at(60), machine: cast.machine(), program: 'C:\\Windows\\explorer.exe' })]);
    const alerts = await site.alerts();
    assert.deepEqual(alerts.map(({ scanhound }) => `${scanhound.analytic} ${scanhound.state}`).sort(), [
      'AN1057 active',
      'AN1058 withdrawn',
    ]);
  }));

test('the parts of an episode of days name the parts beside them', () =>
  onSite({ PollingRounds: 0 }, async (site) => {
    const days = repeat(2 * 144 + 3, (i) => burst(11.9 * 3_600 + i * 600, 16)).flat();
    await site.arrive(days.slice(0, days.length / 2));
    await site.arrive(days.slice(days.length / 2));
    const parts = (await site.alerts()).filter(({ scanhound }) => scanhound.state === 'active');
    assert.equal(parts.length, 4); // two whole days, and what lies before and after them
    assert.deepEqual(
      parts.map(({ scanhound }) => scanhound.part),
      parts.map((_, index) => ({
        index,
        of: parts.length,
        ...(index > 0 ? { previous: parts[index - 1]!.id } : {}),
        ...(index < parts.length - 1 ? { next: parts[index + 1]!.id } : {}),
      })),
    );
  }));
