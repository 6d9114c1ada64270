import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { huntAll } from '../../server/hunt/run-hunt.js';
import type { Span, Telemetry, Wanted } from '../../server/model/ports.js';
import { openInMemory } from '../backends/duckdb/open-in-memory.js';
import { address, program } from '../contract/on-telemetry.js';
import { Cast } from '../scenarios/cast.js';
import { alertsIn, imported, now, requestsWith } from '../scenarios/play.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { securityConnection } from '../scenarios/telemetry/windows.js';
import { at, DAY, MINUTE, repeat } from '../scenarios/times.js';

const machine = new Cast(0).machine();
const PROBE = 'C:\\Tools\\probe.exe';

const sweep = (from: string, minute: number): EcsDocument[] =>
  repeat(20, (i) => zeekConn({ at: at(minute * MINUTE, i), from, to: `10.200.1.${i + 1}`, port: 445 }));
const probe = (minute: number, hosts: number): EcsDocument[] =>
  repeat(hosts, (i) =>
    securityConnection({
      ...{ at: at(minute * MINUTE, i), machine, program: PROBE, to: `10.200.2.${i + 1}`, port: 445 },
    }),
  );

/** A store that is hunted after each piece, and whose contacts were read meanwhile. */
async function open(t: TestContext) {
  const store = await openInMemory(now);
  t.after(() => store.close());
  let pieces = 0;
  const hunt = async (more: { span?: Span }): Promise<string[]> => {
    const read = new Set<string>();
    const contacts = (wanted: readonly Wanted[]) => {
      for (const { subject } of wanted) read.add(subject);
      return store.telemetry.contacts(wanted);
    };
    const telemetry: Telemetry = Object.create(store.telemetry, { contacts: { value: contacts } });
    await huntAll(
      requestsWith().map((request) => ({ ...request, ...more })),
      { ...store, telemetry, now },
    );
    return [...read];
  };
  return {
    documents: store.documents,
    hunt,
    arrive: async (piece: readonly EcsDocument[]) => {
      await store.events.append({ key: `piece ${pieces++}`, events: imported(piece) });
      return hunt({});
    },
  };
}

test('who has an alert is read again when they act, not when others do; and whoever it is in a span that is asked for', async (t) => {
  const site = await open(t);
  const [first, second] = [address('10.0.0.1'), address('10.0.0.2')];
  assert.deepEqual(await site.arrive(sweep('10.0.0.1', 0)), [first]);
  assert.deepEqual(await site.arrive(sweep('10.0.0.2', 1)), [second]);
  assert.deepEqual(await site.arrive(sweep('10.0.0.1', 2)), [first]);
  assert.deepEqual((await site.hunt({ span: { from: at(0), to: at(DAY) } })).toSorted(), [first, second]);
});

test('a program that rests takes over what the network saw of its host', async (t) => {
  const site = await open(t);
  await site.arrive(probe(0, 20));
  const read = await site.arrive(sweep(machine.ip, 1));
  assert.ok(!read.includes(program(PROBE.toLowerCase(), machine)));
  const alerts = await alertsIn(site.documents);
  assert.deepEqual(alerts.map(({ scanhound }) => `${scanhound.subject.kind} ${scanhound.state}`).toSorted(), [
    'address joined',
    'process active',
  ]);
});
