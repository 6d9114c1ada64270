import assert from 'node:assert/strict';
import { test } from 'node:test';
import { an1057 } from '../../queries/analytics/an1057.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { allowLists, type Origin } from '../../server/hunt/allow-list.js';

const judge = (settings: Record<string, unknown>, origin: Partial<Origin>) =>
  allowLists(toPlan(an1057, tunablesOf(an1057, settings)))({ executables: [], addresses: [], hosts: [], ...origin });

test('programs by file name or path glob, any case', () => {
  const settings = { KnownScannerExeList: ['nessusd.exe', 'C:\\Scanners\\**', '/opt/*/scan'] };
  for (const executable of ['c:\\x\\NESSUSD.exe', 'C:/scanners/deep/a.exe', '/OPT/tenable/SCAN'])
    assert.equal(judge(settings, { executables: [executable] }), 'KnownScannerExeList', executable);
  for (const executable of ['c:\\x\\nessusd.exe.evil.exe', 'D:\\scanners\\a.exe', '/opt/a/b/scan', 'nessusd', ''])
    assert.equal(judge(settings, { executables: [executable] }), undefined, executable);
});

test('sources by address, range or host name', () => {
  const settings = { ExpectedScanSources: ['10.0.0.7', '192.0.2.0/24', '2001:db8::/64', 'Scanner.Corp'] };
  for (const origin of [
    { addresses: ['10.9.9.9', '10.0.0.7'] },
    { addresses: ['192.0.2.255'] },
    { addresses: ['2001:db8::ffff'] },
    { hosts: ['SCANNER.corp'] },
  ])
    assert.equal(judge(settings, origin), 'ExpectedScanSources', JSON.stringify(origin));
  for (const origin of [{ addresses: ['10.0.0.8'] }, { hosts: ['scanner'] }, { hosts: [''] }, {}])
    assert.equal(judge(settings, origin), undefined, JSON.stringify(origin));
});

test('empty lists silence nobody', () => {
  const settings = { KnownScannerExeList: [], ExpectedScanSources: [] };
  assert.equal(judge(settings, { executables: ['nessusd'], addresses: ['10.0.0.1'], hosts: ['h'] }), undefined);
});
