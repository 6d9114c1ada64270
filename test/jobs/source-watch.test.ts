import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import type { EcsDocument } from '../../queries/document.js';
import { coverageOf } from '../../server/hunt/coverage.js';
import { idOf } from '../../server/hunt/silent-sources.js';
import { SourceWatch } from '../../server/jobs/source-watch.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { Cast } from '../scenarios/cast.js';
import { imported } from '../scenarios/play.js';
import { zeekArp, zeekConn } from '../scenarios/telemetry/sensors.js';
import { sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, HOUR, iso, MINUTE } from '../scenarios/times.js';

const contact = (seconds: number) => zeekConn({ at: at(seconds), from: '10.0.0.1', to: '10.200.0.1', port: 22 });
const arp = (seconds: number) => zeekArp(at(seconds), '10.0.0.1', '10.200.0.1');
const machine = new Cast(0).machine();
const launch = (seconds: number) => sysmonStart({ at: at(seconds), machine, program: 'C:\\t.exe', pid: 7 });

/** A store that is watched for silences of an hour; the clock is set in seconds from the start of the scenarios. */
async function open(t: TestContext) {
  let clock = 0;
  const now = () => at(clock);
  const { events, telemetry, documents, close } = await openInMemory(now);
  t.after(close);
  const said: string[] = [];
  const errors: unknown[] = [];
  let silent: string[] = [];
  const openWatch = () =>
    new SourceWatch(analytics, HOUR * 1_000, {
      documents,
      telemetry,
      now,
      onLook: (sources) => {
        silent = sources.map(idOf);
      },
      onBegin: (source) => said.push(`begin ${idOf(source)} ${source.last}`),
      onEnd: (source) => said.push(`end ${idOf(source)}`),
      onError: (error) => errors.push(error),
    });
  const watch = openWatch();
  let batches = 0;
  return {
    openWatch,
    errors,
    watch,
    documents,
    telemetry,
    arrive: (...documents: EcsDocument[]) => events.append({ key: String(batches++), events: imported(documents) }),
    /** What is silent at this time, and what was said of it. */
    async look(seconds: number, by = watch) {
      clock = seconds;
      await by.look();
      return { silent, said: said.splice(0) };
    },
  };
}

test('a kind of records that no longer comes, while others do, is told once when it begins and once when it ends', async (t) => {
  const { arrive, look, openWatch } = await open(t);
  const none = { silent: [], said: [] };
  assert.deepEqual(await look(0), none, 'nothing is there');
  await arrive(contact(0), arp(0), launch(10), contact(30 * MINUTE));
  assert.deepEqual(await look(45 * MINUTE), none);
  await arrive(contact(70 * MINUTE));
  const begun = await look(71 * MINUTE);
  assert.deepEqual(begun, {
    silent: ['launches AN1057', 'arps'],
    said: [`begin launches AN1057 ${iso(at(10))}`, `begin arps ${iso(at(0))}`],
  });
  await arrive(contact(80 * MINUTE));
  assert.deepEqual(await look(80 * MINUTE), { ...begun, said: [] });
  assert.deepEqual(await look(81 * MINUTE, openWatch()), { ...begun, said: [] }, 'another process knows it');
  await arrive(launch(82 * MINUTE));
  assert.deepEqual(await look(83 * MINUTE), { silent: ['arps'], said: ['end launches AN1057'] });
});

test('telemetry that comes late as a whole is not silent; when nothing comes at all, that is one finding', async (t) => {
  const { arrive, look } = await open(t);
  await arrive(contact(0), arp(0), launch(10));
  assert.deepEqual((await look(59 * MINUTE)).said, []);
  const begun = await look(2 * HOUR);
  assert.deepEqual(begun, { silent: ['telemetry'], said: [`begin telemetry ${iso(at(10))}`] });
  assert.deepEqual(await look(3 * DAY), { ...begun, said: [] }, 'nothing came since');
  await arrive(contact(3 * DAY));
  assert.deepEqual(await look(3 * DAY), { silent: [], said: ['end telemetry'] });
});

test('of history nothing more is expected, and a source that stays away for a week is given up', async (t) => {
  const { arrive, look } = await open(t);
  await arrive(contact(0), arp(0), contact(90 * MINUTE));
  assert.deepEqual(await look(60 * DAY), { silent: [], said: [] });
  await arrive(contact(60 * DAY), arp(60 * DAY), contact(60 * DAY + 90 * MINUTE));
  assert.deepEqual((await look(60 * DAY + 2 * HOUR)).silent, ['arps']);
  await arrive(contact(66 * DAY));
  assert.deepEqual((await look(66 * DAY)).silent, ['arps']);
  await arrive(contact(67 * DAY + 2 * HOUR));
  assert.deepEqual(await look(67 * DAY + 2 * HOUR), { silent: [], said: ['end arps'] });
});

test('a record of the future neither hides a silence nor ends one', async (t) => {
  const { arrive, look } = await open(t);
  await arrive(contact(0), arp(0), contact(70 * MINUTE), arp(300 * DAY));
  assert.deepEqual((await look(71 * MINUTE)).silent, ['arps']);
  await arrive(arp(300 * DAY + 1), contact(80 * MINUTE));
  assert.deepEqual(await look(80 * MINUTE), { silent: ['arps'], said: [] });
});

test('coverage tells what is silent, by the analytics it concerns', async (t) => {
  const { arrive, look, documents, telemetry } = await open(t);
  const covered = async (...ids: string[]) => {
    const hunted = analytics.filter(({ id }) => ids.includes(id)).map((analytic) => ({ analytic, tunables: {} }));
    return (await coverageOf(hunted, {}, { documents, telemetry })).silent;
  };
  assert.equal(await covered('AN1057'), undefined);
  await arrive(launch(0), contact(70 * MINUTE));
  await look(71 * MINUTE);
  const launches = { source: 'launches', analytics: ['AN1057'], last: iso(at(0)), noticed: iso(at(71 * MINUTE)) };
  assert.deepEqual(await covered('AN1057'), { checked: iso(at(71 * MINUTE)), sources: [launches] });
  assert.deepEqual((await covered('AN1058'))?.sources, []);
});

test('started, it looks at once; a look that fails is told', async (t) => {
  const { arrive, watch, documents, errors } = await open(t);
  await arrive(contact(0));
  watch.start();
  await watch.stop();
  assert.deepEqual((await documents.get('health', 'silent'))?.body, { checked: iso(at(0)), sources: [] });
  documents.update = () => Promise.reject(new Error('away'));
  watch.start();
  await watch.stop();
  assert.deepEqual(errors, [new Error('away')]);
});
