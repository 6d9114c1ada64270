import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { storeFile } from '../../server/backends/duckdb/open-instance.js';
import { Store } from '../../server/backends/duckdb/store.js';
import type { Alert } from '../../server/model/alert.js';
import type { Run } from '../../server/model/run.js';
import { ScanhoundPlugin } from '../../server/plugin.js';
import { zeekSweep } from '../api/zeek-sweep.js';
import { ended, listening, ownFolder, run, start } from '../cli/run-cli.js';
import { finalOf, withoutPlaces } from '../scenarios/final.js';
import { failingDisk, fileLimit, fullDisk, limitFiles, type NarrowDisk, readOnly } from './narrow-disk.js';

const sweep = (source: string): string => zeekSweep(200, source).join('\n');
const SOURCES = ['10.0.0.5', '10.0.0.6', '10.0.0.7'];

/** Of a service that nothing happened to. */
async function undisturbed(folder: string): Promise<unknown> {
  const plugin = new ScanhoundPlugin({ error() {}, warn() {}, info() {} });
  const scanhound = await plugin.setup({});
  for (const source of SOURCES) {
    writeFileSync(join(folder, 'conn.log'), sweep(source));
    await scanhound.importTelemetry([join(folder, 'conn.log')]);
  }
  await scanhound.huntArrivals();
  const alerts = await scanhound.finalAlerts();
  await plugin.stop();
  return withoutPlaces(finalOf(alerts));
}

/** The API of a service. */
function clientOf(url: string) {
  const json = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
  const client = {
    ready: () => answerOf(fetch(`${url}/readyz`)),
    post: (path: string, body: string, type: string) =>
      answerOf(fetch(`${url}${path}`, { method: 'POST', body, headers: { 'content-type': type } })),
    send: (source: string) => client.post('/api/events', sweep(source), 'application/x-ndjson'),
    alerts: async () => (await json<{ alerts: Alert[] }>('/api/alerts?limit=200')).alerts,
    runs: async (filter: string) => (await json<{ runs: Run[] }>(`/api/runs?${filter}`)).runs,
  };
  return client;
}

async function answerOf(answer: Promise<Response>) {
  const { status, body } = await answer.then(async (one) => ({ status: one.status, body: await one.json() }));
  const { error, runs } = body as { error?: { code: string; message: string }; runs?: string[] };
  return { status, error, runs };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await wait(100);
}

async function serve(t: TestContext, folder: string, by: readonly string[] = [], schedule = '1s') {
  const settings = { SCANHOUND_SCHEDULE: schedule, SCANHOUND_LOG: 'error' };
  const child: ChildProcess = start(
    folder,
    ['serve', '--port', '0', '--data', 'store', '--watch', 'logs'],
    settings,
    by,
  );
  t.after(() => child.kill('SIGKILL'));
  const end = ended(child);
  return { child, end, client: clientOf(await listening(child)) };
}

function siteOf(t: TestContext): { folder: string; store: string } {
  const folder = ownFolder(t);
  const store = join(folder, 'store');
  mkdirSync(store);
  mkdirSync(join(folder, 'logs'));
  return { folder, store };
}

