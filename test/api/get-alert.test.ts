import assert from 'node:assert/strict';
import { test } from 'node:test';
import request from 'supertest';
import { zeekJson } from '../../server/importers/zeek.js';
import { openApp } from './open-app.js';
import { sampleAlert } from './sample-alert.js';
import { zeekSweep } from './zeek-sweep.js';

const evidence = (ref: string, index: string, id: string) => [
  { ref, kind: 'contact' as const, time: '2026-01-31T08:00:00.000Z', index, id },
];

test('an alert comes with the records that its evidence names', async (t) => {
  const { app, events, save } = await openApp(t);
  const lines = zeekSweep(3);
  await events.append({
    key: 'k',
    events: lines.map((original, at) => ({
      document: zeekJson.toDocuments(JSON.parse(original))[0]!,
      original,
      index: 'conn.log',
      id: String(at + 1),
    })),
  });
  await save({ one: sampleAlert({ evidence: evidence('1', 'conn.log', '2') }) });
  const { body } = await request(app).get('/api/alerts/one').expect(200);
  assert.equal(body.id, 'one');
  assert.equal(body.scanhound.analytic, 'AN1058');
  assert.deepEqual(body.originals, [{ ref: '1', index: 'conn.log', id: '2', original: lines[1] }]);
});

test('an original that is long is cut, and says so', async (t) => {
  const { app, events, save } = await openApp(t);
  const [line = ''] = zeekSweep(1);
  const document = zeekJson.toDocuments(JSON.parse(line))[0]!;
  await events.append({ key: 'k', events: [{ document, original: line.padEnd(20_000), index: 'i', id: '1' }] });
  await save({ one: sampleAlert({ evidence: evidence('0', 'i', '1') }) });
  const { body } = await request(app).get('/api/alerts/one').expect(200);
  assert.equal(body.originals[0].original.length, 16_384);
  assert.equal(body.originals[0].cut_after, 16_384);
});

test('an alert without evidence, or that no longer stands, is shown as well', async (t) => {
  const { app, save } = await openApp(t);
  await save({ one: sampleAlert({ state: 'withdrawn' }) });
  const { body } = await request(app).get('/api/alerts/one').expect(200);
  assert.deepEqual(body.originals, []);
});

test('an id that is none is unknown', async (t) => {
  const { app } = await openApp(t);
  for (const id of ['nope', '__proto__', '..%2F..', '%00'])
    assert.equal((await request(app).get(`/api/alerts/${id}`).expect(404)).body.error.code, 'ALERT_UNKNOWN', id);
});
