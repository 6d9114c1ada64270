import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldNeeds } from '../../../queries/needed-fields.js';
import { judgeClock } from '../../../server/backends/search/doctor-clock.js';
import { judgeArrivals, judgeFields } from '../../../server/backends/search/doctor-fields.js';
import { judgeIndices } from '../../../server/backends/search/doctor-indices.js';
import { judgeVersion } from '../../../server/backends/search/doctor-version.js';
import { brief, examined } from './examined.js';
import { standIn } from './stand-in.js';

test('OpenSearch with its security plugin is tried, and nothing is written', async () => {
  const writings: string[] = [];
  const server = await standIn((request, response) => {
    const path = request.url ?? '';
    const answer = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.method === 'PUT') writings.push(path);
    if (path === '/') answer(200, { version: { number: '2.19.1', distribution: 'opensearch' } });
    else if (path.startsWith('/_plugins/_security/authinfo')) answer(200, {});
    else if (/^\/scanhound-mark\/_refresh|^\/logs-\*\/_search/.test(path)) answer(403, {});
    else answer(404, {});
  });
  try {
    const found = (await examined({ engine: 'opensearch', url: server.url })).map(brief);
    assert.deepEqual(
      found.filter((one) => one.includes('the user')),
      ['problem the user may not search logs-*', 'problem the user may not refresh scanhound-mark'],
    );
    assert.equal(writings.length, 1);
    assert.match(writings[0]!, /if_seq_no=0.*if_primary_term=1|if_primary_term=1.*if_seq_no=0/);
  } finally {
    await server.close();
  }
});

test('an engine that is away is all that is said', async () => {
  const { url, close } = await standIn(() => undefined);
  await close();
  const away = await examined({ engine: 'opensearch', url });
  assert.deepEqual(away.map(brief), [`problem OpenSearch at ${url} can't be reached.`]);
});

test('versions', () => {
  const judged = [
    judgeVersion('elasticsearch', '8.19.21', undefined),
    judgeVersion('elasticsearch', '7.17.0', undefined),
    judgeVersion('elasticsearch', '10.0.0', undefined),
    judgeVersion('elasticsearch', '3.8.0', 'opensearch'),
    judgeVersion('opensearch', '3.8.0', 'opensearch'),
    judgeVersion('opensearch', '1.3.0', 'opensearch'),
    judgeVersion('opensearch', '9.5.3', undefined),
  ];
  assert.deepEqual(judged.map(brief), [
    'ok Elasticsearch 8.19.21',
    'problem Elasticsearch 7.17.0 is not one that can be hunted',
    'warning Elasticsearch 10.0.0 is newer than what hunts are proven on',
    'problem what answers is opensearch 3.8.0, not Elasticsearch',
    'ok OpenSearch 3.8.0',
    'problem OpenSearch 1.3.0 is not one that can be hunted',
    'problem what answers is Elasticsearch 9.5.3, not OpenSearch',
  ]);
});

test('a clock is judged by what it was while it was asked', () => {
  const said = (...times: number[]) => brief(judgeClock(times, 100_000, 104_000));
  assert.equal(said(100_000, 103_000, 108_900, 95_100), "ok the engine's clock and ours agree");
  assert.match(said(103_000, 5_400), /^warning the engine's clock is 95 seconds behind ours/);
  assert.match(said(4_004_000), /^warning the engine's clock is 3,900 seconds ahead of ours/);
});

test('closed indices are named, few of many', () => {
  const closed = Array.from({ length: 10 }, (_, at) => `logs-${at}`);
  const found = judgeIndices(
    ['logs-*', 'b-*'],
    [
      { open: ['logs-x'], closed },
      { open: [], closed: [] },
    ],
  );
  assert.deepEqual(found.map(brief), [
    'ok telemetry: 1 name matched; nothing by b-*',
    `warning closed, so never searched: ${closed.slice(0, 8).join(', ')} and 2 more`,
  ]);
});

const caps = (type: string, more: object = {}) => ({ type, searchable: true, aggregatable: true, ...more });
const TYPES = { keyword: 'wildcard', ip: 'ip', date: 'date_nanos', number: 'unsigned_long' } as const;
const good = new Map(fieldNeeds.flatMap(({ fields, uses }) => fields.map((field) => [field, [caps(TYPES[uses[0]])]])));

test('fields that are as ECS has them are fine, one of those that will do is enough', () => {
  assert.deepEqual(
    judgeFields(good).map(({ verdict }) => verdict),
    ['ok'],
  );
  const { 'host.id': _, 'host.hostname': __, '@timestamp': ___, ...less } = Object.fromEntries(good);
  assert.deepEqual(
    judgeFields(new Map(Object.entries(less))).map(({ verdict }) => verdict),
    ['ok'],
  );
});

test('every need that nothing meets is named, with its analytics', () => {
  const found = judgeFields(new Map([['event.dataset', [caps('keyword')]]])).map(brief);
  assert.equal(found.length, fieldNeeds.length);
  assert.ok(found.includes('problem no index has destination.ip: no contact is seen (AN1057, AN1058, AN1059, AN1060)'));
  assert.ok(found.includes('warning no index has container.id: no container is hunted (AN1060)'));
});

test('types that differ from index to index are named with the indices', () => {
  const found = judgeFields(
    new Map([
      ...good,
      ['source.ip', [caps('ip', { indices: ['a'] }), caps('keyword', { indices: ['b', 'c'] })]],
      ['event.dataset', [caps('keyword', { indices: ['a'] }), caps('long', { indices: ['b'] })]],
      ['destination.port', [caps('keyword')]],
      ['event.code', [caps('object', { searchable: false, aggregatable: false })]],
    ]),
  );
  assert.deepEqual(found.map(brief), [
    'problem source.ip: keyword where ip is expected in b, c, so hunts fail',
    'warning event.dataset: keyword here, number there, so hunts read more than they need',
  ]);
});

test('when telemetry arrived', () => {
  assert.equal(judgeArrivals([caps('date')]).verdict, 'ok');
  assert.equal(judgeArrivals([caps('keyword')]).verdict, 'problem');
  assert.match(brief(judgeArrivals([caps('unmapped')])), /^warning no index has event.ingested/);
  assert.match(brief(judgeArrivals([caps('date'), caps('unmapped', { indices: 'a' })])), /^warning .* missing in a:/);
});
