import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { auditd } from '../../queries/integrations/auditd.js';
import { matches } from '../../queries/matches.js';
import { auditdRaw } from '../../server/importers/auditd.js';

function documents(...lines: string[]): EcsDocument[] {
  const parser = auditdRaw.open();
  return [...lines.flatMap((line) => parser.line(line)), ...parser.end()].map(({ document }) => document);
}

const hex = (text: string): string => Buffer.from(text).toString('hex').toUpperCase();

const SOCKET = 41;
const CONNECT = 42;
const EXECVE = 59;
const ids = 'auid=1001 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts2 ses=8';

interface Call {
  number: number;
  serial?: number;
  success?: string;
  args?: string;
  exe?: string;
  arch?: string;
  ids?: string;
}

const syscall = ({
  number,
  serial = 7,
  success = 'success=yes exit=0',
  args = 'a0=3 a1=7ffc a2=10 a3=0',
  ...call
}: Call) =>
  `type=SYSCALL msg=audit(1700000000.125:${serial}): arch=${call.arch ?? 'c000003e'} syscall=${number} ${success} ${args} items=0 ppid=90 pid=91 ${call.ids ?? ids} comm="nmap" exe=${call.exe ?? '"/usr/bin/nmap"'} key=(null)`;
const record = (type: string, body: string, serial = 7) => `type=${type} msg=audit(1700000000.125:${serial}): ${body}`;
const end = (serial = 7) => record('PROCTITLE', `proctitle=${hex('nmap\0-sS\0')}`, serial);
const connect = (saddr: string, success = 'success=no exit=-115') =>
  documents(syscall({ number: CONNECT, success }), record('SOCKADDR', `saddr=${saddr}`), end());

test('a launch is what auditd_manager would have written', () => {
  assert.deepEqual(
    documents(
      `${syscall({ number: EXECVE })}\u001dARCH=x86_64 SYSCALL=execve AUID="ann" UID="root" EUID="root"`,
      record('EXECVE', 'argc=3 a0="nmap" a1="-sS" a2="10.0.0.0/24"'),
      record('CWD', `cwd=${hex('/home/ann/a b')}`),
      record('PATH', 'item=0 name="/usr/bin/nmap" inode=7 mode=0100755\u001dOUID="root"'),
      end(),
    ),
    [
      {
        '@timestamp': '2023-11-14T22:13:20.125Z',
        'event.kind': 'event',
        'event.module': 'auditd',
        'event.dataset': 'auditd_manager.auditd',
        'event.category': ['process'],
        'event.type': ['start'],
        'event.action': 'executed',
        'event.outcome': 'success',
        'event.sequence': 7,
        'auditd.message_type': 'syscall',
        'auditd.result': 'success',
        'auditd.session': '8',
        'auditd.summary.actor.primary': '1001',
        'auditd.data.arch': 'x86_64',
        'auditd.data.syscall': 'execve',
        'auditd.data.exit': '0',
        'auditd.data.a0': '3',
        'auditd.data.a1': '7ffc',
        'auditd.data.a2': '10',
        'auditd.data.a3': '0',
        'auditd.data.tty': 'pts2',
        'process.pid': 91,
        'process.executable': '/usr/bin/nmap',
        'process.name': 'nmap',
        'process.args': ['nmap', '-sS', '10.0.0.0/24'],
        'process.args_count': 3,
        'process.command_line': 'nmap -sS 10.0.0.0/24',
        'process.working_directory': '/home/ann/a b',
        'process.title': 'nmap -sS',
        'process.parent.pid': 90,
        'user.id': '0',
        'user.name': 'root',
        'user.effective.id': '0',
        'user.effective.name': 'root',
        'user.audit.id': '1001',
        'user.audit.name': 'ann',
        'host.os.type': 'linux',
      },
    ],
  );
});

