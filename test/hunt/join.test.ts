import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Joinable, joinAlerts, unjoin } from '../../server/hunt/join.js';
import { toAlert } from '../../server/hunt/to-alert.js';
import type { Alert } from '../../server/model/alert.js';
import { EPISODE_GAP_MS } from '../../server/model/episode.js';
import { someContact, someFacts, someLaunch, someMeasure } from './some-facts.js';

type Some = NonNullable<Parameters<typeof someFacts>[0]>;

const joinable = (id: string, facts: Some, silenced = false): Joinable => ({
  id,
  alert: toAlert(someFacts(facts), [], 0),
  silenced,
});
const program = (name: string, host = 'h1') => ({ kind: 'process', host, container: '', process: name }) as const;
const contacts = (count: number, process = 'p1') =>
  Array.from({ length: count }, (_, i) => someContact({ time: i, destination: `10.0.0.${i + 1}`, process }));
const tool = { by: 'ScanToolList', renamed: false } as const;

const scan = joinable('scan', { contacts: contacts(20), measures: [someMeasure()], end: 20 });
const seen = joinable('seen', {
  ...{ subject: { kind: 'address', address: '10.0.0.99' }, contacts: contacts(30), end: 30 },
  measures: [someMeasure({ distinct: 30 })],
});
const launched = joinable('launched', {
  ...{ subject: program('/bin/sh'), launches: [someLaunch({ process: 'p0', match: tool, arguments: 'nmap x' })] },
});
const child = joinable('child', {
  ...{ subject: program('/usr/bin/nmap'), contacts: contacts(16, 'p9'), measures: [someMeasure()], end: 16 },
  launches: [someLaunch({ process: 'p9', parent: 'p0' })],
});

const states = (joined: readonly Joinable[]): Record<string, string> =>
  Object.fromEntries(joined.map(({ id, alert: { scanhound } }) => [id, scanhound.joined_to ?? scanhound.state]));
const get = (joined: readonly Joinable[], id: string): Alert => joined.find((one) => one.id === id)!.alert;

test('what an address did joins the program of its host', () => {
  const joined = joinAlerts([scan, seen]);
  assert.deepEqual(states(joined), { scan: 'active', seen: 'scan' });
  assert.equal(get(joined, 'seen').scanhound.state, 'joined');
  const { scanhound, event } = get(joined, 'scan');
  assert.deepEqual(
    scanhound.measures.map(({ subject, distinct }) => [subject, distinct]),
    [
      ['process', 16],
      ['address', 30],
    ],
  );
  assert.deepEqual(scanhound.joined, [
    {
      id: 'seen',
      subject: { kind: 'address', key: '["address","10.0.0.99"]' },
      shape: 'horizontal',
      targets: { hosts: 30, ports: 1, sockets: 30 },
    },
  ]);
  assert.ok(event.risk_score > scan.alert.event.risk_score);
  assert.equal(
    scanhound.score_parts.reduce((sum, { points }) => sum + points, 0),
    event.risk_score,
  );
});

test('joining again changes nothing, in whatever order, and what was joined can be taken off', () => {
  const once = joinAlerts([scan, seen, launched, child]);
  const byId = (all: readonly Joinable[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  assert.deepEqual(byId(joinAlerts(once.toReversed())), byId(once));
  assert.deepEqual(byId(joinAlerts([child, launched, seen, scan])), byId(once));
  for (const one of [scan, seen, launched, child]) assert.deepEqual(unjoin(get(once, one.id)), one.alert, one.id);
});

test('a reason that says what ours says is taken off whole', () => {
  const said = '-zv x; On the network: nothing. On the network: y';
  const loud = joinable('loud', {
    ...{ contacts: contacts(20), measures: [someMeasure()], end: 20 },
    launches: [someLaunch({ match: tool, arguments: said })],
  });
  assert.ok(loud.alert.event.reason.includes(said));
  const [joined] = joinAlerts([loud, seen]);
  assert.deepEqual(unjoin(joined!.alert), loud.alert);
});

test('hosts, time and kind must fit', () => {
  const elsewhere = joinable('seen', { ...factsOfSeen(), holder: { host: 'h2', hostName: 'h2' } });
  assert.deepEqual(states(joinAlerts([scan, elsewhere])), { scan: 'active', seen: 'active' });
  const nobodys = joinable('seen', { ...factsOfSeen(), holder: undefined });
  assert.deepEqual(states(joinAlerts([scan, nobodys])), { scan: 'active', seen: 'active' });
  const near = joinable('seen', { ...factsOfSeen(), start: 20 + EPISODE_GAP_MS });
  assert.deepEqual(states(joinAlerts([scan, near])), { scan: 'active', seen: 'scan' });
  const late = joinable('seen', { ...factsOfSeen(), start: 21 + EPISODE_GAP_MS });
  assert.deepEqual(states(joinAlerts([scan, late])), { scan: 'active', seen: 'active' });
});

function factsOfSeen(): Some {
  return { subject: { kind: 'address', address: '10.0.0.99' }, measures: [someMeasure()] };
}

test('a launch joins what it started; a scan of its own does not', () => {
  assert.deepEqual(states(joinAlerts([launched, child])), { launched: 'child', child: 'active' });
  const other = joinable('other', {
    subject: program('/opt/x'),
    contacts: contacts(16, 'p5'),
    measures: [someMeasure()],
  });
  assert.deepEqual(states(joinAlerts([launched, other])), { launched: 'active', other: 'active' });
  const both = joinAlerts([scan, child]);
  assert.deepEqual(states(both), { scan: 'active', child: 'active' });
});

test('a launch and contacts together are high', () => {
  const joined = joinAlerts([launched, child]);
  assert.equal(launched.alert.scanhound.severity, 'low');
  assert.equal(child.alert.scanhound.severity, 'medium');
  assert.equal(get(joined, 'child').scanhound.severity, 'high');
  assert.equal(get(joined, 'child').event.severity, 73);
});

test('of several programs the one with most sockets has what the network saw', () => {
  const small = joinable('small', {
    subject: program('/opt/small'),
    contacts: contacts(16),
    measures: [someMeasure()],
  });
  assert.deepEqual(states(joinAlerts([small, scan, seen])), { small: 'active', scan: 'active', seen: 'scan' });
  assert.deepEqual(states(joinAlerts([seen, scan, small])), { small: 'active', scan: 'active', seen: 'scan' });
});

test('pollers that are joined stay low and recurring', () => {
  const recurring = { isRecurring: true, measures: [someMeasure()], contacts: contacts(16), end: 16 };
  const joined = joinAlerts([
    joinable('a', recurring),
    joinable('b', { ...recurring, subject: { kind: 'address', address: '10.0.0.99' } }),
  ]);
  assert.deepEqual(states(joined), { a: 'recurring', b: 'a' });
  assert.equal(get(joined, 'a').scanhound.severity, 'low');
});
