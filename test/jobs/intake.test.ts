import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { Intake } from '../../server/jobs/intake.js';
import { ownFolder } from '../cli/run-cli.js';

async function* body(text: string) {
  yield Buffer.from(text);
}

/** An intake whose reading ends when the test says so. */
function held(t: TestContext) {
  const begun: string[] = [];
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begin = () => {};
  const hasBegun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const intake = new Intake(async (path, _name, signal) => {
    begun.push(readFileSync(path, 'utf8'));
    begin();
    await Promise.race([isReleased, new Promise((_, reject) => signal.addEventListener('abort', reject))]).catch(() =>
      signal.throwIfAborted(),
    );
    return 'read';
  }, ownFolder(t));
  return { intake, begun, hasBegun, release };
}

test('bodies are read one by one', async (t) => {
  const { intake, begun, hasBegun, release } = held(t);
  const first = intake.take(body('a'));
  await hasBegun;
  const second = intake.take(body('b'));
  assert.deepEqual(begun, ['a']);
  release();
  assert.deepEqual(await Promise.all([first, second]), ['read', 'read']);
  assert.deepEqual(begun, ['a', 'b']);
});

test('at a stop what is read may end, and what waits or comes is refused', async (t) => {
  const { intake, begun, hasBegun, release } = held(t);
  const first = intake.take(body('a'));
  await hasBegun;
  const waiting = intake.take(body('b'));
  const stopped = intake.stop(60_000);
  await assert.rejects(intake.take(body('c')), { code: 'NOT_READY' });
  release();
  assert.equal(await first, 'read');
  await assert.rejects(waiting, { code: 'NOT_READY' });
  await stopped;
  assert.deepEqual(begun, ['a']);
});

test('what is read for too long at a stop is cut', async (t) => {
  const { intake, hasBegun } = held(t);
  const first = intake.take(body('a'));
  await hasBegun;
  const cut = assert.rejects(first, { code: 'INTERRUPTED' });
  await intake.stop(0);
  await cut;
});
