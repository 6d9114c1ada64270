import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { JsonObject } from '../../server/importers/format.js';
import { osqueryResults } from '../../server/importers/osquery.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { contactOf, judge, rowsOf } from './judge.js';
import { gather } from './read-text.js';

const line = (columns: JsonObject, rest: JsonObject = {}): JsonObject => ({
  name: 'pack_ours_any',
  hostIdentifier: 'host1.example.test',
  calendarTime: 'Sat Jan 31 12:00:09 2026 UTC',
  unixTime: 1_769_860_809,
  epoch: 0,
  counter: 3,
  decorations: { host_uuid: 'AB-1', username: 'ann' },
  columns,
  action: 'added',
  ...rest,
});

const documents = (record: JsonObject) => {
  assert.ok(osqueryResults.recognizes(record));
  return osqueryResults.toDocuments(record);
};
const only = (columns: JsonObject, rest: JsonObject = {}) => {
  const found = documents(line(columns, rest));
  assert.equal(found.length, 1);
  return found[0] ?? {};
};

const socket = {
  action: 'connect',
  pid: '77',
  path: '/usr/bin/nc',
  auid: '1000',
  status: 'failed',
  family: '2',
  local_address: '',
  local_port: '0',
  remote_address: '10.1.1.9',
  remote_port: '445',
  time: '1769860801',
};

test('socket_events: a connect is a contact, with the outcome that Linux tells', () => {
  const outcome = (status: string) => contactOf(only({ ...socket, status })).outcome;
  assert.deepEqual(['failed', 'in_progress', 'succeeded', ''].map(outcome), [
    'refused',
    'unknown',
    'accepted',
    'unknown',
  ]);
  const document = only(socket);
  assert.deepEqual(judge(document), ['osquery', 'begun', 'refused']);
  assert.equal(document['@timestamp'], '2026-01-31T12:00:01.000Z');
  assert.equal(document['host.id'], 'AB-1');
  assert.equal(document['user.name'], undefined, 'who is logged in is not whose process it is');
  const contact = contactOf(document);
  assert.deepEqual(
    [
      String(contact.subject).includes('/usr/bin/nc'),
      contact.destination,
      contact.port,
      contact.platform,
      contact.context,
    ],
    [true, '10.1.1.9', 445, 'linux', 'interactive'],
  );
});

test('socket_events of macOS have no status, so no outcome', () => {
  const { status, ...columns } = socket;
  const document = only({ ...columns, path: '/Users/ann/nc', family: '30', remote_address: 'fe80::1' });
  assert.deepEqual(judge(document), ['osquery', 'begun']);
  assert.equal(document['host.os.type'], 'macos');
  assert.equal(status, 'failed');
});

test('bpf_socket_events: errors are printed as unsigned numbers', () => {
  const bpf = { ...socket, action: undefined, status: undefined, syscall: 'connect', type: '1', protocol: '0' };
  const outcome = (exit_code: string) => contactOf(only({ ...bpf, exit_code })).outcome;
  assert.deepEqual(
    ['0', '-111', '18446744073709551505', '18446744073709551506', '18446744073709551503', '-115'].map(outcome),
    ['accepted', 'refused', 'refused', 'unanswered', 'unanswered', 'unknown'],
  );
  assert.equal(contactOf(only({ ...bpf, exit_code: '0' })).transport, 'tcp');
  const accepted = { ...bpf, syscall: 'accept4', exit_code: '5', local_address: '10.1.1.1', local_port: '22' };
  const inbound = contactOf(only(accepted));
  assert.deepEqual([inbound.is_process, inbound.source, inbound.port], [false, '10.1.1.9', 22]);
});

test('no contact: listening, unix sockets, routes, states, what went away', () => {
  for (const columns of [
    { ...socket, action: 'bind' },
    { ...socket, action: 'listen' },
    { ...socket, remote_address: '' },
    { ...socket, remote_address: '0' },
    { pid: '1', path: '/bin/a', remote_address: '10.1.1.9', remote_port: '445', state: 'ESTABLISHED' },
  ])
    assert.deepEqual(documents(line(columns)), []);
  assert.deepEqual(documents(line(socket, { action: 'removed' })), []);
  assert.deepEqual(rowsOf(only({ ...socket, remote_port: '0' })).contacts, []);
  assert.equal(rowsOf(only({ ...socket, action: 'accept' })).contacts.length, 0, 'whose address the row lacks');
});

const process = { pid: '77', path: '/usr/bin/nc', cmdline: 'nc -zv 10.1.1.9 445', parent: '9', uid: '1000' };