test('a contact has its address, also when the connect failed', () => {
  const [four] = connect('02001F900A4D006A0000000000000000', 'success=no exit=-111');
  assert.equal(four?.['destination.ip'], '10.77.0.106');
  assert.equal(four?.['destination.port'], 8080);
  assert.equal(four?.['network.direction'], 'egress');
  assert.equal(four?.['event.action'], 'connected-to');
  assert.equal(four?.['auditd.data.exit'], '-111');
  const [six] = connect('0A0001BB00000000FD000000000000000000000000000AB700000000');
  assert.equal(six?.['destination.ip'], 'fd00::ab7');
  assert.equal(six?.['destination.port'], 443);
  assert.equal(six?.['auditd.data.socket.family'], 'ipv6');
});

test('quiet on purpose: port 0, unix and netlink sockets, calls that are none of ours', () => {
  assert.deepEqual(connect('020000000A4D006A0000000000000000'), []);
  assert.deepEqual(connect(`0100${hex('/run/nscd/socket')}00`), []);
  assert.deepEqual(connect('100000000000000000000000'), []);
  assert.deepEqual(documents(syscall({ number: CONNECT }), end()), []);
  assert.deepEqual(documents(syscall({ number: 257 }), record('CWD', 'cwd="/"'), end()), []);
  assert.deepEqual(documents(syscall({ number: EXECVE, success: 'success=no exit=-2' }), end()), []);
  assert.deepEqual(documents(record('USER_LOGIN', `pid=1 uid=0 msg='op=login res=success'`)), []);
});

test('raw and packet sockets, whatever their flags; no others, and only made ones', () => {
  const made = (args: string, success = 'success=yes exit=4') =>
    documents(syscall({ number: SOCKET, args: `${args} a2=0 a3=0`, success }), end()).length;
  for (const args of ['a0=2 a1=3', 'a0=a a1=803', 'a0=2 a1=80003', 'a0=a a1=80803', 'a0=11 a1=3', 'a0=11 a1=80002']) {
    assert.equal(made(args), 1, args);
  }
  for (const args of ['a0=2 a1=1', 'a0=a a1=80802', 'a0=10 a1=3', 'a0=1 a1=80001']) assert.equal(made(args), 0, args);
  assert.equal(made('a0=2 a1=3', 'success=no exit=-1'), 0);
});

test('a process ends with exit_group; exit ends one of its threads', () => {
  const [document] = documents(syscall({ number: 231, success: '' }), end());
  assert.ok(document && matches(auditd.exit!, document));
  assert.deepEqual(document['event.type'], ['end']);
  assert.deepEqual(documents(syscall({ number: 60, success: '' }), end()), []);
});

test('numbers are of the architecture; auditd translates those of others', () => {
  const name = (arch: string, number: number, translation = '') =>
    documents(syscall({ arch, number }) + translation, end())[0]?.['auditd.data.syscall'];
  assert.equal(name('40000003', 11), 'execve');
  assert.equal(name('c00000b7', 221), 'execve');
  assert.equal(name('c00000b7', 281), 'execveat');
  assert.equal(name('80000016', 11), undefined);
  assert.equal(name('80000016', 11, '\u001dARCH=s390x SYSCALL=execve'), 'execve');
});

test('long arguments come in pieces, over several records, cut within characters', () => {
  const text = `${'x'.repeat(50)}é${'y'.repeat(50)}`;
  const bytes = hex(text);
  const [document] = documents(
    syscall({ number: EXECVE }),
    record('EXECVE', `argc=4 a0="sh" a1=${hex('-c "x"')} a2_len=204 a2[0]=${bytes.slice(0, 102)}`),
    record('EXECVE', `a2[1]=${bytes.slice(102)} a3="end"`),
    end(),
  );
  assert.deepEqual(document?.['process.args'], ['sh', '-c "x"', text, 'end']);
});

test('names in hex, deleted programs, arguments that look like fields', () => {
  const [document] = documents(
    syscall({ number: EXECVE, exe: hex('/opt/x (deleted)') }),
    record('EXECVE', 'argc=2 a0="pid=1" a1="__proto__=1"'),
    end(),
  );
  assert.equal(document?.['process.executable'], '/opt/x (deleted)');
  assert.equal(document?.['process.pid'], 91);
  assert.deepEqual(document?.['process.args'], ['pid=1', '__proto__=1']);
});

