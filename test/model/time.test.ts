import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatTime, parseTime } from '../../server/model/time.js';

const NOON = Date.UTC(2025, 10, 20, 12);

const read: [text: unknown, expected: number][] = [
  ['2025-11-20T12:00:00Z', NOON],
  ['2025-11-20T12:00:00.5Z', NOON + 500],
  ['2025-11-20T12:00:00.001Z', NOON + 1],
  ['2025-11-20T12:00:00.0019999Z', NOON + 1],
  ['2025-11-20T12:00:00.123456789Z', NOON + 123],
  ['2025-11-20T12:00:00,123Z', NOON + 123],
  ['2025-11-20 12:00:00', NOON],
  ['2025-11-20T12:00:00 UTC', NOON],
  ['2025-11-20T13:30:00+01:30', NOON],
  ['2025-11-20T07:00:00-0500', NOON],
  ['1601-01-01T00:00:00Z', Date.UTC(1601, 0, 1)],
  ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)], // a leap second
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  [NOON, NOON],
  [NOON + 0.9, NOON],
  [-0.5, -1],
];
for (const [text, expected] of read) test(`${text} is a time`, () => assert.equal(parseTime(text), expected));

const none: unknown[] = [
  ...['', 'now', '2025-11-20', '2025-13-01T00:00:00Z', '2025-00-01T00:00:00Z', '2025-02-29T00:00:00Z'],
  ...['2025-11-31T00:00:00Z', '2025-11-20T24:00:00Z', '2025-11-20T12:60:00Z', '2025-11-20T12:00:61Z'],
  ...['2025-11-20T12:00:00+24:00', '2025-11-20T12:00:00+01:60', `2025-11-20T12:00:00.${'1'.repeat(50_000)}x`],
  ...['1732104000', null, undefined, true, {}, [NOON], Number.NaN, Number.POSITIVE_INFINITY],
];
for (const value of none)
  test(`${String(value).slice(0, 40)} (${typeof value}) is no time`, () => assert.equal(parseTime(value), undefined));

test('written times are read again', () => {
  for (const time of [NOON, NOON + 1, 0, Date.UTC(1990, 0, 1)]) assert.equal(parseTime(formatTime(time)), time);
});

test('a time in its usual form is read as the same time in another', () => {
  const any = fc.string({ unit: fc.constantFrom(...'0123456789-:.TZ '), maxLength: 4 });
  const usual = fc
    .tuple(
      fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
      any,
    )
    .chain(([date, noise]) => {
      const text = date.toISOString();
      return fc.tuple(fc.constant(text), fc.constant(noise), fc.nat(text.length), fc.nat(4));
    });
  fc.assert(
    fc.property(usual, ([text, noise, at, dropped]) => {
      const written = text.slice(0, at) + noise + text.slice(at + dropped);
      const other = `${written.slice(0, 10)} ${written.slice(11)}`; // never read as the usual form
      if (written.indexOf('T') === 10) assert.equal(parseTime(written), parseTime(other), written);
    }),
    { numRuns: 3_000 },
  );
});
