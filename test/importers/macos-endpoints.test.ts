import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EcsDocument } from '../../queries/document.js';
import { eslogger } from '../../server/importers/eslogger.js';
import type { JsonFormat, JsonObject } from '../../server/importers/format.js';
import { jsonFormats } from '../../server/importers/formats.js';
import { jamfComplianceReporter } from '../../server/importers/jamf-compliance-reporter.js';
import { jamfProtect } from '../../server/importers/jamf-protect.js';
import { readSources } from '../../server/importers/read-sources.js';
import { needsData, sharedData } from '../shared-data.js';
import { contactOf, judge, rowsOf } from './judge.js';
import { gather, readText } from './read-text.js';

const TIME = '2026-01-31T12:00:00.436Z';

function documents(format: JsonFormat, record: JsonObject): EcsDocument[] {
  assert.equal(jsonFormats.find((known) => known.recognizes(record))?.name, format.name);
  return format.toDocuments(record);
}
function only(format: JsonFormat, record: JsonObject): EcsDocument {
  const found = documents(format, record);
  assert.equal(found.length, 1);
  return found[0] ?? {};
}

const token = (pid: number, version: number, rest: JsonObject = {}): JsonObject => ({
  pid,
  pidversion: version,
  auid: 501,
  euid: 501,
  ruid: 501,
  ...rest,
});
const nc: JsonObject = {
  audit_token: token(77, 1234),
  parent_audit_token: token(9, 1200),
  ppid: 9,
  executable: { path: '/usr/bin/nc', path_truncated: false },
  signing_id: 'com.apple.nc',
  tty: { path: '/dev/ttys001' },
};
const shell: JsonObject = { ...nc, audit_token: token(77, 1233), executable: { path: '/bin/zsh' } };

const message = (event: JsonObject, rest: JsonObject = {}): JsonObject => ({
  schema_version: 1,
  version: 8,
  time: TIME,
  mach_time: 1,
  event_type: 9,
  action_type: 1,
  process: shell,
  event,
  ...rest,
});
const exec = { exec: { target: nc, args: ['nc', '-zv', '10.1.1.9', '22'], cwd: { path: '/tmp' } } };

test('eslogger: an exec is a launch of what it runs, not of what ran before', () => {
  const document = only(eslogger, message(exec));
  assert.deepEqual(judge(document), ['ECS', 'launch']);
  const [launch] = rowsOf(document).launches;
  assert.deepEqual(
    [launch?.executable, launch?.arguments, launch?.process, launch?.parent, launch?.context, launch?.platform],
    ['/usr/bin/nc', 'nc -zv 10.1.1.9 22', '77-1234', '9-1200', 'interactive', 'macos'],
  );
});

test('eslogger: an exit ends the process; all else is of no interest', () => {
  const exit = only(eslogger, message({ exit: { stat: 0 } }, { process: nc }));
  assert.deepEqual(judge(exit), ['ECS', 'exit']);
  assert.equal(exit['process.entity_id'], '77-1234');
  for (const event of [{ fork: { child: nc } }, { open: {} }, {}]) {
    assert.deepEqual(documents(eslogger, message(event)), []);
  }
  assert.throws(() => documents(eslogger, message(exec, { time: 'now' })), { reason: 'no_time' });
});

test('a process without a terminal, login or known pid', () => {
  const daemon = { ...nc, tty: null, audit_token: { auid: 4_294_967_295, pid: 'x' }, parent_audit_token: null };
  const document = only(eslogger, message({ exec: { target: daemon, args: ['nc', 7, null] } }));
  assert.deepEqual(document['process.args'], ['nc']);
  assert.equal(document['process.pid'], undefined);
  assert.equal(document['process.entity_id'], undefined);
  assert.equal(rowsOf(document).launches[0]?.context, 'daemon');
});

const jamf = (event: JsonObject, rest: JsonObject = {}): JsonObject => {
  const { schema_version, ...base } = message(event, rest);
  assert.ok(schema_version);
  const host = { hostname: 'mac1', ips: ['10.1.1.1'], provisioningUDID: 'UDID-1', protectVersion: '5.5' };
  return { ...base, metadata: { vendor: 'Jamf', product: 'Device Telemetry Stream', schemaVersion: '1.0' }, host };
};

