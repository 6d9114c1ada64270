import assert from 'node:assert/strict';
import { mock, type TestContext, test } from 'node:test';
import { isCadence, startTicker } from '../../server/jobs/schedule.js';

const MINUTE = 60_000;

/** Until the test's end. */
function started(t: TestContext, ...of: Parameters<typeof startTicker>) {
  const ticker = startTicker(...of);
  t.after(() => ticker.stop());
  return ticker;
}

test('cron ticks every minute, until it is stopped', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-31T08:00:30Z') });
  t.after(() => mock.timers.reset());
  const ticks: number[] = [];
  const ticker = started(t, '* * * * *', (unseen) => ticks.push(unseen));
  assert.equal(ticker.next(), Date.parse('2026-01-31T08:01:00Z'));
  mock.timers.tick(29_999);
  assert.deepEqual(ticks, []);
  for (const stepMs of [1, MINUTE, MINUTE]) mock.timers.tick(stepMs);
  assert.deepEqual(ticks, [0, 0, 0]);
  ticker.stop();
  mock.timers.tick(10 * MINUTE);
  assert.equal(ticks.length, 3);
});

test('an interval ticks each time it is over, until it is stopped', (t) => {
  mock.timers.enable({ apis: ['setInterval', 'Date'], now: 0 });
  t.after(() => mock.timers.reset());
  const ticks: number[] = [];
  const ticker = started(t, '2s', (unseen) => ticks.push(unseen));
  assert.equal(ticker.next(), 2_000);
  mock.timers.tick(1_999);
  assert.deepEqual(ticks, []);
  mock.timers.tick(1);
  assert.equal(ticker.next(), 4_000);
  mock.timers.tick(2_000);
  assert.deepEqual(ticks, [0, 0]);
  ticker.stop();
  mock.timers.tick(MINUTE);
  assert.equal(ticks.length, 2);
});

test('cron ticks while the machine slept come as one, with their number', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-31T08:00:00Z') });
  t.after(() => mock.timers.reset());
  const ticks: number[] = [];
  const ticker = started(t, '* * * * *', (unseen) => ticks.push(unseen));
  mock.timers.setTime(Date.parse('2026-01-31T09:00:10Z')); // timers that were due fire once it is awake
  mock.timers.tick(1);
  assert.deepEqual(ticks, [59]);
  assert.equal(ticker.next(), Date.parse('2026-01-31T09:01:00Z'));
  mock.timers.setTime(Date.parse('2027-01-31T09:00:10Z'));
  mock.timers.tick(1);
  assert.deepEqual(ticks, [59, 1_000]);
  assert.equal(ticker.next(), Date.parse('2027-01-31T09:01:00Z'));
});

test('so do those of an interval', (t) => {
  const clock = t.mock.method(Date, 'now', () => 0);
  mock.timers.enable({ apis: ['setInterval'] });
  t.after(() => mock.timers.reset());
  const ticks: number[] = [];
  const ticker = started(t, '1m', (unseen) => ticks.push(unseen));
  clock.mock.mockImplementation(() => 60 * MINUTE + 10_000);
  mock.timers.tick(MINUTE); // its clock stood still meanwhile
  clock.mock.mockImplementation(() => 61 * MINUTE + 10_000);
  mock.timers.tick(MINUTE);
  assert.deepEqual(ticks, [59, 0]);
  assert.equal(ticker.next(), 62 * MINUTE + 10_000);
});

test('cron is in UTC', (t) => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: Date.parse('2026-01-31T11:59:59Z') });
  t.after(() => mock.timers.reset());
  let ticks = 0;
  const ticker = started(t, '0 12 * * *', () => {
    ticks += 1;
  });
  mock.timers.tick(1_000);
  assert.equal(ticks, 1);
  ticker.stop();
});

test('what is neither cron nor an interval is refused', () => {
  for (const when of ['now', '61 * * * *', '* * * *x', '0s', '600h', '1.5m', '']) {
    assert.equal(isCadence(when), false, when);
    assert.throws(() => startTicker(when, () => undefined), { code: 'CONFIG_INVALID' }, when);
  }
  for (const when of ['*/5 * * * *', '0 0 * * * *', '2s', '9999m', '99h']) assert.equal(isCadence(when), true, when);
});
