import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analytics } from '../../queries/analytics/index.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { applySettings, chooseAnalytics, type Settings } from '../../server/jobs/settings.js';
import { AppError } from '../../server/model/app-error.js';

const fails = (settings: Settings, message: RegExp) =>
  assert.throws(
    () => applySettings(settings),
    (error: unknown) => error instanceof AppError && error.code === 'TUNABLE_INVALID' && message.test(error.message),
  );

test('without settings every analytic has its defaults', () => {
  const inForce = applySettings([]);
  for (const analytic of analytics) assert.deepEqual(inForce.get(analytic.id), tunablesOf(analytic));
});

test('a setting with an analytic is its own; without one it holds for all that have it', () => {
  const inForce = applySettings([
    ['TimeWindow', '2m'],
    ['AN1057.TimeWindow', 30],
    ['an1060.PodNetworks', '10.1.0.0/16, 10.2.0.0/16'],
    ['ScanRateThreshold', 9],
  ]);
  assert.deepEqual(
    [...inForce.values()].map(({ TimeWindow }) => TimeWindow),
    [30, 120, 120, 120],
  );
  assert.deepEqual(inForce.get('AN1060')?.PodNetworks, ['10.1.0.0/16', '10.2.0.0/16']);
  assert.equal(inForce.get('AN1057')?.ScanRateThreshold, 9);
  assert.equal(Object.hasOwn(inForce.get('AN1058')!, 'ScanRateThreshold'), false);
});

test('the last of two settings wins', () => {
  const inForce = applySettings([
    ['AN1057.TimeWindow', 30],
    ['TimeWindow', 45],
  ]);
  assert.equal(inForce.get('AN1057')?.TimeWindow, 45);
});

test('a name, an analytic or a value that is none is told', () => {
  fails([['Nothing', 1]], /No analytic has a tunable Nothing/);
  fails([['AN1057.Nothing', 1]], /AN1057 has no tunable Nothing/);
  fails([['TimeWindow', 0]], /AN1057\.TimeWindow must be/);
  fails([['TimeWindow', '10 parsecs']], /AN1057\.TimeWindow must be/);
  for (const name of ['__proto__', 'constructor', 'toString', '']) fails([[name, 1]], /No analytic has/);
  assert.throws(() => applySettings([['AN9.TimeWindow', 1]]), /No analytic AN9/);
});

test('analytics are chosen by id, in their own order', () => {
  const ids = (given?: string[]) => chooseAnalytics(given).map(({ id }) => id);
  assert.deepEqual(ids(), ['AN1057', 'AN1058', 'AN1059', 'AN1060']);
  assert.deepEqual(ids([]), ids());
  assert.deepEqual(ids(['an1060', 'AN1057', 'AN1057']), ['AN1057', 'AN1060']);
  assert.throws(() => ids(['AN1057', 'AN1', 'AN2']), /No analytic AN1, AN2. There are: AN1057, /);
});