test('the kernel log and syslog name the host; other programs can not pass records off', () => {
  const kernel = (program: string) =>
    `Nov 14 22:13:20 gw1 ${program}: audit: type=1300 audit(1700000000.125:7): arch=c000003e syscall=59 success=yes exit=0 pid=91 ${ids} comm="nc" exe="/usr/bin/nc"`;
  assert.equal(documents(kernel('kernel'))[0]?.['host.name'], 'gw1');
  const syslog = (host: string) => `2023-11-14T22:13:20.125+00:00 ${host} audisp-syslog[41]: `;
  assert.equal(documents(`${syslog('gw2')}${syscall({ number: EXECVE })}`)[0]?.['host.name'], 'gw2');
  assert.equal(documents(`${syslog('gw2')}node=gw3 ${syscall({ number: EXECVE })}`)[0]?.['host.name'], 'gw3');
  assert.throws(() => documents(kernel('sshd[7]')), { reason: 'not_this_format' });
});

test('a process outside any session has no login id', () => {
  const unset = ids
    .replace('auid=1001', 'auid=4294967295')
    .replace('ses=8', 'ses=4294967295')
    .replace('pts2', '(none)');
  const [document] = documents(`${syscall({ number: EXECVE, ids: unset })}\u001dAUID="unset" UID="unknown(77)"`);
  assert.equal(document?.['user.audit.id'], undefined);
  assert.equal(document?.['auditd.session'], undefined);
  assert.equal(document?.['auditd.summary.actor.primary'], 'unset');
  assert.equal(document?.['user.audit.name'], undefined);
  assert.equal(document?.['user.name'], undefined);
});

test('broken lines say why, and the next goes on', () => {
  const parser = auditdRaw.open();
  const rejects = (line: string, reason: string) => assert.throws(() => parser.line(line), { reason });
  rejects('type=UNKNOWN[1329] msg=?', 'not_this_format');
  rejects('Nov 14 22:13:20 gw1 audit[1]: SYSCALL arch=c000003e syscall=59', 'not_this_format');
  rejects('type=SYSCALL msg=audit(999999999999.000:1): syscall=59', 'time_out_of_range');
  rejects('type=SYSCALL msg=audit(1700000000.125:9): arch=c000003e', 'truncated');
  rejects('type=SYSCALL msg=audit(1700000000.125:9): syscall=59 exe="/usr/b', 'truncated');
  rejects(record('SOCKADDR', 'saddr=02001F900A4D', 9), 'bad_address');
  rejects(record('SOCKADDR', 'saddr=0A0001BB00000000FD00', 9), 'bad_address');
  rejects(record('SOCKADDR', 'saddr=xyz', 9), 'bad_address');
  rejects(`${record('CWD', 'cwd=')}${'A'.repeat(1 << 20)}`, 'too_long');
  assert.deepEqual(parser.line(''), []);
  assert.deepEqual(parser.line('type=UNKNOWN[1334] msg=audit(1700000000.125:9): prog-id=1'), []);
  parser.line(syscall({ number: EXECVE, serial: 9 }));
  assert.equal(parser.line(end(9)).length, 1);
});

test('a file is recognized by most of its first lines', () => {
  assert.equal(auditdRaw.recognizes(`${record('DAEMON_START', 'op=start')}\n${syscall({ number: EXECVE })}\n`), true);
  assert.equal(auditdRaw.recognizes(`node=a ${end()}`), true);
  assert.equal(
    auditdRaw.recognizes(`Nov 14 22:13:20 gw1 sshd[7]: hello\nNov 14 22:13:21 gw1 sshd[7]: bye\n${end()}`),
    false,
  );
  assert.equal(auditdRaw.recognizes(''), false);
  assert.equal(auditdRaw.recognizes('{"ID":"1700000000.125:7"}'), false);
});
