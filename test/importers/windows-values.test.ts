import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  argumentsOf,
  executableOf,
  fileNameOf,
  guidOf,
  pidOf,
  portOf,
  textOf,
  timeOf,
  transportOf,
  userOf,
} from '../../server/importers/windows-values.js';

test('nothing is written as a dash', () => {
  assert.deepEqual(['-', '', undefined, null, {}, 'a', 0, true].map(textOf), [
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    'a',
    '0',
    'true',
  ]);
});

test('times are UTC, with or without a zone, to the last digit', () => {
  assert.equal(timeOf('2026-01-31 12:00:00.123'), '2026-01-31T12:00:00.123Z');
  assert.equal(timeOf('2026-01-31T12:00:00.1234567Z'), '2026-01-31T12:00:00.1234567Z');
  assert.equal(timeOf('2026-01-31T12:00:00+02:00'), '2026-01-31T10:00:00.000Z');
  assert.equal(timeOf('1601-01-01 00:00:00.000'), '1601-01-01T00:00:00.000Z', 'the epoch of Windows passes here');
  assert.equal(timeOf('9999-12-31 23:59:59'), '9999-12-31T23:59:59Z');
  for (const none of ['', 'yesterday', '2026-13-01 00:00:00', '2026-01-31', undefined])
    assert.equal(timeOf(none), undefined);
});

test('process ids come decimal and hexadecimal', () => {
  assert.deepEqual(['4', '0x2bc', '0xFFFFFFFF', '-4', '0x', 'x', undefined].map(pidOf), [
    4,
    700,
    4_294_967_295,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('a port that is none stays as it is, to be rejected', () => {
  assert.deepEqual(['443', '0', '70000', 'ssh', undefined].map(portOf), [443, 0, 70_000, 'ssh', undefined]);
});

test('one process has one id, one program one path', () => {
  assert.equal(guidOf('DBF410B3-B560-6717-DF00-000000003900'), '{dbf410b3-b560-6717-df00-000000003900}');
  assert.equal(guidOf('{dbf410b3-b560-6717-df00-000000003900}'), '{dbf410b3-b560-6717-df00-000000003900}');
  assert.equal(
    executableOf('\\device\\harddiskvolume12\\windows\\system32\\dns.exe'),
    'c:\\windows\\system32\\dns.exe',
  );
  assert.equal(executableOf('\\Device\\HarddiskVolume3\\Tools\\nmap.exe'), 'c:\\Tools\\nmap.exe');
  assert.equal(executableOf('\\\\?\\C:\\Windows\\a.exe'), 'C:\\Windows\\a.exe');
  assert.equal(executableOf('\\device\\mup\\server\\share\\a.exe'), '\\\\server\\share\\a.exe');
  assert.equal(executableOf('System'), 'System');
  assert.deepEqual(['C:\\a\\b.exe', '/usr/bin/nc', 'System', 'C:\\', undefined].map(fileNameOf), [
    'b.exe',
    'nc',
    'System',
    undefined,
    undefined,
  ]);
});

test('a command line in arguments', () => {
  assert.deepEqual(argumentsOf('nmap.exe  -sS -p 1-1024\t10.0.0.1 '), ['nmap.exe', '-sS', '-p', '1-1024', '10.0.0.1']);
  assert.deepEqual(argumentsOf('"C:\\Program Files\\x.exe" /o "a b"c ""'), [
    'C:\\Program Files\\x.exe',
    '/o',
    'a bc',
    '',
  ]);
  assert.deepEqual(argumentsOf('x \\"a\\" "\\\\" C:\\dir\\ "un closed'), ['x', '"a"', '\\', 'C:\\dir\\', 'un closed']);
  assert.deepEqual(argumentsOf(''), []);
  assert.equal(argumentsOf(undefined), undefined);
});

test('accounts and protocols', () => {
  assert.deepEqual(userOf('NT AUTHORITY\\SYSTEM'), { domain: 'NT AUTHORITY', name: 'SYSTEM' });
  assert.deepEqual(userOf('root'), { name: 'root' });
  assert.deepEqual(['6', '17', '1', '58', 'TCP', undefined].map(transportOf), [
    'tcp',
    'udp',
    'icmp',
    'ipv6-icmp',
    'tcp',
    undefined,
  ]);
});
