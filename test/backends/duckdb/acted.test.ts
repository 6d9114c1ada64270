import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../../queries/document.js';
import { address, program } from '../../contract/on-telemetry.js';
import { Cast, type Machine } from '../../scenarios/cast.js';
import { imported, now } from '../../scenarios/play.js';
import { zeekConn } from '../../scenarios/telemetry/sensors.js';
import { sysmonConnection, sysmonName, sysmonStart } from '../../scenarios/telemetry/windows.js';
import { at, HOUR, repeat } from '../../scenarios/times.js';
import { openInMemory } from './open-in-memory.js';

const TOOL = 'C:\\tool.exe';
const BROWSER = 'C:\\browser.exe';
const [machine, other] = repeat(2, (i) => new Cast(0).machine(i + 1)) as [Machine, Machine];

/** Of these subjects, those who acted in the last of the pieces. */
async function actedIn(subjects: readonly string[], pieces: readonly (readonly EcsDocument[])[]): Promise<string[]> {
  const { events, telemetry, close } = await openInMemory(now, 5);
  try {
    let after = 0;
    for (const [place, piece] of pieces.entries()) {
      after = await telemetry.position();
      await events.append({ key: String(place), events: imported(piece) });
    }
    return await telemetry.acted({ after, until: await telemetry.position() }, subjects);
  } finally {
    await close();
  }
}

const connection = (time: number, pid: number, who = machine, name = TOOL) =>
  sysmonConnection({ at: time, machine: who, program: name, pid, to: '10.200.0.1', port: 445 });

test('a program rests while others on its host go on with theirs, however much', async () => {
  const scan = repeat(9, (i) => connection(at(i), 7));
  const usual = [
    ...repeat(9, (i) => connection(at(60 + i), 8, machine, BROWSER)),
    sysmonStart({ at: at(70), machine, program: BROWSER, pid: 9 }),
    sysmonName({ at: at(71), machine, program: BROWSER, pid: 9, name: 'web.test' }),
  ];
  assert.deepEqual(await actedIn([program(TOOL, machine)], [scan, usual]), []);
});

test('processes of another host that have the same ids are others', async () => {
  const launch = { ...sysmonStart({ at: at(1), machine: other, program: BROWSER }), 'process.entity_id': 'same' };
  const scan = [{ ...connection(at(2), 7), 'process.entity_id': 'same' }, connection(at(2), 8, other)];
  const both = [program(TOOL, machine), program(TOOL, other)];
  assert.deepEqual(await actedIn(both, [scan, [launch]]), [program(TOOL, other)]);
});

test('an address rests while its host goes on holding it, and acts where it is held anew', async () => {
  const flow = [zeekConn({ at: at(0), from: machine.ip, to: '10.200.0.1', port: 22 })];
  const seen = (time: number) => [sysmonStart({ at: time, machine, program: BROWSER, pid: 9 })];
  const who = [address(machine.ip)];
  assert.deepEqual(await actedIn(who, [flow, seen(at(HOUR))]), who);
  assert.deepEqual(await actedIn(who, [flow, seen(at(HOUR)), seen(at(2 * HOUR))]), []);
  assert.deepEqual(await actedIn(who, [flow, seen(at(HOUR)), seen(at(-12 * HOUR))]), who);
});