const survives = (disk: NarrowDisk): void => {
  test(`a service goes on after ${disk.name} as if nothing had happened`, { ...pick(disk) }, async (t) => {
    const { folder, store } = siteOf(t);
    const expected = await undisturbed(folder);
    const { child, end, client } = await serve(t, folder, disk.by(store));
    assert.equal((await client.send(SOURCES[0]!)).status, 200);
    await until(async () => (await client.alerts()).length === 1);

    disk.fill(child, store);
    const refused = await client.send(SOURCES[1]!);
    assert.deepEqual([refused.status, refused.error?.code], [503, 'STORE_UNUSABLE'], JSON.stringify(refused));
    assert.match(refused.error?.message ?? '', disk.says);
    const unready = await client.ready();
    assert.deepEqual([unready.status, unready.error?.code], [503, 'NOT_READY']);
    assert.match(unready.error?.message ?? '', disk.says);
    assert.equal((await client.alerts()).length, 1, 'what is stored can be read');
    const { runs = [] } = await client.post('/api/hunts', '{}', 'application/json');
    writeFileSync(join(folder, 'part'), sweep(SOURCES[2]!));
    renameSync(join(folder, 'part'), join(folder, 'logs/conn.log')); // it waits to be read

    disk.empty(child, store);
    assert.equal((await client.ready()).status, 200);
    assert.equal((await client.send(SOURCES[1]!)).status, 200);
    await until(async () => (await client.alerts()).length === SOURCES.length);
    assert.deepEqual(withoutPlaces(finalOf(await client.alerts())), expected);
    await until(async () => (await client.runs('state=running')).length === 0);
    const ordered = await client.runs(`id=${runs.join(',')}`);
    assert.equal(ordered.length, runs.length, 'each run that was asked for is told of');
    child.kill('SIGTERM');
    assert.equal((await end).code, 0);
  });
};

const pick = ({ skip }: { skip?: string }): { skip?: string } => (skip === undefined ? {} : { skip });

survives(fullDisk);
survives(fileLimit);

test('a checkpoint that does not fit ends nothing: the store is opened again by itself', pick(fileLimit), async (t) => {
  const folder = ownFolder(t);
  const store = await Store.open(folder);
  const rows = 20_000; // so many random keys take more room as a table than in the log
  const fill = (name: string) =>
    store.write((writer) =>
      writer.run(
        `INSERT INTO batches SELECT '${name}' || hash(range) || hash(range + ${rows}), range, 1 FROM range(${rows})`,
      ),
    );
  const held = async () => Number((await store.all('SELECT count(*) AS held FROM batches'))[0]?.held);
  const rejection = {
    code: 'STORE_UNUSABLE',
    message: /^The store .* can't be used: Could not write .*: File too large$/,
  };
  await fill('a');
  limitFiles(process.pid, String(statSync(`${storeFile(folder)}.wal`).size + 16_384));
  try {
    await assert.rejects(store.all('CHECKPOINT'), rejection);
    assert.equal(await held(), rows);
    await assert.rejects(fill('b'), rejection);
    await assert.rejects(store.checkWriting(), rejection);
  } finally {
    limitFiles(process.pid, 'unlimited');
  }
  await store.checkWriting();
  await fill('b');
  await store.all('CHECKPOINT');
  await store.close();
  const again = await Store.open(folder);
  assert.equal(Number((await again.all('SELECT count(*) AS held FROM batches'))[0]?.held), 2 * rows);
  await again.close();
});

test('records that no disk takes aside end the import, and say why', async (t) => {
  const folder = ownFolder(t);
  writeFileSync(join(folder, 'conn.log'), `${sweep(SOURCES[0]!)}\n{broken\n`);
  const { code, stderr } = await run(folder, ['import', 'conn.log', '--rejects', '/dev/full']);
  assert.equal(code, 1);
  assert.match(stderr, /kept aside in \/dev\/full: ENOSPC.*\[STORE_UNUSABLE\]/);
});

