import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Holders } from '../../server/hunt/holders.js';
import { AddressSet } from '../../server/model/address.js';
import { DAY_MS } from '../../server/model/episode.js';
import type { Holding } from '../../server/model/ports.js';

const holding = (fields: Partial<Holding> = {}): Holding => ({
  address: '10.0.0.1',
  host: 'h1',
  hostName: 'one',
  container: '',
  platform: 'windows',
  from: 0,
  to: 100,
  ...fields,
});
const holders = (...holdings: Holding[]): Holders => new Holders(holdings, new AddressSet(['192.0.2.0/24']));

test('a day around what was seen, to the millisecond', () => {
  const known = holders(holding());
  for (const time of [-DAY_MS, 0, 100, 100 + DAY_MS]) assert.equal(known.holderOf('10.0.0.1', time)?.host, 'h1');
  for (const time of [-DAY_MS - 1, 101 + DAY_MS]) assert.equal(known.holderOf('10.0.0.1', time), undefined);
  assert.equal(known.holderOf('10.0.0.2', 0), undefined);
});

test('who holds it decides the analytic; what nobody knows is AN1058', () => {
  const of = (...all: Holding[]) => holders(...all).analyticOf('10.0.0.1', 0);
  assert.equal(of(holding()), 'AN1057');
  assert.equal(of(holding({ platform: 'linux' })), 'AN1058');
  assert.equal(of(holding({ platform: 'macos' })), 'AN1059');
  assert.equal(of(holding({ platform: null })), 'AN1058');
  assert.equal(of(holding({ container: 'c' })), 'AN1060');
  assert.equal(of(holding({ container: 'c' }), holding()), 'AN1057'); // a container on its node's network
  assert.equal(of(), 'AN1058');
});

test('two hosts at a time hold nothing; one after the other each its own', () => {
  const both = holders(holding(), holding({ host: 'h2', platform: 'macos', from: 3 * DAY_MS, to: 3 * DAY_MS }));
  assert.equal(both.holderOf('10.0.0.1', 0)?.host, 'h1');
  assert.equal(both.holderOf('10.0.0.1', 3 * DAY_MS)?.host, 'h2');
  const overlapping = holders(holding(), holding({ host: 'h2', from: DAY_MS, to: DAY_MS }));
  assert.equal(overlapping.holderOf('10.0.0.1', DAY_MS / 2), undefined);
  assert.equal(overlapping.analyticOf('10.0.0.1', DAY_MS / 2), 'AN1058');
});

test('a shared address belongs to nobody', () => {
  assert.equal(holders(holding({ address: '192.0.2.1' })).holderOf('192.0.2.1', 0), undefined);
});
