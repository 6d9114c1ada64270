import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Rejected } from '../../server/importers/format.js';
import { iptablesJournal, iptablesSyslog } from '../../server/importers/iptables.js';
import { contactsOf, documentsIn, documentsOf } from './judge.js';

const format = iptablesSyslog(() => Date.UTC(2026, 1, 3, 12));
const isRejected = (reason: string) => (error: unknown) => error instanceof Rejected && error.reason === reason;

const packet = (rest: string, prefix = 'DROP ') =>
  `${prefix}IN=eth0 OUT= MAC=00:11 SRC=10.1.0.7 DST=10.1.0.9 LEN=60 TTL=64 ID=7 DF ${rest}`;
const tcp = (flags: string, prefix?: string, ports = 'SPT=40001 DPT=22') =>
  packet(`PROTO=TCP ${ports} WINDOW=1024 RES=0x00 ${flags} URGP=0 `, prefix);
const line = (message: string, time = 'Feb  3 04:05:06') => `${time} gw1 kernel: [ 123.456789] ${message}`;
const of = (message: string) => contactsOf(documentsIn(format, line(message)));
const outcome = (prefix: string) => of(tcp('SYN', prefix))[0]?.split(' ')[1];

test('a SYN is an attempt; segments of connections, answers and errors are none', () => {
  assert.deepEqual(of(tcp('SYN')), ['10.1.0.7>10.1.0.9:22/tcp unanswered']);
  for (const flags of ['ACK SYN', 'ACK', 'ACK PSH', 'ACK FIN', 'RST', 'ACK RST']) assert.deepEqual(of(tcp(flags)), []);
  assert.equal(of(tcp('URG PSH FIN')).length, 1, 'an Xmas probe');
  assert.equal(of(packet('PROTO=UDP SPT=40001 DPT=161 LEN=40')).length, 1);
  assert.deepEqual(of(packet('PROTO=UDP SPT=161 DPT=40001 LEN=40')), []);
  assert.deepEqual(of(packet('PROTO=ICMP TYPE=8 CODE=0 ID=1 SEQ=1')), ['10.1.0.7>10.1.0.9:/icmp unanswered']);
  const answered = '[SRC=10.1.0.9 DST=10.1.0.7 LEN=40 PROTO=UDP SPT=1 DPT=2 ]';
  assert.deepEqual(of(packet(`PROTO=ICMP TYPE=3 CODE=3 ${answered}`)), []);
});

test('the outcome is what the rule’s prefix says, in whatever words', () => {
  for (const prefix of [
    '[UFW BLOCK] ',
    'DROP',
    'iptables DROP_INPUT: ',
    'in-drop: ',
    'FW denied: ',
    '[wan-lan-default-D]',
  ])
    assert.equal(outcome(prefix), 'unanswered', prefix);
  for (const prefix of ['REJECT ', 'input_reject: ', '[wan-lan-7-R]']) assert.equal(outcome(prefix), 'refused', prefix);
  for (const prefix of ['[UFW ALLOW] ', 'ACCEPT ', '', 'new ssh: ', '[UFW AUDIT] '])
    assert.equal(outcome(prefix), 'unknown', prefix);
  const [bridged] = documentsIn(format, line(tcp('SYN').replace('OUT= ', 'OUT=br0 PHYSIN=eth1 ')));
  assert.equal(bridged?.['iptables.input_device'], 'eth0');
  assert.equal(documentsIn(format, line(tcp('SYN', 'iptables DROP_INPUT: ')))[0]?.['event.action'], 'drop_input');
});

test('IPv6, and a sweep over IPv6 neighbours that is none', () => {
  const six = 'DROP IN=eth0 OUT= SRC=fd00::7 DST=fd00::9 LEN=72 TC=0 HOPLIMIT=64 FLOWLBL=0 ';
  assert.deepEqual(of(`${six}PROTO=TCP SPT=40001 DPT=80 WINDOW=1 RES=0x00 SYN URGP=0`), [
    'fd00::7>fd00::9:80/tcp unanswered',
  ]);
  assert.deepEqual(of(`${six}PROTO=ICMPv6 TYPE=128 CODE=0`), ['fd00::7>fd00::9:/icmp unanswered']);
  assert.deepEqual(of(`${six}PROTO=ICMPv6 TYPE=136 CODE=0`), []);
});

test('times: the newest year that is not in the future; the one told where it is told', () => {
  const at = (time: string) => documentsIn(format, line(tcp('SYN'), time))[0]?.['@timestamp'];
  assert.equal(at('Feb  3 04:05:06'), '2026-02-03T04:05:06.000Z');
  assert.equal(at('Feb  4 04:05:06'), '2026-02-04T04:05:06.000Z', 'a zone ahead of UTC');
  assert.equal(at('Dec 31 23:59:59'), '2025-12-31T23:59:59.000Z');
  assert.equal(at('Feb 29 00:00:00'), '2024-02-29T00:00:00.000Z');
  assert.equal(at('2019-02-03T04:05:06.123456+01:00'), '2019-02-03T03:05:06.123456Z');
  assert.equal(at('<4>1 2019-02-03T04:05:06.1Z'), '2019-02-03T04:05:06.100Z');
  assert.equal(documentsIn(format, line(tcp('SYN')))[0]?.['observer.name'], 'gw1');
});

test('other lines of the file are of no interest, broken packets are rejected', () => {
  const text = ['Feb  3 04:05:06 gw1 sshd[7]: Accepted publickey', line(tcp('SYN'))].join('\n');
  assert.equal(documentsIn(format, text).length, 1);
  const parser = format.open();
  assert.throws(() => parser.line(line(tcp('SYN')).replace('10.1.0.9', 'x')), isRejected('bad_address'));
  assert.throws(() => parser.line(line(tcp('SYN', '', 'SPT=1 DPT=70000'))), isRejected('bad_port'));
  assert.throws(() => parser.line(tcp('SYN')), isRejected('no_time'));
  assert.equal(format.recognizes(tcp('SYN')), false);
  assert.equal(format.recognizes('an ordinary log\nof something else'), false);
});

test('the journal', () => {
  const record = { MESSAGE: tcp('SYN', '[UFW BLOCK] '), __REALTIME_TIMESTAMP: '1770091506123456', _HOSTNAME: 'gw1' };
  const [document] = documentsOf(iptablesJournal, record);
  assert.equal(document?.['@timestamp'], '2026-02-03T04:05:06.123456Z');
  assert.deepEqual(contactsOf([document ?? {}]), ['10.1.0.7>10.1.0.9:22/tcp unanswered']);
  assert.equal(iptablesJournal.recognizes({ MESSAGE: 'Started a service', __REALTIME_TIMESTAMP: '1' }), false);
  assert.equal(iptablesJournal.recognizes({ MESSAGE: [73, 78] }), false);
});
