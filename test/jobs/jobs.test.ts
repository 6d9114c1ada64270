import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { AnalyticId } from '../../queries/analytic.js';
import { huntEach } from '../../server/hunt/run-hunt.js';
import type { CadenceSettings } from '../../server/jobs/cadences.js';
import { HuntQueue } from '../../server/jobs/hunt-queue.js';
import { Hunts } from '../../server/jobs/hunts.js';
import { jobsOf } from '../../server/jobs/job.js';
import { Jobs } from '../../server/jobs/jobs.js';
import { AppError } from '../../server/model/app-error.js';
import type { Telemetry } from '../../server/model/ports.js';
import type { Run } from '../../server/model/run.js';
import { openBackend } from '../../server/open-backend.js';
import { sweepBatch } from '../api/zeek-sweep.js';

const NOON = Date.parse('2026-01-31T12:00:00Z');

/** Jobs over a store in memory; `hold` makes hunts wait until they are released. */
async function open(t: TestContext, cadences: CadenceSettings = {}) {
  const clock = { now: NOON };
  const now = () => clock.now;
  const backend = await openBackend({}, now);
  t.after(() => backend.close());
  const { telemetry, documents, events } = backend;
  let held: Promise<void> | undefined;
  let isFailing = false;
  const left = new Set<AnalyticId>();
  const broken = new Set<AnalyticId>();
  const breaking: Telemetry = Object.create(telemetry, {
    suspects: {
      value: (...asked: Parameters<Telemetry['suspects']>) =>
        broken.has(asked[0].analytic)
          ? Promise.reject(new AppError('ENGINE_REFUSED', 'a conflict of mappings'))
          : telemetry.suspects(...asked),
    },
  });
  const queue = new HuntQueue(
    async (requests) => {
      await held;
      if (isFailing) {
        isFailing = false;
        throw new AppError('STREAM_CUT', 'cut');
      }
      const own = requests.filter(({ analytic }) => !left.has(analytic.id));
      return huntEach(own, { telemetry: breaking, documents, now });
    },
    documents,
    now,
  );
  const hunts = new Hunts([], queue, telemetry);
  const missed: Record<string, number> = {};
  const openJobs = () =>
    new Jobs(jobsOf([], cadences), {
      hunts,
      documents,
      telemetry,
      now,
      positions: 'arrivals',
      onMissed: (analytic, ticks) => {
        missed[analytic] = (missed[analytic] ?? 0) + ticks;
      },
    });
  return {
    jobs: openJobs(),
    /** As another process on the same store. */
    openJobs,
    clock,
    missed,
    /** Analytics that another instance hunts. */
    left,
    /** Analytics whose hunts fail. */
    broken,
    /** The next hunt fails. */
    fail() {
      isFailing = true;
    },
    hold() {
      let release = () => {};
      held = new Promise((resolve) => {
        release = () => {
          held = undefined;
          resolve();
        };
      });
      return release;
    },
    arrive: (source: string) => events.append(sweepBatch(25, source)),
  };
}

/** `AN1057 60+600`: what runs were of. */
const told = (runs: readonly Run[]) => runs.map(({ analytic, windows = [] }) => `${analytic} ${windows.join('+')}`);
const ALL = ['AN1057', 'AN1058', 'AN1059', 'AN1060'];
const eachOf = (windows: string) => ALL.map((id) => `${id} ${windows}`);

test('the shortest windows are hunted each time, longer ones a quarter of their length apart', async (t) => {
  const { jobs, clock, arrive } = await open(t);
  assert.deepEqual(await jobs.look(), [], 'nothing is there');
  await arrive('10.0.0.5');
  assert.deepEqual(told(await jobs.look()), eachOf('60+600+3600+86400'));
  assert.deepEqual(await jobs.look(), [], 'nothing new');
  await arrive('10.0.0.6');
  clock.now += 60_000;
  assert.deepEqual(told(await jobs.tick('* * * * *')), eachOf('60'));
  clock.now += 90_000;
  assert.deepEqual(told(await jobs.tick('* * * * *')), eachOf('600'), 'the shortest have nothing new');
  const [first] = await jobs.list();
  assert.deepEqual(
    first?.windows.map(({ seconds, cadence, apart, mark, arrivalsBehind }) => [
      seconds,
      cadence,
      apart,
      mark,
      arrivalsBehind,
    ]),
    [
      [60, '* * * * *', undefined, 50, 0],
      [600, '* * * * *', 150, 50, 0],
      [3_600, '* * * * *', 900, 25, 25],
      [86_400, '* * * * *', 21_600, 25, 25],
    ],
  );
});

