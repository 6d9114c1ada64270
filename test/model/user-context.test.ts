import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { userContextOf } from '../../server/model/user-context.js';

const cases: [name: string, document: EcsDocument, expected: ReturnType<typeof userContextOf>][] = [
  ['Linux: a terminal', { 'auditd.data.tty': 'pts0' }, 'interactive'],
  [
    'Linux: a terminal outlives an unset login id',
    { 'auditd.data.tty': 'tty1', 'user.audit.id': 'unset' },
    'interactive',
  ],
  ['Linux: no terminal tells nothing', { 'host.os.type': 'linux', 'auditd.data.tty': '(none)' }, undefined],
  [
    'Linux: a login session without a terminal',
    { 'auditd.data.tty': '(none)', 'user.audit.id': '1000' },
    'interactive',
  ],
  ['Linux: sudo keeps the login id', { 'user.id': '0', 'user.audit.id': '1000' }, 'interactive'],
  ['Linux: an unset login id, by number', { 'user.audit.id': '4294967295' }, 'daemon'],
  [
    'Linux: an unset login id, as Auditbeat leaves it',
    { auditd: { summary: { actor: { primary: 'unset' } } } },
    'daemon',
  ],
  ['Linux: the login id where auditd_manager moves it', { auditd: { user: { audit: { id: '1000' } } } }, 'interactive'],
  ['Linux: an unset session of a raw line', { 'auditd.log.ses': '4294967295', 'auditd.log.tty': '(none)' }, 'daemon'],
  ['Linux: a service account', { 'host.os.type': 'linux', 'user.id': '33' }, 'daemon'],
  ['Linux: nobody', { 'host.os.type': 'linux', 'user.id': 65_534 }, 'daemon'],
  ['Linux: root may be either', { 'host.os.type': 'linux', 'user.id': '0' }, undefined],
  ['Linux: a person without a session in the document', { 'host.os.type': 'linux', 'user.id': '1000' }, undefined],
  ['Linux: Defend, a terminal device', { process: { tty: { char_device: { major: 136, minor: 1 } } } }, 'interactive'],
  ['Linux: Defend, by ssh', { process: { entry_leader: { entry_meta: { type: 'sshd' } } } }, 'interactive'],
  ['Linux: Defend, a service', { process: { entry_leader: { entry_meta: { type: 'init' } } } }, 'daemon'],
  ['ECS: interactive', { 'process.interactive': true }, 'interactive'],
  ['ECS: not at a terminal tells nothing', { 'process.interactive': false }, undefined],
  ['macOS: started by launchd', { 'host.os.type': 'macos', 'process.parent.executable': '/sbin/launchd' }, 'daemon'],
  ['macOS: parent 1', { 'host.os.type': 'macos', 'process.parent.pid': 1 }, 'daemon'],
  [
    'macOS: started by launchd in a login session',
    { 'host.os.type': 'macos', 'process.parent.pid': 1, 'user.audit.id': '501' },
    'interactive',
  ],
  [
    'macOS: launchd, with a terminal',
    { 'host.os.type': 'macos', 'process.parent.pid': 1, 'process.tty': '/dev/ttys001' },
    'interactive',
  ],
  ['macOS: a service account', { 'host.os.type': 'macos', 'user.name': '_spotlight' }, 'daemon'],
  ['macOS: a person', { 'host.os.type': 'macos', 'user.name': 'ann', 'process.parent.pid': 400 }, undefined],
  ['Linux: a parent 1 tells nothing', { 'host.os.type': 'linux', 'process.parent.pid': 1 }, undefined],
  ['Windows: SYSTEM', { 'host.os.type': 'windows', 'user.id': 'S-1-5-18' }, 'daemon'],
  ['Windows: NETWORK SERVICE, by its id alone', { 'user.id': 'S-1-5-20' }, 'daemon'],
  ['Windows: a service of its own', { 'user.id': 'S-1-5-80-3139157870-2983391045' }, 'daemon'],
  [
    'Windows: NT AUTHORITY',
    { 'host.os.type': 'windows', user: { domain: 'NT AUTHORITY', name: 'LOCAL SERVICE' } },
    'daemon',
  ],
  ['Windows: NT AUTHORITY in one', { 'host.os.type': 'windows', 'user.name': 'NT Authority\\SYSTEM' }, 'daemon'],
  ['Windows: a computer account', { 'host.os.type': 'windows', 'user.name': 'DC01$' }, 'daemon'],
  [
    'Windows: session 0',
    { 'host.os.type': 'windows', 'user.name': 'ann', 'winlog.event_data.TerminalSessionId': '0' },
    'daemon',
  ],
  [
    'Windows: a session at the console',
    { 'host.os.type': 'windows', 'user.name': 'ann', 'winlog.event_data.TerminalSessionId': '1' },
    'interactive',
  ],
  [
    "Windows: SYSTEM's processes in a person's session",
    { 'host.os.type': 'windows', 'user.id': 'S-1-5-18', 'process.Ext.session_info.id': 1 },
    'daemon',
  ],
  [
    'Windows: the id of who wrote the record is not the process’s',
    { 'host.os.type': 'windows', 'user.id': 'S-1-5-18', winlog: { user: { identifier: 'S-1-5-18' } } },
    undefined,
  ],
  ['Windows: a person', { 'host.os.type': 'windows', 'user.id': 'S-1-5-21-1-2-3-1000', 'user.name': 'ann' }, undefined],
  ['nothing', {}, undefined],
];

for (const [name, document, expected] of cases) {
  test(name, () => assert.equal(userContextOf(document), expected));
}
