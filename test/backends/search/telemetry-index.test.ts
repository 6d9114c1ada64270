import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Connection } from '../../../server/backends/search/connection.js';
import { EngineOverload } from '../../../server/backends/search/engine-error.js';
import { TelemetryIndex } from '../../../server/backends/search/telemetry-index.js';

let rests = 0;
const rest = async () => rests++;
const index = new TelemetryIndex(Connection.open({ engine: 'elasticsearch', url: 'http://127.0.0.1:1' }, rest), 'any');

test('what is too much for an engine is asked for in halves, each after a rest, down to a least page', async () => {
  const sizes: number[] = [];
  const upTo = (most: number) => async (size: number) => {
    sizes.push(size);
    if (size > most) throw new EngineOverload('too much');
    return 'answer';
  };
  assert.deepEqual(await index.inPages(1_000, upTo(300)), { answer: 'answer', size: 250 });
  assert.deepEqual(sizes, [1_000, 500, 250]);
  assert.equal(rests, 2);
  await assert.rejects(index.inPages(1_000, upTo(0)), { code: 'ENGINE_UNAVAILABLE' });
  assert.equal(sizes.at(-1), 32);
});

test('other errors are not asked again', async () => {
  let asked = 0;
  await assert.rejects(
    index.inPages(1_000, async () => {
      asked++;
      throw new Error('other');
    }),
    /other/,
  );
  assert.equal(asked, 1);
});