test('a store that can only be read is told, and served again when it can be written', pick(readOnly), async (t) => {
  const { folder, store } = siteOf(t);
  writeFileSync(join(folder, 'conn.log'), sweep(SOURCES[0]!));
  assert.equal((await run(folder, ['import', 'conn.log', '--data', 'store'])).code, 0);
  for (const command of [['serve', '--port', '0'], ['hunt'], ['import', 'conn.log']]) {
    const { code, stderr } = await ended(start(folder, [...command, '--data', 'store'], {}, readOnly.by(store)));
    assert.equal(code, 1);
    assert.match(stderr, /^scanhound: The store store can't be opened: .*[Rr]ead-only.*\[STORE_UNUSABLE\]$/m);
  }
  const { child, client, end } = await serve(t, folder);
  await until(async () => (await client.alerts()).length === 1);
  child.kill('SIGTERM');
  assert.equal((await end).code, 0);
});

test(
  'a disk that turns read-only under a service is told, and nothing is lost once it is repaired',
  pick(failingDisk),
  async (t) => {
    const { folder, store } = siteOf(t);
    const expected = await undisturbed(folder);
    // Nothing is being written when it fails: a commit that can neither end nor be taken back would end the process.
    const first = await serve(t, folder, failingDisk.by(store), '1h');
    const post = (path: string) => first.client.post(path, '{}', 'application/json');
    assert.equal((await first.client.send(SOURCES[0]!)).status, 200);
    const { runs = [] } = await post('/api/hunts');
    const done = () => first.client.runs(`state=done&id=${runs.join(',')}`);
    await until(async () => (await first.client.alerts()).length === 1 && (await done()).length === runs.length);

    failingDisk.fail(store);
    for (const refused of [await post('/api/jobs/AN1058/pause'), await first.client.send(SOURCES[1]!)]) {
      assert.deepEqual([refused.status, refused.error?.code], [503, 'STORE_UNUSABLE'], JSON.stringify(refused));
      assert.match(refused.error?.message ?? '', failingDisk.says);
    }
    const unready = await first.client.ready();
    assert.deepEqual([unready.status, unready.error?.code], [503, 'NOT_READY']);
    assert.equal((await first.client.alerts()).length, 1, 'what is stored can be read');
    first.child.kill('SIGTERM');
    assert.equal((await first.end).code, 0);

    await goOn(t, folder, SOURCES.slice(1), expected);
  },
);

test(
  'a disk that turns read-only while telemetry is stored loses none that was acknowledged',
  pick(failingDisk),
  async (t) => {
    const { folder, store } = siteOf(t);
    const expected = await undisturbed(folder);
    const { child, end, client } = await serve(t, folder, failingDisk.by(store), '1h');
    const logged = () => statSync(join(`/proc/${child.pid}/root`, `${storeFile(store)}.wal`)).size;
    const before = logged();
    const answers = Promise.allSettled(SOURCES.map(client.send));
    await until(async () => logged() > before);
    failingDisk.fail(store);
    const answered = (await answers).map((answer) => (answer.status === 'fulfilled' ? answer.value.status : 'cut'));
    child.kill('SIGTERM');
    await end; // of itself, where a commit could neither be ended nor taken back
    const unsent = SOURCES.filter((_, at) => answered[at] !== 200);
    await goOn(t, folder, unsent, expected);
  },
);

/** The disk is repaired, and who was refused sends again. */
async function goOn(t: TestContext, folder: string, unsent: readonly string[], expected: unknown): Promise<void> {
  const { child, end, client } = await serve(t, folder, failingDisk.by(join(folder, 'store')));
  assert.equal((await client.ready()).status, 200);
  for (const source of unsent) assert.equal((await client.send(source)).status, 200);
  await until(async () => (await client.alerts()).length === SOURCES.length);
  assert.deepEqual(withoutPlaces(finalOf(await client.alerts())), expected);
  child.kill('SIGTERM');
  assert.equal((await end).code, 0);
}

test('a second service on a store is told who holds it, disturbs nothing, and serves once it is free', async (t) => {
  const { folder } = siteOf(t);
  const first = await serve(t, folder);
  const { code, stderr } = await run(folder, ['serve', '--port', '0', '--data', 'store']);
  assert.equal(code, 1);
  assert.match(
    stderr,
    new RegExp(`^scanhound: The store store is held by process ${first.child.pid} .*\\[STORE_LOCKED\\]$`, 'm'),
  );
  assert.equal((await first.client.ready()).status, 200);
  assert.equal((await first.client.send(SOURCES[0]!)).status, 200);
  await until(async () => (await first.client.alerts()).length === 1);
  const found = await first.client.alerts();
  first.child.kill('SIGTERM');
  assert.equal((await first.end).code, 0);
  const second = await serve(t, folder);
  assert.deepEqual(await second.client.alerts(), found);
  assert.equal((await second.client.ready()).status, 200);
});
