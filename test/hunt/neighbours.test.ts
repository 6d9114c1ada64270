import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neighbours, noUpset } from '../../server/hunt/neighbours.js';
import type { Holding, Telemetry } from '../../server/model/ports.js';
import { subjectKey } from '../../server/model/subject.js';

const program = (host: string, process = '/nc') => subjectKey({ kind: 'process', host, container: '', process });
const address = (ip: string) => subjectKey({ kind: 'address', address: ip });
const span = { from: 1_000, to: 2_000 };

/** Whose resting episodes are neighbours, where these hosts hold those addresses. */
async function neighboursOf(judged: string[], resting: string[], held: Readonly<Record<string, string[]>> = {}) {
  const holdings = async (addresses: readonly string[]): Promise<Holding[]> =>
    Object.entries(held)
      .flatMap(([host, own]) => own.map((ip) => ({ address: ip, host, hostName: null, container: '', platform: null })))
      .filter((one) => addresses.includes(one.address))
      .map((one) => ({ ...one, ...span }));
  const upset = { ...noUpset(), judged, resting: resting.map((subject) => ({ subject, ...span })) };
  return (await neighbours(upset, { holdings } as Partial<Telemetry> as Telemetry)).map(({ subject }) => subject);
}

test('programs of a host are neighbours, whatever happens elsewhere', async () => {
  assert.deepEqual(await neighboursOf([program('a')], [program('a', '/sh'), program('b')]), [program('a', '/sh')]);
  assert.deepEqual(await neighboursOf([], [program('a')]), []);
  assert.deepEqual(await neighboursOf([program('a')], []), []);
});

test('a program and the addresses of its host are neighbours, both ways round', async () => {
  const held = { a: ['10.0.0.1'], b: ['10.0.0.2'] };
  const addresses = [address('10.0.0.1'), address('10.0.0.2'), address('10.0.0.3')];
  assert.deepEqual(await neighboursOf([program('a')], addresses, held), [address('10.0.0.1')]);
  assert.deepEqual(await neighboursOf([address('10.0.0.2')], [program('a'), program('b')], held), [program('b')]);
});

test('a host whose address was judged upsets its other addresses by way of a program alone', async () => {
  const held = { a: ['10.0.0.1', '10.0.0.2'] };
  const [one, other] = [address('10.0.0.1'), address('10.0.0.2')];
  assert.deepEqual(await neighboursOf([one], [other], held), []);
  assert.deepEqual(await neighboursOf([one], [other, program('a')], held), [other, program('a')]);
});

test('addresses that nobody holds, or several hosts do, go with programs of no host', async () => {
  const held = { a: ['10.0.0.1'], b: ['10.0.0.1'] };
  const addresses = [address('10.0.0.1'), address('10.0.0.2')];
  assert.deepEqual(await neighboursOf([program('')], addresses, held), addresses);
  assert.deepEqual(await neighboursOf([program('a')], addresses, held), [address('10.0.0.1')]);
});