test('process_events: what was executed is a launch, a fork is none', () => {
  const launch = only({ ...process, time: '1769860801', cwd: '/tmp', auid: '4294967295' });
  assert.deepEqual(judge(launch), ['osquery', 'launch']);
  const [row] = rowsOf(launch).launches;
  assert.deepEqual([row?.arguments, row?.parent, row?.context], ['nc -zv 10.1.1.9 445', 'pid:9', 'daemon']);
  for (const syscall of ['execve', 'execveat']) assert.deepEqual(judge(only({ ...process, syscall })).at(-1), 'launch');
  for (const syscall of ['fork', 'vfork', 'clone']) assert.deepEqual(documents(line({ ...process, syscall })), []);
  assert.deepEqual(judge(only(process, { name: 'pack_x_process_events' })).at(-1), 'launch');
  assert.deepEqual(documents(line(process)), [], 'processes: a state');
  assert.deepEqual(documents(line({ ...process, time: '1769860801', start_time: '1' })), []);
});

test('bpf_process_events and es_process_events', () => {
  const bpf = { ...process, syscall: 'execve', exit_code: '0', json_cmdline: '["nc","-zv","10.1.1.9","4 45"]' };
  assert.deepEqual(only(bpf)['process.args'], ['nc', '-zv', '10.1.1.9', '4 45']);
  assert.equal(only(bpf)['host.os.type'], 'linux');
  assert.deepEqual(documents(line({ ...bpf, exit_code: '18446744073709551614' })), [], 'nothing was executed');
  const es = { ...process, event_type: 'exec', signing_id: 'com.example.nc', username: 'ann', exit_code: '' };
  assert.deepEqual(judge(only(es)), ['osquery', 'launch']);
  assert.equal(only(es)['host.os.type'], 'macos');
  assert.equal(only(es)['user.name'], 'ann');
  assert.deepEqual(judge(only({ ...es, event_type: 'exit', exit_code: '1' })), ['osquery', 'exit']);
  assert.deepEqual(documents(line({ ...es, event_type: 'fork' })), []);
});

test('snapshots and batches hold many rows', () => {
  const { columns, action, ...rest } = line(socket);
  assert.ok(columns && action);
  const rows = [socket, { ...socket, remote_port: '22' }, { ...socket, action: 'bind' }];
  assert.equal(documents({ ...rest, snapshot: rows, action: 'snapshot' }).length, 2);
  assert.equal(documents({ ...rest, diffResults: { added: rows, removed: rows } }).length, 2);
});

test('the system: as decorated, else by what only one has', () => {
  const { status, ...plain } = socket;
  assert.ok(status);
  const system = (columns: JsonObject, decorations: JsonObject = {}) => only(columns, { decorations })['host.os.type'];
  assert.equal(system(plain), undefined);
  assert.equal(system(plain, { platform: 'darwin' }), 'macos');
  assert.equal(system(socket, { platform: 'ubuntu' }), 'linux');
  assert.equal(system({ ...plain, path: '/Applications/x' }), 'macos');
});

test('broken and hostile rows', () => {
  assert.throws(() => documents(line({ ...socket, time: 'soon' }, { unixTime: 'later' })), { reason: 'no_time' });
  assert.throws(() => documents(line({ ...socket, time: '999999999999999' })), { reason: 'no_time' });
  assert.throws(() => contactOf(only({ ...socket, remote_port: 'ssh' })), { reason: 'bad_port' });
  assert.throws(() => contactOf(only({ ...socket, remote_address: 'x' })), { reason: 'bad_address' });
  for (const columns of [null, [], 'x', { action: {} }, { action: 'connect', remote_address: {} }])
    assert.deepEqual(documents({ ...line({}), columns }), []);
  const polluted = JSON.parse('{"__proto__":{"action":"connect"},"remote_address":"10.1.1.9"}');
  assert.deepEqual(documents(line(polluted)), []);
});

test('real results of a Mac: no event tables, so nothing', needsData, async () => {
  const { documents: found, results } = await gather(
    readSources([join(sharedData ?? '', 'beats/osqueryd.results.darwin.log')]),
  );
  assert.deepEqual(found, []);
  assert.deepEqual([results[0]?.records, results[0]?.ignored, results[0]?.rejected], [1652, 1652, {}]);
});

test('as Elastic indexes it a row has no ECS fields: owned, and quiet', needsData, async () => {
  const { documents: found } = await gather(
    readSources([join(sharedData ?? '', 'elastic-packages/osquery.result.json')]),
  );
  assert.deepEqual(found.map(judge), [['osquery']]);
});
