import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import type { Filter } from '../../queries/filter.js';
import { auditd } from '../../queries/integrations/auditd.js';
import { matches } from '../../queries/matches.js';

const contact = auditd.contact!;
const is = (filter: Filter | undefined, document: EcsDocument): boolean => matches(filter!, document);

/** As Auditbeat and auditd_manager index it: nested, names instead of numbers. */
const auditbeat = (data: EcsDocument, rest: EcsDocument = {}): EcsDocument => ({
  event: { module: 'auditd', action: 'connected-to', category: ['network'] },
  auditd: { result: 'success', message_type: 'syscall', data: { a0: '3', a1: '7ffd', tty: 'pts0', ...data } },
  network: { direction: 'egress' },
  ...rest,
});
const connect = (exit: string, port: unknown = 445) =>
  auditbeat({ syscall: 'connect', exit }, { destination: { ip: '10.0.0.1', port } });

/** As the auditd integration indexes one line of a raw log. */
const line = (log: EcsDocument, architecture = 'x86_64'): EcsDocument => ({
  event: { dataset: 'auditd.log', action: 'syscall' },
  host: { architecture },
  auditd: { log: { success: true, a0: '2', a1: '1', ...log } },
});

test('the documents of all agents are its own', () => {
  assert.equal(is(auditd.documents, connect('0')), true);
  assert.equal(is(auditd.documents, { event: { dataset: 'auditd_manager.auditd' } }), true);
  assert.equal(is(auditd.documents, line({ syscall: '59' })), true);
  assert.equal(is(auditd.documents, { event: { module: 'system', dataset: 'socket' } }), false);
});

test('a contact is a connect to a port of a host', () => {
  assert.equal(is(contact.begun, connect('EINPROGRESS')), true);
  assert.equal(is(contact.begun, connect('0', '445')), true);
  assert.equal(is(contact.begun, connect('0', 0)), false, 'port 0: a route is asked for, nothing is sent');
  assert.equal(is(contact.begun, connect('0', '0')), false);
  assert.equal(
    is(contact.begun, auditbeat({ syscall: 'connect' }, { destination: { path: '/run/nscd/socket' } })),
    false,
  );
  assert.equal(
    is(contact.begun, auditbeat({ syscall: 'sendto' }, { destination: { ip: '10.0.0.1', port: 1 } })),
    false,
  );
});

test('outcomes, by name or by number', () => {
  const outcome = (exit: string) =>
    (['refused', 'unanswered', 'accepted'] as const).find((name) => is(contact[name], connect(exit))) ?? 'unknown';
  for (const exit of ['ECONNREFUSED', '-111']) assert.equal(outcome(exit), 'refused');
  for (const exit of ['ETIMEDOUT', '-110', 'EHOSTUNREACH', '-113', 'ENETUNREACH', '-101']) {
    assert.equal(outcome(exit), 'unanswered');
  }
  assert.equal(outcome('0'), 'accepted');
  for (const exit of ['EINPROGRESS', '-115', 'EACCES', '-13']) assert.equal(outcome(exit), 'unknown');
});

test('launches that succeeded', () => {
  const launch = (syscall: string, result = 'success') => {
    const document = auditbeat({ syscall, exit: '0' });
    return is(auditd.launch, { ...document, auditd: { ...(document.auditd as EcsDocument), result } });
  };
  assert.equal(launch('execve'), true);
  assert.equal(launch('execveat'), true);
  assert.equal(launch('execve', 'fail'), false);
  assert.equal(launch('clone'), false);
});

test('single lines of raw logs: launches, raw sockets and ends, by name or by number', () => {
  assert.equal(is(auditd.launch, line({ syscall: '59' })), true);
  assert.equal(is(auditd.launch, line({ syscall: '221' }, 'aarch64')), true);
  assert.equal(is(auditd.launch, line({ syscall: '59' }, 'aarch64')), false);
  assert.equal(is(auditd.launch, line({ syscall: '221', SYSCALL: 'execve' }, 'riscv64')), true);
  assert.equal(is(auditd.launch, line({ syscall: '59', success: false })), false);
  assert.equal(is(auditd.rawSocket, line({ syscall: '41', a1: '3' })), true);
  assert.equal(is(auditd.rawSocket, line({ syscall: '41', a0: '11' })), true);
  assert.equal(is(auditd.rawSocket, line({ syscall: '41' })), false);
  assert.equal(is(auditd.exit, line({ syscall: '231' })), true);
  assert.equal(is(contact.begun, line({ syscall: '42' })), false);
});