test('Jamf Protect: launches, with the host and the ids that it gives processes', () => {
  const target = { ...nc, audit_token: token(77, 1234, { uuid: 'P-1' }) };
  const document = only(jamfProtect, jamf({ exec: { ...exec.exec, target } }));
  assert.deepEqual(judge(document), ['jamf_protect.telemetry', 'launch']);
  assert.equal(document['process.entity_id'], 'P-1');
  assert.equal(document['host.id'], 'UDID-1');
  assert.deepEqual(
    rowsOf(document).holders.map(({ address }) => address),
    ['10.1.1.1'],
  );
  assert.deepEqual(judge(only(jamfProtect, jamf({ exit: { stat: 1 } }))), ['jamf_protect.telemetry', 'exit']);
});

test('Jamf Protect: a connection is a contact of its instigator, of unknown end', () => {
  const connect = {
    instigator: nc,
    local_endpoint: { host: '10.1.1.1', port: 50_001 },
    remote_endpoint: { host: '10.1.1.9', port: '445' },
    socket_protocol: 6,
    socket_family: 2,
  };
  const contact = contactOf(only(jamfProtect, jamf({ network_connect: connect })));
  assert.deepEqual(
    [contact.destination, contact.port, contact.transport, contact.outcome, contact.platform, contact.is_process],
    ['10.1.1.9', 445, 'tcp', 'unknown', 'macos', true],
  );
  const inbound = only(jamfProtect, jamf({ network_connect: { ...connect, direction: 'inbound' } }));
  assert.deepEqual(judge(inbound), ['jamf_protect.telemetry', 'begun', 'inbound']);
  const unix = only(jamfProtect, jamf({ network_connect: { instigator: nc, socket_family: 1 } }));
  assert.deepEqual(rowsOf(unix).contacts, []);
});

test('a real message of Jamf Protect', needsData, async () => {
  const { documents: found } = await gather(
    readSources([join(sharedData ?? '', 'jamf-protect/telemetry-exec.ndjson')]),
  );
  assert.deepEqual(found.map(judge), [['jamf_protect.telemetry', 'launch']]);
  assert.equal(found[0]?.['process.executable'], '/bin/zsh');
  assert.equal(found[0]?.['process.pid'], 91_306);
});

const record = (event: string, rest: JsonObject): JsonObject => ({
  header: { event_name: event, event_id: 1, time_seconds_epoch: 1_769_860_800, time_milliseconds_offset: 174 },
  host_info: { host_name: 'mac1', host_uuid: 'U-1', osversion: 'Version 10.15' },
  identity: { signer_id: 'com.example.tool' },
  return: { description: 'success', error: 0, return_value: 0 },
  subject: {
    process_id: 77,
    process_name: '/usr/local/bin/tool',
    user_id: 501,
    user_name: 'ann',
    effective_user_id: 501,
    audit_id: 501,
    terminal_id: { ip_address: '0.0.0.0', port: 5033 },
  },
  ...rest,
});

test('Jamf Compliance Reporter: a connect, with the errors of OpenBSM', () => {
  const connect = (error: number, description = 'failure : Connection refused') =>
    only(
      jamfComplianceReporter,
      record('AUE_CONNECT', {
        socket_inet: { family: 2, ip_address: '10.1.1.9', port: 445 },
        return: { error, description, return_value: 4_294_967_295 },
      }),
    );
  const document = connect(146);
  assert.deepEqual(judge(document), ['jamf_compliance_reporter', 'begun', 'refused']);
  assert.equal(document['@timestamp'], '2026-01-31T12:00:00.174Z');
  assert.equal(document['event.outcome'], 'failure');
  const outcomes = [0, 145, 148, 128, 150].map((error) => contactOf(connect(error)).outcome);
  assert.deepEqual(outcomes, ['accepted', 'unanswered', 'unanswered', 'unanswered', 'unknown']);
});

test('Jamf Compliance Reporter: who connects may be known by its signature only; no address, no interest', () => {
  const socket_inet = { ip_address: '10.1.1.9', port: 445 };
  const unnamed = record('AUE_CONNECT', { socket_inet, subject: { process_id: 77, process_name: '' } });
  assert.match(String(contactOf(only(jamfComplianceReporter, unnamed)).subject), /com\.example\.tool/);
  assert.deepEqual(documents(jamfComplianceReporter, record('AUE_CONNECT', { socket_unix: { path: '/x' } })), []);
});

