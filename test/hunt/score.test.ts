import assert from 'node:assert/strict';
import { test } from 'node:test';
import { an1060 } from '../../queries/analytics/an1060.js';
import { toAlert } from '../../server/hunt/to-alert.js';
import type { ContactRecord } from '../../server/model/ports.js';
import { someContact, someFacts, someLaunch, someMeasure } from './some-facts.js';

type Some = NonNullable<Parameters<typeof someFacts>[0]>;

const alertOf = (facts: Some) => toAlert(someFacts(facts), [], 0);
const pointsOf = (facts: Some): Record<string, number> =>
  Object.fromEntries(alertOf(facts).scanhound.score_parts.map(({ name, points }) => [name, points]));
const many = (count: number, make: (index: number) => Partial<ContactRecord>): ContactRecord[] =>
  Array.from({ length: count }, (_, i) => someContact({ time: i * 100, destination: `10.0.0.${i + 1}`, ...make(i) }));

test('a score is the sum of its parts, from 1 to 100, without parts of no points', () => {
  const full = alertOf({
    measures: [someMeasure({ distinct: 1_000 })],
    contacts: many(200, (i) => ({ outcome: 'refused', port: [22, 23, 135, 139, 445][i % 5]!, context: 'interactive' })),
    launches: [someLaunch({ match: { by: 'ScanToolList', renamed: true } })],
    rawSockets: [{ time: 0, evidence: '9', kind: 'raw_socket', subject: '', host: 'h1', process: 'p1', value: null }],
    namesLookedUp: 20,
  });
  assert.equal(full.event.risk_score, 100);
  for (const { points } of full.scanhound.score_parts) assert.notEqual(points, 0);
  const least = alertOf({});
  assert.equal(least.event.risk_score, 5);
  assert.deepEqual(pointsOf({}), { shape: 5 });
  const outside = alertOf({
    analytic: an1060,
    end: 1_000_000,
    contacts: many(1, () => ({ scope: 'own', port: 9_999 })),
  });
  assert.equal(outside.event.risk_score, 1);
});

test('more over a threshold is more, up to a bound', () => {
  const of = (distinct: number) => pointsOf({ measures: [someMeasure({ distinct })] }).measures;
  assert.deepEqual([16, 32, 64, 128, 100_000].map(of), [10, 15, 20, 25, 25]);
});

test('shapes', () => {
  const shape = (contacts: ContactRecord[], measures = [someMeasure()]) =>
    alertOf({ contacts, measures }).scanhound.shape;
  assert.equal(shape(many(16, () => ({}))), 'horizontal');
  assert.equal(shape(many(16, (i) => ({ destination: '10.0.0.1', port: 1_000 + i }))), 'vertical');
  assert.equal(shape(many(36, (i) => ({ destination: `10.0.0.${i % 6}`, port: i }))), 'block');
  assert.equal(shape(many(40, (i) => ({ destination: `10.0.0.${i % 5}`, port: i }))), 'vertical');
  assert.equal(shape([], [someMeasure({ name: 'services' })]), 'service enumeration');
  assert.equal(shape([], [someMeasure({ name: 'arp' })]), 'link');
  assert.equal(shape([], []), 'launch');
});

test('failures: their share, or the walk', () => {
  const of = (failed: number, all: number) =>
    pointsOf({ contacts: many(all, (i) => ({ outcome: i < failed ? 'refused' : 'accepted' })) }).failures ?? 0;
  assert.equal(of(16, 16), 15);
  assert.equal(of(0, 16), 0);
  assert.equal(of(10, 16), 10);
  assert.equal(of(4, 16), 10); // four in a row to begin with: the walk says scanner
  assert.equal(pointsOf({ contacts: many(16, () => ({})) }).failures, undefined);
});

test('background browsing stays out of what is told', () => {
  const browsing = many(100, (i) => ({ destination: `198.51.100.${i}`, scope: 'foreign', outcome: 'accepted' }));
  const alert = alertOf({ contacts: [...many(16, () => ({})), ...browsing], measures: [someMeasure()] });
  assert.equal(alert.scanhound.shape, 'horizontal');
  assert.equal(alert.scanhound.targets.hosts, 116);
  assert.match(alert.event.reason, /0 of 16 own or failed sockets failed/);
});

test('severity: a launch low, contacts medium, both high, polling low', () => {
  const launches = [someLaunch({ match: { by: 'ToolPatternRegex', renamed: false } })];
  const measures = [someMeasure()];
  const severity = (facts: Some) => alertOf(facts).scanhound.severity;
  assert.equal(severity({ launches }), 'low');
  assert.equal(severity({ measures }), 'medium');
  assert.equal(severity({ measures, launches }), 'high');
  assert.equal(severity({ measures, launches: [someLaunch()] }), 'medium');
  assert.equal(severity({ measures, launches, isRecurring: true }), 'low');
});

test("a poller's score stays below every scan's", () => {
  const contacts = many(100, () => ({ outcome: 'refused' }));
  assert.equal(
    alertOf({ contacts, measures: [someMeasure({ distinct: 100 })], isRecurring: true }).event.risk_score,
    15,
  );
});
