import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import { DuckDbDocuments } from '../../server/backends/duckdb/documents.js';
import { Store } from '../../server/backends/duckdb/store.js';
import type { HuntRequest } from '../../server/hunt/run-hunt.js';
import { HuntQueue } from '../../server/jobs/hunt-queue.js';
import { closeInterruptedRuns } from '../../server/jobs/run-records.js';
import type { Run } from '../../server/model/run.js';

const requestOf = (id: string) => ({ id, analytic: analytics[0]!, tunables: {}, origin: 'api' as const });

async function open(t: TestContext, hunt: (requests: HuntRequest[]) => Promise<Run[]>) {
  const store = await Store.open();
  t.after(() => store.close());
  const documents = new DuckDbDocuments(store);
  return { documents, queue: new HuntQueue(hunt, documents, () => 0) };
}

/** A hunt that ends when it is told to, or aborted. */
function held() {
  const begun: string[] = [];
  const release = new Map<string, () => void>();
  const hunt = ([request]: HuntRequest[]) =>
    new Promise<Run[]>((resolve, reject) => {
      begun.push(request!.id!);
      release.set(request!.id!, () => resolve([]));
      request!.signal!.addEventListener('abort', () => reject(request!.signal!.reason));
    });
  return { begun, release, hunt };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('hunts follow one another, also after one that failed', async (t) => {
  const order: string[] = [];
  const { queue } = await open(t, async ([request]) => {
    order.push(`begin ${request!.id}`);
    await settled();
    order.push(`end ${request!.id}`);
    if (request!.id === 'a') throw new Error('a failed');
    return [];
  });
  const [a, b] = [queue.add([requestOf('a')]), queue.add([requestOf('b')])];
  await assert.rejects(a, /a failed/);
  await b;
  assert.deepEqual(order, ['begin a', 'end a', 'begin b', 'end b']);
  assert.deepEqual(queue.queued(), []);
});

test('a failure that the store could not take is written down before the next hunt', async (t) => {
  const { documents, queue } = await open(t, async ([request]) => {
    if (request!.id === 'a') throw new Error('no');
    assert.equal((await documents.get<Run>('run', 'a'))?.body.state, 'failed');
    return [];
  });
  const { create } = documents;
  documents.create = async () => {
    throw new Error('no room');
  };
  await assert.rejects(queue.add([requestOf('a')]), /^Error: no$/);
  documents.create = create;
  await queue.add([requestOf('b')]);
});

test('a run that failed before it wrote itself down is written down', async (t) => {
  const { documents, queue } = await open(t, async () => {
    throw new Error('no');
  });
  await assert.rejects(queue.add([requestOf('a')]));
  const stored = await documents.get<Run>('run', 'a');
  assert.equal(stored?.body.state, 'failed');
  assert.equal(stored?.body.error?.code, 'INTERNAL');
});

test('a run that stands as failed keeps its own words', async (t) => {
  const { documents, queue } = await open(t, async () => {
    await documents.create('run', 'a', { state: 'failed', error: { code: 'STREAM_CUT', message: 'own words' } });
    throw new Error('no');
  });
  await assert.rejects(queue.add([requestOf('a')]));
  assert.equal((await documents.get<Run>('run', 'a'))?.body.error?.message, 'own words');
});

test('who asked may give up', async (t) => {
  const { begun, hunt } = held();
  const { documents, queue } = await open(t, hunt);
  const [abortA, abortB] = [new AbortController(), new AbortController()];
  const a = queue.add([requestOf('a')], abortA.signal);
  const b = queue.add([requestOf('b')], abortB.signal);
  await settled();
  abortB.abort(new Error('b gives up'));
  abortA.abort(new Error('a gives up'));
  await assert.rejects(a, /a gives up/);
  await assert.rejects(b, /b gives up/);
  assert.deepEqual(begun, ['a'], 'b never began');
  assert.equal((await documents.get<Run>('run', 'b'))?.body.state, 'failed');
});

test('stopping lets the hunt at work end, gives up what waits and takes no more', async (t) => {
  const { release, hunt } = held();
  const { queue } = await open(t, hunt);
  const a = queue.add([requestOf('a')]);
  const b = queue.add([requestOf('b')]);
  await settled();
  const stopped = queue.stop(60_000);
  assert.throws(() => queue.add([requestOf('c')]), { code: 'NOT_READY' });
  release.get('a')?.();
  await a;
  await assert.rejects(b, { code: 'INTERRUPTED' });
  await stopped;
});

test('a hunt that does not end in time is cut', async (t) => {
  const { queue } = await open(t, held().hunt);
  const a = queue.add([requestOf('a')]);
  await settled();
  const [stopped] = await Promise.all([queue.stop(0), assert.rejects(a, { code: 'INTERRUPTED' })]);
  assert.equal(stopped, undefined);
});

test('runs of a process that died are closed', async (t) => {
  const { documents } = await open(t, async () => []);
  for (let at = 0; at < 205; at++) await documents.create('run', `r${at}`, { id: `r${at}`, state: 'running' });
  await documents.create('run', 'done', { id: 'done', state: 'done' });
  await closeInterruptedRuns(documents, Date.parse('2026-01-31T00:00:00Z'));
  const runs = await documents.query<Run>('run', { limit: 1_000 });
  assert.equal(runs.filter(({ body }) => body.state === 'failed' && body.error?.code === 'INTERRUPTED').length, 205);
  assert.equal((await documents.get<Run>('run', 'done'))?.body.state, 'done');
  assert.equal(runs[1]?.body.ended, '2026-01-31T00:00:00.000Z');
});

test('where others may be hunting, only runs of long ago are closed', async (t) => {
  const { documents } = await open(t, async () => []);
  const now = Date.parse('2026-01-31T00:00:00Z');
  for (const [id, started] of [
    ['old', '2026-01-29T00:00:00.000Z'],
    ['new', '2026-01-30T12:00:00.000Z'],
  ] as const)
    await documents.create('run', id, { id, state: 'running', started });
  await closeInterruptedRuns(documents, now, now - 86_400_000);
  const states = await documents.query<Run>('run', { limit: 10 });
  assert.deepEqual(
    states.map(({ id, body }) => [id, body.state]),
    [
      ['new', 'running'],
      ['old', 'failed'],
    ],
  );
});
