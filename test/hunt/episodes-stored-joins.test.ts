import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { Cast } from '../scenarios/cast.js';
import { finalOf } from '../scenarios/final.js';
import { zeekConn } from '../scenarios/telemetry/sensors.js';
import { securityConnection, sysmonStart } from '../scenarios/telemetry/windows.js';
import { at, DAY, MINUTE, repeat } from '../scenarios/times.js';
import { onSite, type Settings } from './stored-site.js';

const cast = new Cast(0);
const program = 'C:\\Tools\\probe.exe';
const WHOLE = { from: at(-DAY), to: at(DAY) };

const ofProcess = (seconds = 0, first = 0): EcsDocument[] =>
  repeat(16, (i) =>
    securityConnection({
      ...{ at: at(seconds, i), machine: cast.machine(), program, to: `10.200.1.${first + i + 1}`, port: 445 },
    }),
  );
const ofAddress = (seconds = 0): EcsDocument[] =>
  repeat(20, (i) => zeekConn({ at: at(seconds, i), from: cast.machine().ip, to: `10.200.1.${i + 1}`, port: 445 }));
const launch = [sysmonStart({ at: at(-1), machine: cast.machine(), program: 'C:\\nmap.exe', args: '-sS x' })];

/** Whose alerts stand, are joined, or are gone, after each piece was hunted. */
async function told(pieces: readonly (readonly EcsDocument[])[], settings: Settings = {}) {
  let alerts: { who: string; state: string; joined: number }[] = [];
  let final: unknown[] = [];
  await onSite(settings, async (site) => {
    for (const piece of pieces) await site.arrive(piece);
    const stored = await site.alerts();
    final = finalOf(stored);
    alerts = stored
      .filter(({ scanhound }) => scanhound.state !== 'withdrawn')
      .map(({ scanhound }) => ({
        who: `${scanhound.analytic} ${scanhound.subject.kind}`,
        state: scanhound.state,
        joined: scanhound.joined?.length ?? 0,
      }))
      .sort((a, b) => (a.who < b.who ? -1 : 1));
  });
  return { alerts, final };
}

const together = [
  { who: 'AN1057 address', state: 'joined', joined: 0 },
  { who: 'AN1057 process', state: 'active', joined: 1 },
];

test('the process side later than the flows, and the other way round, end in one alert', async () => {
  const first = await told([ofAddress(), ofProcess()]);
  const second = await told([ofProcess(), ofAddress()]);
  assert.deepEqual(first.alerts, together);
  assert.deepEqual(second.alerts, together);
  assert.deepEqual(first.final, second.final);
});

test('a launch later than its flows, and the other way round, end in one alert', async () => {
  const first = await told([ofAddress(), launch]);
  const second = await told([launch, ofAddress()]);
  assert.deepEqual(first.alerts, together);
  assert.deepEqual(first.final, second.final);
});

test('late data moves what the network saw to the process with more sockets', async () => {
  const more = ofProcess(1, 50).map((document) => ({ ...document, 'process.executable': 'C:\\more.exe' }));
  const most = ofProcess(2, 100).map((document) => ({ ...document, 'process.executable': 'C:\\more.exe' }));
  const first = await told([ofProcess(), ofAddress(), more, most]);
  assert.deepEqual(first.alerts, [
    { who: 'AN1057 address', state: 'joined', joined: 0 },
    { who: 'AN1057 process', state: 'active', joined: 0 },
    { who: 'AN1057 process', state: 'active', joined: 1 },
  ]);
  const once = await told([[...most, ...more, ...ofAddress(), ...ofProcess()]]);
  assert.deepEqual(first.final, once.final);
});

test('a process alert that late earlier rounds withdraw gives back what was joined to it', async () => {
  const settings = { TimeWindow: 1, PollingRounds: 3 };
  const rounds = [-40, -30].flatMap((minutes) =>
    ofProcess().map((document, i) => ({
      ...document,
      '@timestamp': new Date(at(minutes * MINUTE + 3 * i)).toISOString(),
    })),
  );
  const { alerts } = await told([ofProcess(), ofAddress(), rounds], settings);
  assert.deepEqual(alerts, [{ who: 'AN1057 address', state: 'active', joined: 0 }]);
});

test('a silenced episode is stored apart, and what the network saw of it is joined to it', () =>
  onSite({ KnownScannerExeList: ['probe.exe'] }, async (site) => {
    const runs = await site.arrive([...ofProcess(), ...ofAddress()]);
    assert.deepEqual(
      runs.flatMap(({ silenced }) => silenced.map(({ by }) => by)),
      ['KnownScannerExeList'],
    );
    const [silenced, ...others] = await site.all('silenced');
    assert.deepEqual(others, []);
    const alerts = await site.alerts();
    assert.deepEqual(
      alerts.map(({ scanhound }) => [scanhound.state, scanhound.joined_to]),
      [['joined', silenced?.id]],
    );
  }));

test('a program that leaves the allow list is alerted, with what the network saw of it', () =>
  onSite({ KnownScannerExeList: ['probe.exe'] }, async (site) => {
    await site.arrive([...ofProcess(), ...ofAddress()]);
    await site.hunt(WHOLE, {});
    const alerts = await site.alerts();
    assert.deepEqual(alerts.map(({ scanhound }) => `${scanhound.subject.kind} ${scanhound.state}`).sort(), [
      'address joined',
      'process active',
    ]);
    const standing = alerts.find(({ scanhound }) => scanhound.state === 'active');
    assert.equal(standing?.scanhound.joined?.length, 1);
  }));

test('an alert that was written stays one when its program comes on the allow list', () =>
  onSite({}, async (site) => {
    await site.arrive(ofProcess());
    const [before] = await site.alerts();
    await site.hunt(WHOLE, { KnownScannerExeList: ['probe.exe'] });
    const [after, ...others] = await site.alerts();
    assert.deepEqual(others, []);
    assert.equal(after?.id, before?.id);
    assert.equal(after?.scanhound.state, 'active');
  }));

test('a silenced episode that late earlier rounds take back gives back what was joined to it', async () => {
  const settings = { TimeWindow: 1, PollingRounds: 3, KnownScannerExeList: ['probe.exe'] };
  const rounds = [-40, -30].flatMap((minutes) =>
    ofProcess().map((document, i) => ({
      ...document,
      '@timestamp': new Date(at(minutes * MINUTE + 3 * i)).toISOString(),
    })),
  );
  const { alerts } = await told([ofProcess(), ofAddress(), rounds], settings);
  assert.deepEqual(alerts, [{ who: 'AN1057 address', state: 'active', joined: 0 }]);
});