test('each window has its cadence, and one that is set for all is for all', async (t) => {
  const own = [
    { analytic: 'an1057', window: '1h', when: '15m', place: 'there' },
    { analytic: 'AN1058', when: '30s', place: 'there' },
    { analytic: 'AN1059', when: 'off', place: 'there' },
  ];
  const { jobs, arrive } = await open(t, { every: '2s', own });
  await arrive('10.0.0.5');
  assert.deepEqual(told(await jobs.tick('15m')), ['AN1057 3600']);
  assert.deepEqual(told(await jobs.tick('30s')), ['AN1058 60+600+3600+86400']);
  assert.deepEqual(told(await jobs.tick('2s')), ['AN1057 60+600+86400', 'AN1060 60+600+3600+86400']);
  const { windows, next } = await jobs.get('AN1059');
  assert.deepEqual([windows[0]?.cadence, windows[0]?.arrivalsBehind, next], ['off', 25, undefined]);
});

test('a cadence of no window, of no analytic, or that is none, is told with its place', () => {
  const fails = (own: { analytic: string; window?: string; when: string }, message: RegExp) =>
    assert.throws(() => jobsOf([], { own: [{ ...own, place: 'line 7' }] }), { code: 'CONFIG_INVALID', message });
  fails({ analytic: 'AN1', when: '1m' }, /^line 7: No analytic AN1\. There are: AN1057/);
  fails({ analytic: 'AN1057', window: '61s', when: '1m' }, /^line 7: there is no window of 61s, but of 60s, 600s/);
  fails({ analytic: 'AN1057', window: 'long', when: '1m' }, /^line 7: there is no window of long/);
  fails({ analytic: 'AN1057', when: '61 * * * *' }, /^line 7 must be a cron expression/);
  const [job] = jobsOf([['TimeWindow', '30s']], {
    own: [{ analytic: 'AN1057', window: '30s', when: '1m', place: 'line 7' }],
  });
  assert.deepEqual(job?.windows[0], { seconds: 30, when: '1m', apartMs: 0 });
});

test('a paused job hunts nothing on schedule, in any process, and makes up once it is resumed', async (t) => {
  const { jobs, openJobs, clock, arrive } = await open(t);
  await arrive('10.0.0.5');
  await jobs.pause('an1058', 'anna');
  clock.now += 60_000;
  await jobs.pause('AN1058', 'ben');
  assert.deepEqual(
    told(await openJobs().look()),
    ['AN1057', 'AN1059', 'AN1060'].map((id) => `${id} 60+600+3600+86400`),
  );
  await jobs.tick('* * * * *', 5);
  const paused = await jobs.get('AN1058');
  assert.deepEqual(
    [paused.state, paused.paused, paused.missed, paused.last],
    ['paused', { since: '2026-01-31T12:00:00.000Z', by: 'anna' }, 0, undefined],
  );
  await jobs.resume('AN1058');
  const [run] = await openJobs()
    .tick('* * * * *')
    .then((runs) => runs.filter(({ analytic }) => analytic === 'AN1058'));
  assert.deepEqual([run?.arrivals, run?.created], [{ after: 0, until: 25 }, 1]);
  assert.equal((await jobs.get('AN1058')).state, 'idle');
});

test('run now hunts all windows from their marks, also of a paused job', async (t) => {
  const { jobs, arrive } = await open(t);
  await arrive('10.0.0.5');
  await jobs.pause('AN1058');
  const { ids, done } = await jobs.run('AN1058', 'api');
  assert.match((await jobs.get('AN1058')).state, /^(queued|running)$/);
  const [run] = await done;
  assert.deepEqual([[run?.id], run?.created, run?.origin], [ids, 1, 'api']);
  const { state, last, windows } = await jobs.get('AN1058');
  assert.deepEqual([state, last?.id, last?.state], ['paused', ids[0], 'done']);
  assert.ok(windows.every(({ mark }) => mark === 25));
  await assert.rejects(jobs.run('AN1', 'api'), { code: 'JOB_UNKNOWN', message: /There are: AN1057, AN1058/ });
});

test('ticks while the same windows are hunted, and ticks that nobody saw, are counted', async (t) => {
  const { jobs, openJobs, missed, hold, arrive } = await open(t, {
    own: [{ analytic: 'AN1057', window: '1h', when: '15m', place: 'there' }],
  });
  await arrive('10.0.0.5');
  const release = hold();
  const first = jobs.tick('* * * * *');
  assert.deepEqual(await jobs.tick('* * * * *'), []);
  const other = jobs.tick('15m'); // other windows: they wait their turn
  assert.deepEqual(await jobs.tick('* * * * *', 3), []);
  release();
  assert.equal((await first).length, 4);
  assert.deepEqual(told(await other), ['AN1057 3600']);
  assert.deepEqual(missed, Object.fromEntries(ALL.map((id) => [id, 5])));
  await arrive('10.0.0.6');
  assert.ok((await jobs.tick('* * * * *')).every(({ arrivals }) => arrivals?.until === 50));
  assert.deepEqual(missed, Object.fromEntries(ALL.map((id) => [id, 5])));
  assert.deepEqual(
    (await openJobs().list()).map((job) => job.missed),
    [5, 5, 5, 5],
    'it is kept',
  );
});

