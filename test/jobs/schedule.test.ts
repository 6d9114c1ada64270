import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { startSchedule } from '../../server/jobs/schedule.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('every minute wakes the job once, never while it is at work', async (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-31T08:00:30Z') });
  t.after(() => mock.timers.reset());
  let begun = 0;
  let end = () => {};
  const schedule = startSchedule('* * * * *', () => {
    begun += 1;
    return new Promise((resolve) => {
      end = resolve;
    });
  });
  mock.timers.tick(29_999);
  assert.equal(begun, 0);
  mock.timers.tick(1);
  assert.equal(begun, 1);
  mock.timers.tick(120_000);
  assert.equal(begun, 1, 'ticks while it works are dropped');
  end();
  await settled();
  mock.timers.tick(60_000);
  assert.equal(begun, 2);
  const stopped = schedule.stop();
  end();
  await stopped;
  mock.timers.tick(600_000);
  assert.equal(begun, 2);
});

test('an interval wakes the job each time it is over, until it is stopped', async (t) => {
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  let begun = 0;
  const schedule = startSchedule('2s', async () => {
    begun += 1;
  });
  mock.timers.tick(1_999);
  assert.equal(begun, 0);
  mock.timers.tick(1);
  await settled();
  mock.timers.tick(2_000);
  assert.equal(begun, 2);
  await schedule.stop();
  mock.timers.tick(60_000);
  assert.equal(begun, 2);
});

test('the schedule is UTC', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-31T11:59:59Z') });
  t.after(() => mock.timers.reset());
  let begun = 0;
  const schedule = startSchedule('0 12 * * *', async () => {
    begun += 1;
  });
  mock.timers.tick(1_000);
  assert.equal(begun, 1);
  return schedule.stop();
});

test('what is no cron expression is refused', () => {
  for (const cron of ['now', '61 * * * *', '* * * *x'])
    assert.throws(() => startSchedule(cron, async () => {}), { code: 'CONFIG_INVALID' }, cron);
});
