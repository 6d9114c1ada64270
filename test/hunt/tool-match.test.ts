import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Analytic } from '../../queries/analytic.js';
import { an1057 } from '../../queries/analytics/an1057.js';
import { an1058 } from '../../queries/analytics/an1058.js';
import { an1059 } from '../../queries/analytics/an1059.js';
import { toPlan } from '../../queries/plan.js';
import { tunablesOf } from '../../queries/tunable-values.js';
import { toolMatcher, toToolName } from '../../server/hunt/tool-match.js';
import type { Launch } from '../../server/model/ports.js';

const launch = (fields: Partial<Launch>): Launch => ({
  time: 0,
  evidence: '',
  subject: '',
  host: '',
  hostName: null,
  platform: null,
  container: '',
  process: null,
  parent: null,
  pid: null,
  parentPid: null,
  executable: null,
  name: null,
  originalName: null,
  arguments: null,
  parentExecutable: null,
  parentArguments: null,
  user: null,
  context: null,
  hash: null,
  ...fields,
});
const matcher = (analytic: Analytic, settings: Record<string, unknown> = {}) =>
  toolMatcher(toPlan(analytic, tunablesOf(analytic, settings)));

test('tools by their names: whatever the folder, the case and .exe', () => {
  const match = matcher(an1057);
  for (const executable of [
    'C:\\x\\NMAP.EXE',
    '/usr/bin/nmap',
    'nmap',
    'c:/tools/Masscan.exe',
    'C:\\Advanced_IP_Scanner.exe',
  ])
    assert.deepEqual(match(launch({ executable })), { by: 'ScanToolList', renamed: false }, executable);
  assert.deepEqual(match(launch({ name: 'nmap.exe' })), { by: 'ScanToolList', renamed: false });
  for (const executable of ['C:\\nmap\\setup.exe', 'nmap2', 'xnmap.exe', 'nmap.exe.txt', ''])
    assert.equal(match(launch({ executable })), undefined, executable);
});

test('renamed tools by their original name', () => {
  assert.deepEqual(matcher(an1057)(launch({ executable: 'C:\\svc.exe', originalName: 'Nmap.exe' })), {
    by: 'ScanToolList',
    renamed: true,
  });
});

/** Command lines that scan, and their neighbours that do not. */
const scanning: readonly string[] = [
  'nmap -sS 10.0.0.0/24',
  '/usr/bin/nmap 10.0.0.1',
  'sh -c "nmap -p- host"',
  'renamed -sS -p 1-1000 10.0.0.1',
  'renamed -sT -Pn 10.0.0.1',
  'renamed -sS 10.0.0.0/24',
  'renamed -sS 10.0.0.1-254',
  'renamed -sV -F host',
  'nc -zv 10.0.0.1 22',
  'nc -z -v 10.0.0.1 20-25',
  'nc -w 1 -vz 10.0.0.1 22',
  'ncat -vz host 80',
  'nc -z host 20-25',
  'bash -c for p in $(seq 100); do (echo >/dev/tcp/10.0.0.1/$p) && echo $p; done',
];
const harmless: readonly string[] = [
  'nc -l -p 8080',
  'nc 10.0.0.1 22',
  'nc -v 10.0.0.1 22',
  'curl -sS https://example.test/',
  'curl -sS https://example.test/v1/24',
  'curl -sS -F file=@report.txt https://10.0.0.1/24',
  'curl -sS http://10.0.0.1/2025-11 -o 1-2',
  'ssh -v host',
  'ls -sS /tmp',
  'man nmap',
  'apt-get install nmap',
  'vim nmap.txt',
  'bash -c echo hello >/dev/tcp/10.0.0.1/80',
  'tar -zvcf a.tgz dir',
  'rsync -zv a b',
];
for (const text of scanning)
  test(`scans: ${text}`, () =>
    assert.deepEqual(matcher(an1058)(launch({ executable: '/x', arguments: text })), {
      by: 'ToolPatternRegex',
      renamed: false,
    }));
for (const text of harmless)
  test(`does not scan: ${text}`, () =>
    assert.equal(matcher(an1058)(launch({ executable: '/x', arguments: text })), undefined));

test('browsing for services by Bonjour', () => {
  const match = matcher(an1059);
  const by = (text: string) => match(launch({ executable: '/usr/bin/dns-sd', arguments: text }))?.by;
  assert.equal(by('dns-sd -B _ssh._tcp .'), 'ToolPatternRegex');
  assert.equal(by('dns-sd -B _services._dns-sd._udp'), 'ToolPatternRegex');
  assert.equal(by('dns-sd -R name _http._tcp . 80'), undefined);
});

test('loops of PowerShell', () => {
  const match = matcher(an1057);
  const by = (text: string) => match(launch({ executable: 'C:\\powershell.exe', arguments: text }))?.by;
  assert.equal(by("powershell 1..254 | % { New-Object Net.Sockets.TcpClient '10.0.0.'+$_,445 }"), 'ToolPatternRegex');
  assert.equal(by('powershell foreach ($h in $hosts) { Test-NetConnection $h -Port 445 }'), 'ToolPatternRegex');
  assert.equal(by('powershell Invoke-PortScan -Hosts x'), 'ToolPatternRegex');
  assert.equal(by('powershell Test-NetConnection server -Port 443'), undefined);
});

test('paths by globs, any case, either slash', () => {
  const match = matcher(an1058, { ExecutablePath: ['/tmp/**', 'C:\\Users\\*\\AppData\\**', 'probe?'] });
  const by = (executable: string) => match(launch({ executable }))?.by;
  for (const executable of ['/tmp/x', '/TMP/a/.hidden/b', 'c:/users/ann/appdata/local/t.exe', '/anywhere/probe1'])
    assert.equal(by(executable), 'ExecutablePath', executable);
  for (const executable of ['/tmpx/x', '/var/tmp/x', 'C:\\Users\\ann\\Desktop\\t.exe', '/anywhere/probe'])
    assert.equal(by(executable), undefined, executable);
});

test('hostile arguments cost no more than their length', () => {
  const match = matcher(an1058);
  for (const text of [`nc ${'-w '.repeat(10_000)}`, `${'for '.repeat(8_000)}/dev/tcp/`, ` -s${'S'.repeat(30_000)} `])
    assert.equal(match(launch({ arguments: text })), undefined);
});

test('names of files', () => {
  assert.deepEqual(['C:\\A\\B.EXE', '/a/b.c', 'b', '', '/a/'].map(toToolName), ['b', 'b.c', 'b', '', '']);
});
