import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import type { HuntRequest } from '../../server/hunt/run-hunt.js';
import { Leases } from '../../server/jobs/leases.js';
import { closeScheduledRuns } from '../../server/jobs/run-records.js';
import { type LeftHunt, SharedHunts } from '../../server/jobs/shared-hunts.js';
import { noCounts, type Run } from '../../server/model/run.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';

const LENGTH_MS = 60_000;
const tunables = new Map(analytics.map((analytic) => [analytic.id, tunablesOf(analytic)]));
const scheduled = (windows?: number[]): HuntRequest[] =>
  analytics.map((analytic) => ({
    analytic,
    tunables: tunables.get(analytic.id)!,
    origin: 'schedule',
    ...(windows && { windows }),
  }));

/** Two instances on one store, of which the first holds all leases; `time` is their clock. */
async function twoInstances(t: TestContext) {
  const { documents, close } = await openInMemory(Date.now);
  let time = 0;
  const whileHunting = new Map<string, () => Promise<void>>();
  const begin = (name: string) => {
    const hunted: (readonly HuntRequest[])[] = [];
    const left: LeftHunt[] = [];
    const ids = analytics.map(({ id }) => id);
    const leases = new Leases(documents, ids, name, { lengthMs: LENGTH_MS, clock: () => time });
    const huntAll = async (requests: readonly HuntRequest[]) => {
      await whileHunting.get(name)?.();
      hunted.push(requests);
      return requests.map(toRun);
    };
    const shared = new SharedHunts(leases, {
      huntAll,
      closeRuns: (of) => closeScheduledRuns(of, documents, time),
      onLeft: (hunt) => left.push(hunt),
      onError: (error) => assert.fail(String(error)),
    });
    t.after(() => shared.stop());
    return { shared, leases, hunted, left };
  };
  t.after(close);
  const [first, second] = [begin('first'), begin('second')];
  await first.leases.beat();
  return {
    first,
    second,
    documents,
    whileHunting,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

const toRun = ({ analytic, ...request }: HuntRequest): Run => ({
  id: analytic.id,
  analytic: analytic.id,
  state: 'done',
  origin: request.origin,
  tunables: request.tunables,
  started: '',
  ...noCounts(),
  silenced: [],
  alerts: [],
});

test('scheduled hunts are left to who holds their leases, ordered ones are not', async (t) => {
  const { first, second } = await twoInstances(t);
  assert.equal((await first.shared.hunt(scheduled())).length, 4);
  assert.deepEqual(await second.shared.hunt(scheduled()), []);
  assert.deepEqual(second.hunted, []);
  assert.deepEqual(
    second.left,
    analytics.map(({ id }) => ({ analytic: id, holder: 'first', isNews: true })),
  );
  await second.shared.hunt(scheduled());
  assert.ok(second.left.slice(4).every(({ isNews }) => !isNews));
  const ordered = scheduled().map((request) => ({ ...request, origin: 'command' as const }));
  assert.equal((await second.shared.hunt(ordered)).length, 4);
  assert.deepEqual(first.left, []);
});

test('what was left is hunted by who takes over', async (t) => {
  const { second, pass } = await twoInstances(t);
  assert.deepEqual(await second.shared.hunt(scheduled([60])), []);
  pass(LENGTH_MS); // the first died
  await second.leases.beat();
  assert.equal((await second.shared.hunt(scheduled([60]))).length, 4);
  assert.deepEqual(
    second.hunted[0]!.map(({ windows }) => windows),
    [[60], [60], [60], [60]],
  );
});

test('what another asks for during a hunt is its own before the next one', async (t) => {
  const { first, second, whileHunting } = await twoInstances(t);
  whileHunting.set('first', () => second.leases.beat());
  await first.shared.hunt(scheduled());
  whileHunting.clear();
  assert.equal((await second.shared.hunt(scheduled())).length, 1);
  assert.equal((await first.shared.hunt(scheduled())).length, 2, 'it asked for another');
});

test('who takes over closes the scheduled runs that stand open, once', async (t) => {
  const { second, documents, pass } = await twoInstances(t);
  const [one] = scheduled();
  const stand = (id: string, origin: Run['origin']) =>
    documents.create<Run>('run', id, { ...toRun({ ...one!, origin }), id, state: 'running' });
  const states = async () =>
    Promise.all(['left', 'ordered'].map(async (id) => (await documents.get<Run>('run', id))?.body.state));
  await stand('left', 'schedule');
  await stand('ordered', 'api');
  await second.shared.hunt(scheduled());
  assert.deepEqual(await states(), ['running', 'running'], 'another hunts it');
  pass(LENGTH_MS);
  await second.shared.hunt(scheduled());
  assert.deepEqual(await states(), ['failed', 'running']);
  await stand('of now', 'schedule');
  await second.shared.hunt(scheduled());
  assert.equal((await documents.get<Run>('run', 'of now'))?.body.state, 'running');
});
