import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { laurel } from '../../server/importers/laurel.js';

const ID = '1700000000.125:7';
const call = (fields: object) => ({
  arch: '0xc000003e',
  syscall: 59,
  success: 'yes',
  exit: 0,
  ppid: 90,
  pid: 91,
  auid: 1001,
  uid: 0,
  tty: 'pts2',
  ses: 8,
  comm: 'nmap',
  exe: '/usr/bin/nmap',
  key: null,
  ARGV: ['0x3', '0x7ffc', '0x10', '0x0'],
  ...fields,
});
const only = (record: Record<string, unknown>): EcsDocument | undefined => laurel.toDocuments(record)[0];
const connect = (sockaddr: unknown) =>
  only({ ID, SYSCALL: call({ syscall: 42, success: 'no', exit: -115 }), SOCKADDR: sockaddr });

test('a launch: arguments decoded, parent, container, host', () => {
  const document = only({
    ID,
    NODE: 'gw1',
    SYSCALL: call({ PPID: { EVENT_ID: '1699999999.000:1', comm: 'bash', exe: '/usr/bin/bash', ppid: 1 } }),
    EXECVE: { argc: 3, ARGV: ['dig', '%2bshort', '100%25 %c3%a9 é'] },
    CWD: { cwd: '/opt' },
    PROCTITLE: { ARGV: ['dig', '%2bshort'] },
    CONTAINER_INFO: { ID: '5f0c3a9be1d2' },
  });
  assert.deepEqual(document?.['process.args'], ['dig', '+short', '100% é é']);
  assert.equal(document?.['process.title'], 'dig +short');
  assert.equal(document?.['process.parent.executable'], '/usr/bin/bash');
  assert.equal(document?.['process.parent.name'], 'bash');
  assert.equal(document?.['process.parent.pid'], 90);
  assert.equal(document?.['container.id'], '5f0c3a9be1d2');
  assert.equal(document?.['host.name'], 'gw1');
  assert.equal(document?.['@timestamp'], '2023-11-14T22:13:20.125Z');
  assert.equal(document?.['auditd.data.a1'], '7ffc');
});

test('settings of laurel: one text for the arguments, names instead of numbers, PARENT_INFO', () => {
  const document = only({
    ID,
    SYSCALL: { success: 'yes', SYSCALL: 'execve', ARCH: 'x86_64', pid: 91, exe: '/usr/bin/nc', AUID: 'ann' },
    EXECVE: { argc: 2, ARGV_STR: 'nc -zv' },
    PARENT_INFO: { exe: '/usr/bin/zsh', comm: 'zsh' },
  });
  assert.equal(document?.['process.command_line'], 'nc -zv');
  assert.equal(document?.['process.args'], undefined);
  assert.equal(document?.['user.audit.name'], 'ann');
  assert.equal(document?.['process.parent.name'], 'zsh');
});

test('a contact: addresses by laurel, by auditd, or the bytes of the kernel', () => {
  const seen = (document: EcsDocument | undefined) => [document?.['destination.ip'], document?.['destination.port']];
  const unix = { SADDR: { saddr_fam: 'local', path: '/run/x' } };
  assert.deepEqual(seen(connect([unix, { SADDR: { saddr_fam: 'inet', addr: '10.0.0.1', port: 22 } }])), [
    '10.0.0.1',
    22,
  ]);
  assert.deepEqual(seen(connect([{ SADDR: { saddr_fam: 'inet6', laddr: 'fd00::1', lport: '22' } }])), ['fd00::1', 22]);
  assert.deepEqual(seen(connect([{ saddr: '%02%00%00P%0aM%00e%00%00%00%00%00%00%00%00' }])), ['10.77.0.101', 80]);
  assert.deepEqual(seen(connect([{ saddr: '%02%00%01%bb%0a%00ä%00%00%00%00%00%00%00%00' }])), ['10.0.195.164', 443]);
  assert.equal(connect([unix]), undefined);
  assert.equal(connect('none'), undefined);
});

test('events without a system call of ours make no document', () => {
  assert.deepEqual(laurel.toDocuments({ ID, DAEMON_START: { op: 'start' } }), []);
  assert.deepEqual(laurel.toDocuments({ ID, SYSCALL: call({ syscall: 1 }) }), []);
});

test('broken records say why', () => {
  const rejects = (record: Record<string, unknown>, reason: string) =>
    assert.throws(() => laurel.toDocuments(record), { reason });
  rejects({ ID: 'yesterday', SYSCALL: call({}) }, 'no_time');
  rejects({ ID: '999999999999.000:1', SYSCALL: call({}) }, 'time_out_of_range');
  rejects({ ID, SYSCALL: [] }, 'not_this_format');
  const address = (SADDR: object) => ({ ID, SYSCALL: call({ syscall: 42 }), SOCKADDR: [{ SADDR }] });
  rejects(address({ saddr_fam: 'inet', addr: '10.0.0.300', port: 1 }), 'bad_address');
  rejects(address({ saddr_fam: 'inet', addr: '10.0.0.3', port: 70_000 }), 'bad_port');
  rejects({ ID, SYSCALL: call({ syscall: 42 }), SOCKADDR: [{ saddr: '%02%00' }] }, 'bad_address');
});

test('hostile keys reach nothing', () => {
  const record = JSON.parse(
    `{"ID":"${ID}","SYSCALL":{"__proto__":{"x":1},"success":"__proto__","syscall":"59"},"__proto__":{}}`,
  );
  assert.deepEqual(laurel.toDocuments(record), []);
});

test('a record is recognized by its id and its upper-case types', () => {
  assert.equal(laurel.recognizes({ ID, LOGIN: {} }), true);
  assert.equal(laurel.recognizes({ ID, id: 7 }), false);
  assert.equal(laurel.recognizes({ ID: 7, SYSCALL: {} }), false);
});
