import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { CadenceSettings } from '../../server/jobs/cadences.js';
import type { Reading } from '../../server/jobs/reloads.js';
import { AppError } from '../../server/model/app-error.js';
import type { Documents } from '../../server/model/ports.js';
import { openBackend } from '../../server/open-backend.js';
import { ScanhoundPlugin } from '../../server/plugin.js';

const SOURCE = { file: 'own.yaml', sha256: null };
const reading = (settings: Reading['settings'], needRestart: string[] = []) => ({ settings, needRestart });

/** A service over a store in memory, whose documents the test may break. */
async function open(t: TestContext, cadences: CadenceSettings = {}) {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const log = { error: say, warn: say, info: say };
  let isBroken = false;
  const plugin = new ScanhoundPlugin(log, Date.now, async (...asked) => {
    const backend = await openBackend(...asked);
    const { documents } = backend;
    const breakable: Documents = {
      get: (...one) => documents.get(...one),
      create: async (...one) => {
        if (isBroken) throw new AppError('STORE_UNUSABLE', 'full');
        return documents.create(...one);
      },
      update: (...one) => documents.update(...one),
      query: (...one) => documents.query(...one),
    };
    return { ...backend, documents: breakable };
  });
  t.after(() => plugin.stop());
  const scanhound = await plugin.setup({ cadences });
  return {
    scanhound,
    lines,
    breakDocuments: () => {
      isBroken = true;
    },
    windows: async (id: string) => (await scanhound.jobs.get(id)).windows.map(({ seconds }) => seconds),
  };
}

test('with another TimeWindow a job has other windows at once', async (t) => {
  const { scanhound, windows, lines } = await open(t);
  const before = await windows('AN1057');
  const { changes } = await scanhound.reload(SOURCE, () => reading([['AN1057.TimeWindow', 30]]));
  assert.deepEqual(changes, [{ analytic: 'AN1057', tunable: 'TimeWindow', from: 60, to: 30 }]);
  assert.deepEqual(
    await windows('AN1057'),
    before.map((seconds) => seconds / 2),
  );
  assert.deepEqual(await windows('AN1058'), before);
  assert.deepEqual(lines, ['Taken over: AN1057.TimeWindow from 60 to 30']);
});

test('tunables that leave a cadence without its window are refused, and nothing changes', async (t) => {
  const own = [{ analytic: 'AN1057', window: '60s', when: '30s', place: 'cadences.AN1057.60s' }];
  const { scanhound, windows } = await open(t, { own });
  const { state, error } = await scanhound.reload(SOURCE, () =>
    reading([
      ['AN1057.TimeWindow', 30],
      ['AN1058.TimeWindow', 30],
    ]),
  );
  assert.equal(state, 'refused');
  assert.match(error!.message, /cadences\.AN1057\.60s: there is no window of 60s/);
  assert.equal((await windows('AN1058'))[0], 60);
});

test('what can’t be kept is not taken over', async (t) => {
  const { scanhound, windows, breakDocuments } = await open(t);
  breakDocuments();
  await assert.rejects(
    scanhound.reload(SOURCE, () => reading([['AN1057.TimeWindow', 30]])),
    { code: 'STORE_UNUSABLE' },
  );
  assert.equal((await windows('AN1057'))[0], 60);
});

test('where nothing is other than before, nothing is kept', async (t) => {
  const { scanhound, breakDocuments, lines } = await open(t);
  breakDocuments();
  const { state, changes } = await scanhound.reload(SOURCE, () => reading([['TimeWindow', 60]]));
  assert.deepEqual([state, changes], ['taken', []]);
  assert.deepEqual(lines, ['Read anew, no tunable changed: own.yaml']);
});
