import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setImmediate as immediate } from 'node:timers/promises';
import { beginAnswer, turn } from '../../server/hunt/turn.js';

test('a hunt goes on when the request is answered that came before its next step', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] });
  t.after(() => mock.timers.reset());
  const end = beginAnswer();
  let hasTurn = false;
  const next = turn().then(() => {
    hasTurn = true;
  });
  await immediate();
  await immediate();
  assert.equal(hasTurn, false);
  end();
  mock.timers.tick(1);
  await next;
});

test('requests that are never answered hold no hunt up', async (t) => {
  const ends = [beginAnswer(), beginAnswer()];
  t.after(() => {
    for (const end of ends) end();
  });
  await turn();
  await turn();
});
