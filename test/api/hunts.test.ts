import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { zeekJson } from '../../server/importers/zeek.js';
import type { Run } from '../../server/model/run.js';
import { type OpenApp, openApp } from './open-app.js';
import { zeekSweep } from './zeek-sweep.js';

const load = ({ events }: OpenApp, lines: string[]) =>
  events.append({
    key: 'k',
    events: lines.map((original, at) => ({
      document: zeekJson.toDocuments(JSON.parse(original))[0]!,
      original,
      index: 'conn.log',
      id: String(at + 1),
    })),
  });

/** Asks where Location points until nothing of it goes on. */
async function follow({ app }: OpenApp, location: string): Promise<Run[]> {
  for (;;) {
    const { body } = await request(app).get(location).expect(200);
    const runs: (Omit<Run, 'state'> & { state: string })[] = body.runs ?? [body];
    if (runs.every(({ state }) => state === 'done' || state === 'failed')) return runs as Run[];
  }
}

test('a hunt of all four is taken, can be followed, and its alerts are listed', async (t) => {
  const opened = await openApp(t);
  await load(opened, zeekSweep(25));
  const { body, headers } = await request(opened.app).post('/api/hunts').send({}).expect(202);
  assert.equal(body.runs.length, 4);
  const runs = await follow(opened, headers.location ?? '');
  assert.deepEqual(
    runs.map(({ id, analytic, state, origin }) => ({ id, analytic, state, origin })),
    ['AN1057', 'AN1058', 'AN1059', 'AN1060'].map((analytic, at) => ({
      id: body.runs[at],
      analytic,
      state: 'done',
      origin: 'api',
    })),
  );
  const { alerts } = (await request(opened.app).get('/api/alerts')).body;
  assert.deepEqual(
    alerts.map((alert: { source: unknown; scanhound: { analytic: string } }) => [
      alert.source,
      alert.scanhound.analytic,
    ]),
    [[{ ip: '10.0.0.5' }, 'AN1058']],
  );
});

test('one analytic, a span and tunables of its own', async (t) => {
  const opened = await openApp(t);
  await load(opened, zeekSweep(25));
  const order = {
    analytic: 'AN1058',
    from: '2026-01-31T08:00:00Z',
    to: '2026-01-31T08:00:30Z',
    tunables: { 'AN1058.HostSweepThreshold': 26, FailedSocketThreshold: '26', TimeWindow: '1m', SequenceThreshold: 26 },
  };
  const { body, headers } = await request(opened.app).post('/api/hunts').send(order).expect(202);
  assert.equal(headers.location, `/api/runs/${body.runs[0]}`);
  const [run] = await follow(opened, headers.location);
  assert.deepEqual(run?.span, { from: Date.parse(order.from), to: Date.parse(order.to) });
  assert.equal(run?.tunables.HostSweepThreshold, 26);
  assert.equal(run?.tunables.FailedSocketThreshold, 26);
  assert.equal(run?.tunables.TimeWindow, 60);
});

test('an order that is wrong is refused before it is taken', async (t) => {
  const { app } = await openApp(t);
  const wrong: [object, string][] = [
    [{ analytic: 'AN1' }, 'ANALYTIC_UNKNOWN'],
    [{ analytics: [] }, 'REQUEST_INVALID'],
    [{ tunables: { Nothing: 1 } }, 'TUNABLE_INVALID'],
    [{ tunables: { 'AN1057.PodNetworks': [] } }, 'TUNABLE_INVALID'],
    [{ tunables: { TimeWindow: 0 } }, 'TUNABLE_INVALID'],
    [{ tunables: { TimeWindow: { a: 1 } } }, 'REQUEST_INVALID'],
    [{ tunables: { ToolPatternRegex: ['('] } }, 'TUNABLE_INVALID'],
    [{ tunables: { constructor: 1 } }, 'TUNABLE_INVALID'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'REQUEST_INVALID'],
    [{ from: 5 }, 'REQUEST_INVALID'],
    [{ nothing: 1 }, 'REQUEST_INVALID'],
  ];
  for (const [order, code] of wrong)
    assert.equal(
      (await request(app).post('/api/hunts').send(order).expect(400)).body.error.code,
      code,
      JSON.stringify(order),
    );
  assert.deepEqual((await request(app).get('/api/runs')).body, { runs: [], cursor: null, queued: [] });
});

test('hunts wait their turn within bounds, and are told as queued', async (t) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const opened = await openApp(t, {
    async hunt() {
      await held;
      throw new Error('the disk is gone');
    },
  });
  const post = () => request(opened.app).post('/api/hunts').send({ analytic: 'AN1058' });
  const first = (await post().expect(202)).headers.location ?? '';
  assert.equal((await request(opened.app).get(first).expect(200)).body.state, 'queued');
  for (let waiting = 0; waiting < 16; waiting++) await post().expect(202);
  assert.equal((await post().expect(429)).body.error.code, 'RUN_BUSY');
  assert.equal((await request(opened.app).get('/api/runs')).body.queued.length, 17);
  release();
  const [run] = await follow(opened, first);
  assert.equal(run?.state, 'failed');
  assert.equal(run?.error?.code, 'INTERNAL');
  assert.doesNotMatch(run?.error?.message ?? '', /disk/, 'the log says more');
  assert.equal((opened.logged[0] as Error).message, 'the disk is gone');
});

test('runs are listed page by page, filtered, or by id', async (t) => {
  const { app, hunts } = await openApp(t);
  const { ids, done } = await hunts.order({ origin: 'api' });
  await done;
  const first = (await request(app).get('/api/runs?limit=3').expect(200)).body;
  const second = (await request(app).get('/api/runs').query({ limit: 3, cursor: first.cursor }).expect(200)).body;
  const all = [...first.runs, ...second.runs].map(({ id }: Run) => id);
  assert.deepEqual(all.sort(), [...ids].sort());
  assert.equal(second.cursor, null);
  const filtered = (await request(app).get('/api/runs?analytic=AN1059&state=done')).body.runs;
  assert.deepEqual(
    filtered.map(({ id }: Run) => id),
    [ids[2]],
  );
  const named = async (filter = {}) => {
    const query = { id: `${ids[1]},nope,${ids[0]}`, ...filter };
    const { runs } = (await request(app).get('/api/runs').query(query)).body;
    return runs.map(({ id }: Run) => id);
  };
  assert.deepEqual(await named(), [ids[1], ids[0]]);
  assert.deepEqual(await named({ analytic: 'AN1057' }), [ids[0]]);
  assert.deepEqual(await named({ state: 'failed' }), []);
  await request(app).get('/api/runs?id=,').expect(400);
  assert.equal((await request(app).get('/api/runs/nope').expect(404)).body.error.code, 'RUN_UNKNOWN');
});