test('a tick that was missed is made up for as soon as what was hunted meanwhile is done', async (t) => {
  const { jobs, missed, hold, arrive } = await open(t);
  const rounds: string[][] = [];
  const events = { onRuns: (runs: readonly Run[]) => rounds.push(told(runs)), onError: assert.ifError };
  await arrive('10.0.0.5');
  const release = hold();
  const first = jobs.wake('* * * * *', events);
  await jobs.wake('* * * * *', events);
  await arrive('10.0.0.6');
  release();
  await first;
  assert.deepEqual(rounds, [[], eachOf('60+600+3600+86400'), eachOf('60')]);
  assert.deepEqual(missed, Object.fromEntries(ALL.map((id) => [id, 1])));
});

test('what is owed is hunted at the next tick of the job, not of the cadence', async (t) => {
  const own = [{ analytic: 'AN1057', window: '24h', when: '6h', place: 'there' }];
  const { jobs, hold, fail, arrive } = await open(t, { every: '1m', own });
  const of = async (runs: Promise<Run[]>) => told(await runs).filter((run) => run.startsWith('AN1057'));
  await arrive('10.0.0.5');
  fail();
  await assert.rejects(jobs.tick('6h'), { code: 'STREAM_CUT' });
  assert.deepEqual(await of(jobs.tick('1m')), ['AN1057 60+600+3600+86400']);
  await arrive('10.0.0.6');
  assert.deepEqual(await of(jobs.tick('1m')), ['AN1057 60+600+3600'], 'it was hunted');
  const release = hold();
  const held = jobs.tick('6h');
  await jobs.tick('6h');
  release();
  await held;
  await arrive('10.0.0.7');
  assert.deepEqual(await of(jobs.tick('1m')), ['AN1057 60+600+3600+86400'], 'its tick was missed');
  await jobs.pause('AN1057');
  await jobs.resume('AN1057');
  await arrive('10.0.0.8');
  assert.deepEqual(await of(jobs.tick('1m')), ['AN1057 60+600+3600+86400'], 'it was paused');
});

test('a tick that finds no room in the queue is missed', async (t) => {
  const { jobs, missed, hold, arrive } = await open(t);
  await arrive('10.0.0.5');
  const release = hold();
  const ordered = await Promise.all(Array.from({ length: 17 }, () => jobs.run('AN1060', 'api')));
  await assert.rejects(jobs.look(), { code: 'RUN_BUSY' });
  assert.deepEqual(missed, Object.fromEntries(ALL.map((id) => [id, 1])));
  release();
  await Promise.all(ordered.map(({ done }) => done));
});

test('started, it ticks, and tells when it looks next; stopped, it ends what it began', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: NOON });
  const { jobs, arrive } = await open(t, { every: '2s' });
  await arrive('10.0.0.5');
  const came = new Promise<readonly Run[]>((resolve, reject) => jobs.start({ onRuns: resolve, onError: reject }));
  assert.equal((await jobs.get('AN1057')).next, '2026-01-31T12:00:02.000Z');
  t.mock.timers.tick(2_000);
  assert.equal((await came).length, 4);
  await jobs.stop();
  assert.equal((await jobs.get('AN1057')).next, undefined);
});

test('windows that were left to another instance stay due', async (t) => {
  const { jobs, arrive, left } = await open(t);
  await arrive('10.0.0.1');
  left.add('AN1057');
  const analyticsOf = (runs: readonly Run[]) => runs.map(({ analytic }) => analytic);
  assert.deepEqual(analyticsOf(await jobs.look()), ['AN1058', 'AN1059', 'AN1060']);
  left.clear();
  assert.deepEqual(analyticsOf(await jobs.look()), ['AN1057']);
  assert.deepEqual(await jobs.look(), []);
});

test('where the hunt of one job fails, the others are done, and it is made up for at its next tick', async (t) => {
  const { jobs, arrive, broken } = await open(t, { every: '1m' });
  await arrive('10.0.0.5');
  broken.add('AN1057');
  const runs = await jobs.tick('1m');
  assert.deepEqual(
    runs.map(({ analytic, state }) => `${analytic} ${state}`),
    ['AN1057 failed', 'AN1058 done', 'AN1059 done', 'AN1060 done'],
  );
  const { last, windows } = await jobs.get('AN1057');
  assert.deepEqual(
    [last?.state, last?.error],
    ['failed', { code: 'ENGINE_REFUSED', message: 'a conflict of mappings' }],
  );
  assert.ok(windows.every(({ mark }) => mark === undefined));
  const other = await jobs.get('AN1058');
  assert.deepEqual([other.last?.state, other.windows[0]?.mark], ['done', 25]);
  await assert.rejects(jobs.tick('1m'), { code: 'ENGINE_REFUSED' }, 'nobody else has anything to hunt');
  broken.clear();
  assert.deepEqual(told(await jobs.tick('1m')), ['AN1057 60+600+3600+86400']);
});