test('Jamf Compliance Reporter: execve, posix_spawn, exit', () => {
  const exec_args = { args: { '2': '-sS', '1': 'nmap', '10': 'z', '3': '10.1.1.0/24' }, args_compiled: '' };
  const execve = only(
    jamfComplianceReporter,
    record('AUE_EXECVE', { exec_args, exec_chain_child: { parent_pid: 9, parent_path: '/bin/zsh' } }),
  );
  assert.deepEqual(judge(execve), ['jamf_compliance_reporter', 'launch']);
  assert.deepEqual(execve['process.args'], ['nmap', '-sS', '10.1.1.0/24', 'z']);
  assert.equal(execve['process.parent.name'], 'zsh');
  const spawn = only(jamfComplianceReporter, record('AUE_POSIX_SPAWN', { exec_args, arguments: { child_PID: 88 } }));
  assert.deepEqual(judge(spawn), ['jamf_compliance_reporter', 'launch']);
  assert.deepEqual(
    [spawn['process.name'], spawn['process.pid'], spawn['process.parent.pid'], spawn['process.parent.name']],
    ['nmap', 88, 77, 'tool'],
  );
  const failed = { return: { description: 'failure : No such file', error: 2 } };
  assert.deepEqual(judge(only(jamfComplianceReporter, record('AUE_EXECVE', { exec_args, ...failed }))), [
    'jamf_compliance_reporter',
  ]);
  assert.deepEqual(judge(only(jamfComplianceReporter, record('AUE_EXIT', {}))), ['jamf_compliance_reporter', 'exit']);
  assert.deepEqual(documents(jamfComplianceReporter, record('AUE_BIND', {})), []);
  assert.throws(
    () => documents(jamfComplianceReporter, { ...record('AUE_EXIT', {}), header: { event_name: 'AUE_EXIT' } }),
    {
      reason: 'no_time',
    },
  );
});

test('as Elastic indexes it a connect has no address and a spawn no program: quiet', () => {
  const indexed = (action: string, fields: EcsDocument = {}): EcsDocument => ({
    '@timestamp': TIME,
    'data_stream.dataset': 'jamf_compliance_reporter.log',
    'event.action': action,
    'event.outcome': 'success',
    'process.name': '/sbin/launchd',
    ...fields,
  });
  assert.deepEqual(judge(indexed('aue_connect')), ['jamf_compliance_reporter']);
  assert.deepEqual(judge(indexed('aue_posix_spawn')), ['jamf_compliance_reporter']);
  assert.deepEqual(judge(indexed('aue_execve')), ['jamf_compliance_reporter', 'launch']);
});

const SANTA = `[${TIME}] I santad: action=`;
const who = 'pid=77|pidversion=1234|ppid=9|uid=501|user=ann|gid=20|group=staff';

test('Santa: what it let run, what ended, and no more', async () => {
  const {
    documents: found,
    rejected,
    results,
  } = await readText(
    [
      `${SANTA}EXEC|decision=ALLOW|reason=CERT|sha256=ab|${who}|mode=M|path=/usr/bin/nc|args=nc -zv 10.1.1.9 a=b|c`,
      `${SANTA}EXEC|decision=DENY|reason=BINARY|sha256=ab|${who}|mode=L|path=/tmp/scan|args=scan`,
      `${SANTA}EXIT|${who}`,
      `${SANTA}FORK|${who}`,
      `${SANTA}DISKAPPEAR|mount=|volume=x`,
      `[${TIME}] I santad: Configuration changed`,
      'noise',
    ].join('\n'),
  );
  assert.deepEqual(results[0]?.formats, ['Santa']);
  assert.deepEqual(found.map(judge), [['santa', 'launch'], ['santa'], ['santa', 'exit']]);
  assert.deepEqual(found[0]?.['process.args'], ['nc', '-zv', '10.1.1.9', 'a=b|c']);
  const [launch] = rowsOf(found[0] ?? {}).launches;
  assert.deepEqual([launch?.process, launch?.platform, launch?.user], ['77-1234', 'macos', 'ann']);
  assert.deepEqual(
    rejected.map(({ line, reason }) => [line, reason]),
    [[7, 'not_this_format']],
  );
});

test('documents of Elastic’s integrations for macOS are owned', needsData, async () => {
  const names = ['jamf_compliance_reporter.log', 'santa.log'];
  const { documents: found } = await gather(
    readSources(names.map((name) => join(sharedData ?? '', `elastic-packages/${name}.json`))),
  );
  assert.deepEqual(found.map(judge), [['jamf_compliance_reporter'], ['santa']]);
});
